import type { ScimFilter } from '../cloudflare';
import { type Directory, type DirectoryProvider, type DirectoryResource, isSameId, isWholeList } from '../directory';
import { exactQuery, identitiesIn, type ScimKind } from '../matching';

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

/** What the server was asked: what it found, and why some identity providers or accounts could not be asked. */
export interface Asked {
  readonly found: readonly DirectoryResource[];
  readonly errors: readonly unknown[];
}

/**
 * Asks the server of every identity provider with SCIM for the users and groups that have this id, email or external id: at most four requests
 * for each, and none where all is loaded. Throws if the signal aborts.
 */
export async function askFor(text: string, directory: Directory, signal: AbortSignal): Promise<Asked> {
  const errors: unknown[] = [];
  const accounts = await directory.ensureAccounts();
  await Promise.all(accounts.map((account) => account.ensureProviders()));
  errors.push(...accounts.flatMap(({ failure }) => failure ?? []));
  const providers = accounts
    .flatMap(({ providers: all = [] }) => all)
    .filter((one) => one.identityProvider.scimEnabled);

  const found = await Promise.all(
    providers.map(async (provider) => {
      for (const filters of filtersFor(text)) {
        const asked = filters.filter(({ kind }) => !isWholeList(provider.list(kind).coverage));
        const answers = await Promise.allSettled(
          asked.map(({ kind, filter }) => provider.find(kind, filter, { signal })),
        );
        signal.throwIfAborted();
        errors.push(...answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason as unknown] : [])));
        // A server may ignore a filter.
        const named = answers
          .flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
          .filter((resource) => isNamedBy(resource, text));
        if (named.length > 0) {
          return named;
        }
      }
      return [];
    }),
  );
  return { found: found.flat(), errors };
}

interface KindFilter {
  readonly kind: ScimKind;
  readonly filter: ScimFilter;
}

/** The filters for a text, in groups: the next group is asked only where the one before found nothing. */
function filtersFor(text: string): KindFilter[][] {
  const [identity] = identitiesIn(text);
  const byExternalId: KindFilter[] = (['user', 'group'] as const).map((kind) => ({
    kind,
    filter: { idp_resource_id: text },
  }));
  switch (identity?.kind) {
    case 'email':
      return [[{ kind: 'user', filter: { email: text } }]];
    case 'uuid':
      // Cloudflare's ids first, since most ids are.
      return [(['user', 'group'] as const).map((kind) => ({ kind, filter: { cf_resource_id: text } })), byExternalId];
    case 'oktaId':
      return [byExternalId.filter(({ kind }) => kind === (text.startsWith('00g') ? 'group' : 'user'))];
    case undefined:
      return [byExternalId];
  }
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
