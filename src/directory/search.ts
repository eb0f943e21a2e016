import { setTimeout } from 'node:timers/promises';
import { untilAborted } from '../cloudflare/abort';
import type { ScimUserFilter } from '../cloudflare/api';
import type { ScimUser } from '../cloudflare/schemas';
import type { DirectoryAccount, DirectoryProvider } from './account';
import type { Directory } from './directory';
import { AccountUnusableError } from './errors';
import { DirectoryUser } from './user';

export interface FoundRow {
  readonly user: DirectoryUser;
  /** The server found it by username, which no answer shows. */
  readonly matchedByUsername: boolean;
}

/**
 * One piece of an answer: what one source has to say about one identity provider. `loaded` are the users read so far,
 * `server` is the API. An account whose identity providers could not be read fails without a provider.
 */
export type SearchUpdate = { readonly source: 'loaded' | 'server'; readonly account: DirectoryAccount } & (
  | { readonly provider: DirectoryProvider; readonly rows: readonly FoundRow[] }
  | { readonly provider: DirectoryProvider | undefined; readonly error: unknown }
);

export interface SearchOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds between the local answer and the first request, so that typing on costs nothing. */
  readonly serverDelayMs?: number;
}

/** Characters; shorter texts are not sent to the server. */
export const minServerQueryLength = 2;

/** Whether a text is searched for on the server, too. */
export function isLongEnough(text: string): boolean {
  return Array.from(text.trim()).length >= minServerQueryLength;
}

/** Rows of one identity provider at most, from each source. */
const maxRows = 100;

/**
 * Finds users across all identity providers with SCIM: first, at once, among those that were read; then on the server, each
 * update as it comes. Ends when every provider has answered, or when the signal aborts.
 */
export async function* search(
  directory: Directory,
  text: string,
  { signal, serverDelayMs = 0 }: SearchOptions = {},
): AsyncGenerator<SearchUpdate, void, undefined> {
  const query = text.trim();
  if (query === '') {
    return;
  }
  yield* searchLoaded(directory, query);
  if (!isLongEnough(query)) {
    return;
  }
  await pause(serverDelayMs, signal);
  const accounts = await directory.ensureAccounts();
  yield* merge(accounts.map((account) => searchAccount(account, query, signal)));
}

/** A plain scan over the users read so far: any part of name, emails and ids, upper and lower case alike. */
function* searchLoaded(directory: Directory, query: string): Generator<SearchUpdate> {
  for (const account of directory.accounts) {
    for (const provider of account.providers ?? []) {
      const rows: FoundRow[] = [];
      const { users } = provider;
      for (let i = 0; i < users.count && rows.length < maxRows; i++) {
        const user = users.user(i);
        if (showsText(user, query)) {
          rows.push({ user: new DirectoryUser(provider, user, users.place(i)), matchedByUsername: false });
        }
      }
      if (users.count > 0) {
        yield { source: 'loaded', account, provider, rows };
      }
    }
  }
}

async function* searchAccount(
  account: DirectoryAccount,
  query: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<SearchUpdate> {
  if (account.unusable) {
    const error = new AccountUnusableError(account.unusable);
    yield { source: 'server', account, provider: undefined, error };
    return;
  }
  if (account.providers === undefined) {
    await untilAborted(account.loadProviders(), signal);
  }
  if (account.providers === undefined) {
    yield { source: 'server', account, provider: undefined, error: account.error };
    return;
  }
  const providers = account.providers.filter(({ identityProvider }) => identityProvider.scimEnabled);
  yield* merge(providers.map((provider) => searchProvider(account, provider, query, signal)));
}

async function* searchProvider(
  account: DirectoryAccount,
  provider: DirectoryProvider,
  query: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<SearchUpdate> {
  try {
    const rows = await askServer(provider, query, signal);
    yield { source: 'server', account, provider, rows };
  } catch (error) {
    signal?.throwIfAborted();
    yield { source: 'server', account, provider, error };
  }
}

/** What a text is compared with on the server. */
export type ServerField = 'email' | 'username' | 'name' | 'cf_resource_id' | 'idp_resource_id';

/**
 * What a text may be, and so is compared with: a UUID is Cloudflare's id, else the provider's; a text with a space is a name, or a
 * username; one word is an email, a username or an external id. The server compares whole fields [unknown: whether parts, too].
 */
export function serverFields(text: string): readonly ServerField[] {
  const query = text.trim();
  if (isUuid(query)) {
    return ['cf_resource_id', 'idp_resource_id'];
  }
  return /\s/.test(query) ? ['name', 'username'] : ['email', 'username', 'idp_resource_id'];
}

/** More matches by username than this, none of which shows the text, come from a server that ignores the filter. */
const maxUnseenMatches = 5;

async function askServer(
  provider: DirectoryProvider,
  query: string,
  signal: AbortSignal | undefined,
): Promise<FoundRow[]> {
  const ask = async (field: ServerField): Promise<FoundRow[]> => {
    const found = await provider.find({ [field]: query } as ScimUserFilter, { signal });
    const rows = found.map(({ user }) => ({
      user: new DirectoryUser(provider, user),
      matchedByUsername: !showsText(user, query),
    }));
    // A server that ignores a filter answers with everyone; only a match by username is one that cannot be seen.
    const unseen = rows.filter(({ matchedByUsername }) => matchedByUsername);
    const trusted = field === 'username' && unseen.length <= maxUnseenMatches;
    return trusted ? rows : rows.filter(({ matchedByUsername }) => !matchedByUsername);
  };

  const fields = serverFields(query);
  if (fields[0] === 'cf_resource_id') {
    const byId = await ask('cf_resource_id');
    return byId.length > 0 ? byId : ask('idp_resource_id');
  }
  const answers = await Promise.all(fields.map(ask));
  return withoutDoubles(answers.flat());
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(text);
}

/** Whether a text stands in anything that is shown of a user. */
function showsText(user: ScimUser, query: string): boolean {
  const wanted = query.toLowerCase();
  const fields = [user.displayName, user.id, user.externalId, ...user.emails.map(({ value }) => value)];
  return fields.some((field) => field?.toLowerCase().includes(wanted));
}

function withoutDoubles(rows: readonly FoundRow[]): FoundRow[] {
  const ids = new Set<string>();
  return rows.filter(
    ({
      user: {
        user: { id },
      },
    }) => {
      const isNew = id === undefined || !ids.has(id);
      ids.add(id ?? '');
      return isNew;
    },
  );
}

/** The values of several iterables, each as soon as it is there. */
async function* merge<T>(sources: readonly AsyncGenerator<T>[]): AsyncGenerator<T> {
  const next = (source: AsyncGenerator<T>) => {
    const step = source.next().then((result) => ({ source, result }));
    // It may fail while nobody waits for it, by the abort that made its consumer leave; whoever waits is still told.
    step.catch(() => undefined);
    return step;
  };
  const waiting = new Map(sources.map((source) => [source, next(source)]));
  while (waiting.size > 0) {
    const { source, result } = await Promise.race(waiting.values());
    if (result.done) {
      waiting.delete(source);
    } else {
      waiting.set(source, next(source));
      yield result.value;
    }
  }
}

/** Resolves after a time, or rejects with the signal's reason as soon as that is aborted. */
async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  if (milliseconds > 0) {
    await untilAborted(setTimeout(milliseconds, undefined, signal && { signal }), signal);
  }
}
