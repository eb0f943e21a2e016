// The questions of the probe, and how an answer is read off the responses. No finding has a name, an email, an id or a token.
import type { ProbeAnswer, ProbeClient } from './client.mts';

export interface Finding {
  readonly question: string;
  readonly answer: string;
}

export interface ProbeOptions {
  /** Waits some seconds between two requests that are compared. */
  readonly pause: () => Promise<unknown>;
  /** Returns a text that matches no user. */
  readonly random: () => string;
}

interface User {
  readonly id?: string | null;
  readonly externalId?: string | null;
  readonly displayName?: string | null;
  readonly emails?: readonly { readonly value?: string | null }[] | null;
}

type Query = readonly (readonly [string, string])[];

/** Identity providers whose users are read to find one with enough of them. */
const mostProviders = 8;

export async function* findings(
  client: ProbeClient,
  accountId: string | undefined,
  { pause, random }: ProbeOptions,
): AsyncGenerator<Finding> {
  const account = accountId ?? (await onlyAccount(client));
  const providersPath = `/accounts/${encodeURIComponent(account)}/access/identity_providers`;
  const providers = await client.get(providersPath, [['per_page', '50']]);
  yield { question: 'Identity providers', answer: words(providers) };
  const scim = listOf(providers).filter(
    (provider) => (provider as Provider).scim_config?.enabled === true,
  ) as Provider[];
  yield { question: 'Identity providers with SCIM', answer: String(scim.length) };

  let path = '';
  let users: User[] = [];
  let first: ProbeAnswer | undefined;
  for (const { id = '' } of scim.slice(0, mostProviders)) {
    const usersPath = `${providersPath}/${encodeURIComponent(id)}/scim/users`;
    const answer = await client.get(usersPath, [
      ['page', '1'],
      ['per_page', '100'],
    ]);
    if (listOf(answer).length > users.length || first === undefined) {
      [path, users, first] = [usersPath, listOf(answer) as User[], answer];
    }
    if (users.length === 100) {
      break;
    }
  }
  if (first === undefined || users.length === 0) {
    yield { question: 'SCIM users', answer: 'none, so nothing else can be asked' };
    return;
  }
  const get = (...query: Query) => client.get(path, query);

  yield { question: 'First page with per_page=100', answer: words(first) };
  yield { question: 'First page with per_page=1000', answer: words(await get(['per_page', '1000'])) };
  yield { question: 'First page with per_page=1', answer: words(await get(['per_page', '1'])) };
  yield* pastTheEnd(first, get);
  yield* filters(users, get, random);
  yield* ids(users, get);
  yield {
    question: 'Filters email and name in one request',
    answer: words(await get(['email', 'a@b.example'], ['name', 'a'])),
  };
  yield* windowForm(first, get, pause);
}

interface Provider {
  readonly id?: string;
  readonly scim_config?: { readonly enabled?: unknown } | null;
}

async function onlyAccount(client: ProbeClient): Promise<string> {
  const accounts = listOf(await client.get('/accounts', [['per_page', '2']])) as Provider[];
  const [only, ...others] = accounts;
  if (only?.id === undefined || others.length > 0) {
    throw new Error('the token reaches no account or several: set CLOUDFLARE_ACCOUNT_ID');
  }
  return only.id;
}

/** What the server answers to pages that do not exist. */
async function* pastTheEnd(
  first: ProbeAnswer,
  get: (...query: Query) => Promise<ProbeAnswer>,
): AsyncGenerator<Finding> {
  const { total_count: total, per_page: perPage } = first.body?.result_info ?? {};
  if (typeof total === 'number' && typeof perPage === 'number' && perPage > 0) {
    const last = Math.max(1, Math.ceil(total / perPage));
    yield { question: 'Last page', answer: words(await get(['page', String(last)], ['per_page', String(perPage)])) };
    const behind = [last + 1, last + 100].map(String);
    for (const page of behind) {
      const where = page === behind[0] ? 'The page behind the last one' : 'A page far behind the last one';
      yield { question: where, answer: words(await get(['page', page], ['per_page', String(perPage)])) };
    }
  } else {
    yield { question: 'Totals', answer: 'not sent' };
    yield { question: 'Page 100000', answer: words(await get(['page', '100000'])) };
  }
  yield { question: 'Page 0', answer: words(await get(['page', '0'])) };
}

/** Whether filters compare whole texts or parts, and their case. */
async function* filters(
  users: readonly User[],
  get: (...query: Query) => Promise<ProbeAnswer>,
  random: () => string,
): AsyncGenerator<Finding> {
  const texts: readonly (readonly [field: string, text: (user: User) => string | null | undefined])[] = [
    ['email', (user) => user.emails?.[0]?.value],
    ['name', (user) => user.displayName],
    ['username', (user) => user.emails?.[0]?.value],
  ];
  for (const [field, textOf] of texts) {
    const user = users.find((one) => Boolean(one.id) && (textOf(one)?.length ?? 0) > 6);
    const text = user && textOf(user);
    if (!user || !text) {
      yield { question: `Filter ${field}`, answer: 'no user to ask for' };
      continue;
    }
    const asked = field === 'username' ? 'username with the text of an email' : field;
    const matching = async (value: string) => matches(await get([field, value]), user);
    yield { question: `Filter ${asked}, whole text`, answer: await matching(text) };
    yield { question: `Filter ${asked}, other case`, answer: await matching(otherCase(text)) };
    yield { question: `Filter ${asked}, beginning`, answer: await matching(text.slice(0, -2)) };
    yield { question: `Filter ${asked}, inner part`, answer: await matching(text.slice(1, -1)) };
    yield { question: `Filter ${asked}, random text`, answer: words(await get([field, random()])) };
  }
  for (const field of ['search_contains', 'search_starts_with']) {
    const user = users.find((one) => (one.emails?.[0]?.value?.length ?? 0) > 8);
    const email = user?.emails?.[0]?.value;
    yield { question: `Filter ${field}, random text`, answer: words(await get([field, random()])) };
    if (user && email) {
      const part = field === 'search_contains' ? email.slice(1, 7) : email.slice(0, 6);
      yield { question: `Filter ${field}, part of an email`, answer: matches(await get([field, part]), user) };
    }
  }
}

/** Whether ids may be repeated, and their case. */
async function* ids(users: readonly User[], get: (...query: Query) => Promise<ProbeAnswer>): AsyncGenerator<Finding> {
  for (const [field, idOf] of [
    ['cf_resource_id', (user: User) => user.id],
    ['idp_resource_id', (user: User) => user.externalId],
  ] as const) {
    const [one, other] = users.filter((user) => idOf(user));
    const id = one && idOf(one);
    if (!one || !id) {
      yield { question: `Filter ${field}`, answer: 'no user to ask for' };
      continue;
    }
    yield { question: `Filter ${field}`, answer: matches(await get([field, id]), one) };
    yield { question: `Filter ${field}, other case`, answer: matches(await get([field, otherCase(id)]), one) };
    const second = other && idOf(other);
    if (other && second) {
      const answer = await get([field, id], [field, second]);
      const found = [one, other].filter((user) => listOf(answer).some((listed) => (listed as User).id === user.id));
      yield {
        question: `Filter ${field}, repeated for two users`,
        answer: `${words(answer)}; ${found.length} of 2 found`,
      };
    }
  }
}

/** Whether the rate limit has a fixed or a sliding window, by the headers of two responses. */
async function* windowForm(
  first: ProbeAnswer,
  get: (...query: Query) => Promise<ProbeAnswer>,
  pause: () => Promise<unknown>,
): AsyncGenerator<Finding> {
  for (const name of ['Ratelimit', 'Ratelimit-Policy']) {
    const [limits] = /^[\w";=, -]{1,200}$/.exec(first.headers.get(name) ?? '') ?? [];
    yield { question: `Header ${name}`, answer: limits ?? 'not sent' };
  }
  const before = secondsOf(await get(['per_page', '1']));
  await pause();
  const after = secondsOf(await get(['per_page', '1']));
  const isKnown = before !== undefined && after !== undefined;
  const answer = !isKnown
    ? 'not sent'
    : after < before
      ? 'fixed (t falls)'
      : 'sliding, or a new window (t does not fall)';
  yield { question: 'Window of the rate limit', answer };
}

function secondsOf({ headers }: ProbeAnswer): number | undefined {
  const [, seconds] = /;\s*t=(\d+)/.exec(headers.get('ratelimit') ?? '') ?? [];
  return seconds === undefined ? undefined : Number(seconds);
}

function otherCase(text: string): string {
  const upper = text.toUpperCase();
  return upper === text ? text.toLowerCase() : upper;
}

function listOf({ body }: ProbeAnswer): unknown[] {
  return Array.isArray(body?.result) ? body.result : [];
}

/** `finds the user, among 1`. */
function matches(answer: ProbeAnswer, user: User): string {
  const isFound = listOf(answer).some((listed) => (listed as User).id === user.id);
  return `${isFound ? 'finds the user' : 'does not find the user'}; ${words(answer)}`;
}

/** `status 200, 100 results, page 1, per_page 100, total_count 2000`: numbers and words of this file only. */
export function words({ status, body }: ProbeAnswer): string {
  if (body === undefined) {
    return `status ${status}, no JSON`;
  }
  const { result, result_info: info = {}, errors = [] } = body;
  const what = Array.isArray(result)
    ? `${result.length} results`
    : result === null
      ? 'result null'
      : result === undefined
        ? 'no result'
        : 'a result that is no list';
  const numbers = (['page', 'per_page', 'total_count'] as const).flatMap((name) =>
    typeof info[name] === 'number' ? [`${name} ${info[name]}`] : [],
  );
  const codes = errors.flatMap(({ code }) => (typeof code === 'number' ? [`error ${code}`] : []));
  return [`status ${status}`, what, ...numbers, ...codes].join(', ');
}
