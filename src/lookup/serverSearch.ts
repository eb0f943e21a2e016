import { type Clock, type ScimUserFilter, sleep, systemClock, untilAborted } from '../cloudflare';
import {
  type Directory,
  type DirectoryAccount,
  type DirectoryProvider,
  type DirectoryUser,
  isWholeList,
} from '../directory';
import { type Query, rankOf, ranks, type Term } from '../matching';
import { merge } from './merge';
import { isSearched, type Scope } from './scope';
import { isLongEnough, mostQuestions, type ServerField, type ServerPlan, type ServerQuestion } from './serverPlan';

export interface FoundRow {
  readonly user: DirectoryUser;
  /** The server found the user by username, which is not in its answers. */
  readonly matchedByUsername: boolean;
}

/** The server's answer for one identity provider. `provider` is undefined if the account's identity providers could not be read. */
export type ServerUpdate = { readonly account: DirectoryAccount } & (
  | { readonly provider: DirectoryProvider; readonly rows: readonly FoundRow[] }
  | { readonly provider: DirectoryProvider | undefined; readonly error: unknown }
);

export interface ServerSearchOptions {
  readonly scope?: Scope;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds before the first request, so that typing on costs nothing. */
  readonly delayMs?: number;
  readonly clock?: Clock;
}

/**
 * Asks the server of every identity provider in the scope, each update as it comes. Ends when every one has answered, or when the signal
 * aborts. A directory that was loaded as a whole is asked only for what cannot be seen in it: usernames.
 */
export async function* searchOnServer(
  directory: Directory,
  plan: ServerPlan,
  { scope, signal, delayMs = 0, clock = systemClock }: ServerSearchOptions = {},
): AsyncGenerator<ServerUpdate, void, undefined> {
  if (plan.questions.length === 0) {
    return;
  }
  if (delayMs > 0) {
    await sleep(clock, delayMs, signal);
  }
  signal?.throwIfAborted();
  const accounts = (await directory.ensureAccounts()).filter(
    (account) => scope === undefined || scope === account || account.providers?.some((provider) => provider === scope),
  );
  yield* merge(accounts.map((account) => searchAccount(account, plan, scope, signal)));
}

async function* searchAccount(
  account: DirectoryAccount,
  plan: ServerPlan,
  scope: Scope,
  signal: AbortSignal | undefined,
): AsyncGenerator<ServerUpdate> {
  if (account.providers === undefined && account.unusable === undefined) {
    await untilAborted(account.loadProviders(), signal);
  }
  if (account.providers === undefined) {
    yield { account, provider: undefined, error: account.failure };
    return;
  }
  const providers = account.providers.filter((provider) => isSearched(provider, plan.query, scope));
  const [probed] = providers.filter(({ users }) => users.shown.count > 0);
  if (probed) {
    // Do not wait: this search does not use the result.
    void account.partialMatching.probe(probed);
  }
  yield* merge(providers.map((provider) => searchProvider(account, provider, plan, signal)));
}

async function* searchProvider(
  account: DirectoryAccount,
  provider: DirectoryProvider,
  plan: ServerPlan,
  signal: AbortSignal | undefined,
): AsyncGenerator<ServerUpdate> {
  try {
    const answers = await askServer(account, provider, plan, signal);
    yield { account, provider, rows: withoutDoubles(answers) };
  } catch (error) {
    signal?.throwIfAborted();
    yield { account, provider, error };
  }
}

async function askServer(
  account: DirectoryAccount,
  provider: DirectoryProvider,
  plan: ServerPlan,
  signal: AbortSignal | undefined,
): Promise<FoundRow[]> {
  // A failed question aborts the others, whose rows would otherwise appear after the failure.
  const abort = new AbortController();
  const either = signal ? AbortSignal.any([signal, abort.signal]) : abort.signal;
  const ask = async (question: ServerQuestion): Promise<FoundRow[]> => {
    const users = await provider.find(filterOf(question), { signal: either });
    return question.field === 'username'
      ? rowsByUsername(users, plan.query, question.text)
      : visibleRows(users, plan.query);
  };
  const questions = questionsFor(account, provider, plan);
  try {
    const [first, ...others] = questions;
    // Ask for Cloudflare's ids first, since most ids are.
    if (first?.field === 'cf_resource_id') {
      const rows = await ask(first);
      return rows.length > 0 ? rows : (await Promise.all(others.map(ask))).flat();
    }
    return (await Promise.all(questions.map(ask))).flat();
  } catch (error) {
    abort.abort();
    throw error;
  }
}

/** The fields that the servers of some identity providers are asked to compare a text with. */
export function askedFields(
  directory: Directory,
  providers: readonly DirectoryProvider[],
  plan: ServerPlan,
): ServerField[] {
  const questions = providers.flatMap((provider) => {
    const account = directory.accounts.find(({ id }) => id === provider.reference.accountId);
    return account ? questionsFor(account, provider, plan) : [];
  });
  return [...new Set(questions.map(({ field }) => field))];
}

/** The questions to one identity provider: not about fields that are loaded as a whole, and with one filter for a part where it works. */
function questionsFor(
  account: DirectoryAccount,
  provider: DirectoryProvider,
  { query, questions, isWhole }: ServerPlan,
): readonly ServerQuestion[] {
  if (isWhole) {
    const isHere = isWholeList(provider.users.coverage) && provider.match(query, 1)[0]?.rank === ranks.exact;
    return isHere ? [] : questions;
  }
  const usernames = questions.filter(({ field }) => field === 'username');
  if (isWholeList(provider.users.coverage)) {
    return usernames;
  }
  const part = isLongEnough(query.text) ? account.partialMatching.filterName : undefined;
  // The filter for a part covers emails and names. An external id is still a question of its own.
  const others = questions.filter(({ text, field }) => text !== query.text || field === 'idp_resource_id');
  const withPart = part ? [{ field: part, text: query.text }, ...new Set([...others, ...usernames])] : questions;
  return withPart.slice(0, mostQuestions);
}

function filterOf({ field, text }: ServerQuestion): ScimUserFilter {
  return { [field]: text } as ScimUserFilter;
}

/** The users that match the text: a server that ignores a filter returns all users. */
function visibleRows(users: readonly DirectoryUser[], query: Query): FoundRow[] {
  return users
    .flatMap((user) => {
      const rank = rankOf(user.user, query);
      return rank === undefined ? [] : [{ user, rank }];
    })
    .sort((a, b) => a.rank - b.rank)
    .map(({ user }) => ({ user, matchedByUsername: false }));
}

/** More matches by username than this, none of which shows the text, come from a server that ignores the filter. */
const maxUnseenMatches = 5;

/** No answer shows the username, so only the other terms can be checked. */
function rowsByUsername(users: readonly DirectoryUser[], query: Query, username: string): FoundRow[] {
  const visible = visibleRows(users, query);
  const seen = new Set(visible.map(({ user }) => user));
  const isAsked = ({ field, text }: Term) =>
    field === undefined ? username === query.text : field === 'username' && username === text;
  const others = { ...query, terms: query.terms.filter((term) => !isAsked(term)) };
  const unseen = visibleRows(
    users.filter((user) => !seen.has(user)),
    others,
  );
  return [
    ...visible,
    ...(unseen.length <= maxUnseenMatches ? unseen.map(({ user }) => ({ user, matchedByUsername: true })) : []),
  ];
}

function withoutDoubles(rows: readonly FoundRow[]): FoundRow[] {
  const ids = new Set<string>();
  return rows.filter(({ user: { user } }) => {
    const isNew = user.id === undefined || !ids.has(user.id);
    ids.add(user.id ?? '');
    return isNew;
  });
}
