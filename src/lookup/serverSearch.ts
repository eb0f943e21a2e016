import { CloudflareError, type ScimFilter, untilAborted } from '../cloudflare';
import {
  type Directory,
  type DirectoryAccount,
  type DirectoryProvider,
  type DirectoryResource,
  isWholeList,
} from '../directory';
import { type Query, rankOf, ranks, type Term } from '../matching';
import { merge } from './merge';
import { isSearched, type Scope } from './scope';
import { isLongEnough, mostQuestions, type ServerField, type ServerPlan, type ServerQuestion } from './serverPlan';

export interface FoundRow {
  readonly resource: DirectoryResource;
  /** The server found the user by username, which is not in its answers. */
  readonly matchedByUsername: boolean;
}

/**
 * The server's answer for one identity provider: the users or groups that it found by comparing `fields`, or why it could not compare them.
 * `provider` is undefined if the account's identity providers could not be read.
 */
export type ServerUpdate = { readonly account: DirectoryAccount } & (
  | {
      readonly provider: DirectoryProvider;
      readonly rows: readonly FoundRow[];
      readonly fields: readonly ServerField[];
    }
  | {
      readonly provider: DirectoryProvider | undefined;
      readonly error: unknown;
      /** Empty if no field could be compared. */
      readonly fields: readonly ServerField[];
    }
);

/** What to ask: automatically `soon` or `late` after the last key press, or everything, because the user asks for it. */
export type Asking = 'soon' | 'late' | 'requested';

/** One question to one identity provider. */
export interface Inquiry extends ServerQuestion {
  readonly account: DirectoryAccount;
  readonly provider: DirectoryProvider;
}

/**
 * The questions to the known identity providers in the scope. A directory that is loaded as a whole is asked only for what is not in it,
 * usernames. A filter that an account's server refused is not used again.
 */
export function inquiries(directory: Directory, plan: ServerPlan, scope: Scope, asking: Asking): Inquiry[] {
  return directory.accounts.flatMap((account) => inquiriesOf(account, plan, scope, asking));
}

/**
 * Asks the server of every identity provider in the scope, each update as it comes. Ends when every one has answered, or when the signal
 * aborts.
 */
export async function* searchOnServer(
  directory: Directory,
  plan: ServerPlan,
  asking: Asking,
  { scope, signal }: { readonly scope?: Scope; readonly signal?: AbortSignal | undefined } = {},
): AsyncGenerator<ServerUpdate, void, undefined> {
  signal?.throwIfAborted();
  if (plan.questions.length === 0) {
    return;
  }
  const accounts = (await directory.ensureAccounts()).filter(
    (account) => scope === undefined || scope === account || account.providers?.some((provider) => provider === scope),
  );
  yield* merge(accounts.map((account) => searchAccount(account, plan, asking, scope, signal)));
}

async function* searchAccount(
  account: DirectoryAccount,
  plan: ServerPlan,
  asking: Asking,
  scope: Scope,
  signal: AbortSignal | undefined,
): AsyncGenerator<ServerUpdate> {
  if (asking === 'requested') {
    account.tryAgain();
  }
  if (account.providers === undefined && account.unusable === undefined) {
    await untilAborted(account.loadProviders(), signal);
  }
  if (account.providers === undefined) {
    yield { account, provider: undefined, error: account.failure, fields: [] };
    return;
  }
  const asked = Map.groupBy(inquiriesOf(account, plan, scope, asking), ({ provider }) => provider);
  const [probed] = [...asked.keys()].filter(({ users }) => users.shown.count > 0);
  if (probed && plan.query.kind === 'user') {
    // Do not wait: this search does not use the result.
    void account.partialMatching.probe(probed);
  }
  yield* merge(
    [...asked].map(([provider, questions]) => searchProvider(account, provider, plan.query, questions, signal)),
  );
}

/** Users that some questions found are listed even if others fail. */
async function* searchProvider(
  account: DirectoryAccount,
  provider: DirectoryProvider,
  query: Query,
  questions: readonly Inquiry[],
  signal: AbortSignal | undefined,
): AsyncGenerator<ServerUpdate> {
  const failed: { readonly field: ServerField; readonly error: unknown }[] = [];
  const ask = async (question: Inquiry): Promise<FoundRow[]> => {
    try {
      const found = await provider.find(query.kind, filterOf(question), { signal });
      account.refusedFilters.delete(question.field);
      return question.field === 'username' ? rowsByUsername(found, query, question.text) : visibleRows(found, query);
    } catch (error) {
      signal?.throwIfAborted();
      if (isRefusedFilter(error)) {
        account.refusedFilters.add(question.field);
      }
      failed.push({ field: question.field, error });
      return [];
    }
  };
  const [first, ...others] = questions;
  // Ask for Cloudflare's ids first, since most ids are.
  let rows = first?.field === 'cf_resource_id' ? await ask(first) : [];
  if (rows.length === 0) {
    const rest = first?.field === 'cf_resource_id' ? others : questions;
    rows = (await Promise.all(rest.map(ask))).flat();
  }
  const [failure] = failed;
  const failedFields = failed.map(({ field }) => field);
  const fields = questions.map(({ field }) => field).filter((field) => !failedFields.includes(field));
  if (fields.length > 0) {
    yield { account, provider, rows: withoutDoubles(rows), fields };
  }
  if (failure) {
    yield { account, provider, error: failure.error, fields: fields.length > 0 ? failedFields : [] };
  }
}

/** Codes of status 400 that are about the credential [public reports]. */
const credentialCodes: ReadonlySet<number | undefined> = new Set([1001, 6003, 6111]);

/** Whether the server refused a filter, and not the credential or the number of requests. */
function isRefusedFilter(error: unknown): boolean {
  const { reason, status, code } = error instanceof CloudflareError ? error.failure : {};
  return reason === 'refused' && status === 400 && !credentialCodes.has(code);
}

function inquiriesOf(account: DirectoryAccount, plan: ServerPlan, scope: Scope, asking: Asking): Inquiry[] {
  return (account.providers ?? [])
    .filter((provider) => isSearched(provider, plan.query, scope))
    .flatMap((provider) => {
      const questions = questionsTo(account, provider, plan, asking);
      const accepted = questions.filter(({ field }) => !account.refusedFilters.has(field));
      // The refusal may have been temporary, so a request of the user is not left without any question.
      const asked = accepted.length === 0 && asking === 'requested' ? questions : accepted;
      return asked.map((question) => ({ ...question, account, provider }));
    });
}

function questionsTo(
  account: DirectoryAccount,
  provider: DirectoryProvider,
  { query, questions }: ServerPlan,
  asking: Asking,
): readonly ServerQuestion[] {
  const isWhole = isWholeList(provider.list(query.kind).coverage);
  if (query.identity && isWhole && provider.match(query, 1)[0]?.rank === ranks.exact) {
    return [];
  }
  // The user may have been synced after the directory was loaded, so a request of the user looks a whole email or id up again.
  const isLookUp = query.identity !== undefined && asking === 'requested';
  const unknown = isWhole && !isLookUp ? questions.filter(({ field }) => field === 'username') : questions;
  const isPart = query.kind === 'user' && !isWhole && !query.identity && isLongEnough(query.text);
  const part = isPart ? account.partialMatching.filterName : undefined;
  // The filter for a part covers whole emails and names as well.
  const others = part ? unknown.filter(({ text, field }) => text !== query.text || !coveredByPart.has(field)) : unknown;
  switch (asking) {
    case 'soon':
      return [
        ...(part ? [{ field: part, text: query.text, occasion: 'whole' } as const] : []),
        ...others.filter(({ occasion }) => occasion === 'whole'),
      ];
    case 'late':
      return part ? [] : others.filter(({ occasion }) => occasion === 'username');
    case 'requested':
      return [...(part ? [{ field: part, text: query.text, occasion: 'whole' } as const] : []), ...others].slice(
        0,
        mostQuestions,
      );
  }
}

const coveredByPart: ReadonlySet<ServerField> = new Set(['email', 'name']);

function filterOf({ field, text }: ServerQuestion): ScimFilter {
  return { [field]: text } as ScimFilter;
}

/** The users or groups that match the text: a server that ignores a filter returns all. */
function visibleRows(found: readonly DirectoryResource[], query: Query): FoundRow[] {
  return found
    .flatMap((resource) => {
      const rank = rankOf(resource.data, query);
      return rank === undefined ? [] : [{ resource, rank }];
    })
    .sort((a, b) => a.rank - b.rank)
    .map(({ resource }) => ({ resource, matchedByUsername: false }));
}

/** More matches by username than this, none of which shows the text, come from a server that ignores the filter. */
const maxUnseenMatches = 5;

/** No answer shows the username, so only the other terms can be checked. */
function rowsByUsername(users: readonly DirectoryResource[], query: Query, username: string): FoundRow[] {
  const visible = visibleRows(users, query);
  const seen = new Set(visible.map(({ resource }) => resource));
  const isAsked = ({ field, text }: Term) =>
    field === undefined ? username === query.text : field === 'username' && username === text;
  const others = { ...query, terms: query.terms.filter((term) => !isAsked(term)) };
  const unseen = visibleRows(
    users.filter((user) => !seen.has(user)),
    others,
  );
  return [
    ...visible,
    ...(unseen.length <= maxUnseenMatches ? unseen.map(({ resource }) => ({ resource, matchedByUsername: true })) : []),
  ];
}

function withoutDoubles(rows: readonly FoundRow[]): FoundRow[] {
  const ids = new Set<string>();
  return rows.filter(({ resource: { data } }) => {
    const isNew = data.id === undefined || !ids.has(data.id);
    ids.add(data.id ?? '');
    return isNew;
  });
}
