import { type Directory, type DirectoryProvider, type DirectoryResource, isSameId } from '../directory';
import { exactQuery } from '../matching';

/** What an id, an email or an external id names. */
export type Known = DirectoryResource | DirectoryProvider;

/** Maximum number of users, and of groups, of one identity provider that are named by the same text. */
const mostOfProvider = 10;

/**
 * The loaded users and groups that have this id, email or external id, and the identity provider that has this id, in all accounts. From memory:
 * nothing is requested.
 */
export function knownBy(text: string, { accounts }: Pick<Directory, 'accounts'>): Known[] {
  const providers = accounts.flatMap((account) => account.providers ?? []);
  return [
    ...providers.filter((provider) => isSameId(provider.reference.identityProviderId, text)),
    ...providers.flatMap((provider) =>
      (['user', 'group'] as const).flatMap((kind) =>
        provider
          .match(exactQuery(text, kind), mostOfProvider)
          .map(({ decode }) => decode())
          .filter((resource) => isNamedBy(resource, text)),
      ),
    ),
  ];
}

/** The index compares without accents and case, and names as well. An email counts in upper or lower case. */
function isNamedBy({ data }: DirectoryResource, text: string): boolean {
  const emails = 'emails' in data ? data.emails : [];
  return (
    isSameId(data.id, text) ||
    isSameId(data.externalId, text) ||
    emails.some(({ value }) => value?.toLowerCase() === text.toLowerCase())
  );
}
