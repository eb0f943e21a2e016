import type { Directory, DirectoryAccount, DirectoryProvider } from '../directory';
import { foldField, type Query } from '../matching';

/** What to search: everything, one account, or one identity provider. */
export type Scope = DirectoryAccount | DirectoryProvider | undefined;

export function isInScope(provider: DirectoryProvider, scope: Scope): boolean {
  return scope === undefined || scope === provider || scope === provider.account;
}

/** Whether a search looks at an identity provider: it has SCIM, is in the scope, and matches the `idp:` words of the query. */
export function isSearched(provider: DirectoryProvider, query: Query, scope: Scope): boolean {
  const { name, type, scimEnabled } = provider.identityProvider;
  const texts = query.providers.length === 0 ? [] : [foldField(name), foldField(type)];
  const isNamed = query.providers.every((wanted) => texts.some((text) => text.includes(wanted)));
  return scimEnabled && isNamed && isInScope(provider, scope);
}

/** The identity providers that a search looks at, of the accounts whose identity providers have been read. */
export function searchedProviders(directory: Directory, query: Query, scope: Scope): DirectoryProvider[] {
  return directory.accounts.flatMap(({ providers = [] }) =>
    providers.filter((provider) => isSearched(provider, query, scope)),
  );
}
