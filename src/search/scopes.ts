import type { Directory, DirectoryProvider, Scope } from '../directory';

/** Where one may search: everywhere, in each account where there are several, in each identity provider with SCIM. */
export function scopes({ accounts }: Directory): Scope[] {
  return [
    undefined,
    ...accounts.flatMap((account): Scope[] => [
      ...(accounts.length > 1 ? [account] : []),
      ...(account.providers ?? []).filter(({ identityProvider }) => identityProvider.scimEnabled),
    ]),
  ];
}

export function isInScope(scope: Scope, provider: DirectoryProvider): boolean {
  return (
    scope === undefined || scope === provider || ('providers' in scope && scope.id === provider.reference.accountId)
  );
}
