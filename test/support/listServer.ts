import { FakeFetch, type FakeRequest, listResponse, type Respond } from './fakes';

export interface Paging {
  /** Users on a page; default: 100. */
  readonly size?: number;
  /** What the server says of the list, beside the truth or in its place. */
  readonly info?: object;
}

/** Page of the query of a request. */
export function pageAsked({ url }: Pick<FakeRequest, 'url'>): number {
  return Number(url.searchParams.get('page'));
}

/** The identity provider whose users a request is about. */
export function providerAsked({ url }: Pick<FakeRequest, 'url'>): string | undefined {
  return /identity_providers\/([^/]+)\/scim/.exec(url.pathname)?.[1];
}

export function identityProvider(id: string, hasScim = true): object {
  return { id, name: `Named ${id}`, scim_config: { enabled: hasScim } };
}

/** Answers with the page of a list that is asked for. */
export function paged(items: readonly unknown[], paging?: Paging): Respond {
  return (request) => page(items, pageAsked(request), paging);
}

/** Answers for an account that has these identity providers, all with SCIM, and these users in each. */
export function accountOf(users: Readonly<Record<string, readonly unknown[]>>, paging?: Paging): Respond {
  const providers = Object.keys(users).map((id) => identityProvider(id));
  return (request) => {
    const id = providerAsked(request);
    return id === undefined ? page(providers, pageAsked(request)) : page(users[id] ?? [], pageAsked(request), paging);
  };
}

function page(items: readonly unknown[], number: number, { size = 100, info = {} }: Paging = {}): Response {
  const shown = items.slice((number - 1) * size, number * size);
  return listResponse(shown, { page: number, per_page: size, total_count: items.length, count: shown.length, ...info });
}

/** Lets a page through that waits, as it is or replaced. */
type LetThrough = (replaced?: Response) => void;

/** Answers as `respond` would, but each page only when it is let through. */
export function held(respond: Respond): { respond: Respond; waiting: Map<number, LetThrough> } {
  const waiting = new Map<number, LetThrough>();
  return {
    waiting,
    respond: async (request) => (await letThrough(waiting, pageAsked(request))) ?? respond(request),
  };
}

function letThrough(waiting: Map<number, LetThrough>, number: number): Promise<Response | undefined> {
  const { promise, resolve } = Promise.withResolvers<Response | undefined>();
  waiting.set(number, (replaced) => {
    waiting.delete(number);
    resolve(replaced);
  });
  return promise;
}

/** A list of users in pages, as a test changes it, behind a faked `fetch`. */
export class ListServer<User = unknown> {
  /** What the server says of the number of users. */
  total: () => number | undefined = () => this.users.length;
  /** Called before each answer; may hold it back, change the list, or replace the answer. */
  before: (page: number) => Promise<Response | undefined> | Response | undefined = () => undefined;

  readonly fake = new FakeFetch((request) => this.answer(pageAsked(request)));

  constructor(
    public users: readonly User[],
    readonly size: number,
  ) {}

  async answer(number: number): Promise<Response> {
    return (await this.before(number)) ?? this.page(number);
  }

  /** A page as it is at this moment, of these users or of others. */
  page(number: number, users: readonly unknown[] = this.users): Response {
    return page(users, number, { size: this.size, info: { total_count: this.total() } });
  }

  /** The pages that were asked for since this was called last. */
  asked(): number[] {
    return this.fake.requests.splice(0).map(pageAsked);
  }

  /** Answers from now on only what is let through, in any order. */
  hold(): Map<number, LetThrough> {
    const waiting = new Map<number, LetThrough>();
    this.before = (number) => letThrough(waiting, number);
    return waiting;
  }
}
