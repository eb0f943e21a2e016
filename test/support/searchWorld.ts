import { DirectoryAccount } from '../../src/directory/account';
import { type DirectoryProvider } from '../../src/directory/provider';
import { Directory } from '../../src/directory/directory';
import type { Scope } from '../../src/lookup/scope';
import { type Asking, searchOnServer, type ServerUpdate } from '../../src/lookup/serverSearch';
import { serverPlan } from '../../src/lookup/serverPlan';
import { parseQuery } from '../../src/matching/query';
import { errorResponse, FakeFetch, type FakeRequest, listResponse } from './fakes';
import { identityProvider, providerAsked } from './listServer';

export interface Person {
  readonly id?: string;
  readonly externalId?: string;
  readonly displayName?: string;
  readonly emails?: readonly { readonly value: string }[];
  readonly active?: boolean;
}

export const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

export const jane: Person = {
  id: uuid(1),
  externalId: '00u-jane',
  displayName: 'Jane Doe',
  emails: [{ value: 'Jane@Example.com' }],
};
/** Has the username `somebody1`, and may be found by `somebody@hidden.example`, too. */
export const hidden: Person = { id: uuid(2), externalId: uuid(77), displayName: 'Somebody' };

/** What a server does with a filter for a part of a text. */
export type PartialMode = 'honour' | 'ignore' | 'refuse' | 'nobody' | 'fail' | 'offline';

/** An account `acc` whose identity providers are the keys, named `Named` and the key; all have SCIM but `none`. */
export class SearchWorld {
  readonly fake = new FakeFetch((request) => this.respond(request));
  readonly account = new DirectoryAccount('acc', 'Account', this.fake.api());
  readonly directory: Directory;
  partial: PartialMode = 'ignore';

  /** What the server answers to a filter that compares a whole text; without one it answers with everyone. */
  matching: (person: Person, filter: string, value: string) => boolean = (person, filter, value) =>
    (filter === 'email' && (person.emails ?? []).some((email) => email.value.toLowerCase() === value.toLowerCase())) ||
    (filter === 'username' && person === hidden && ['somebody1', 'somebody@hidden.example'].includes(value)) ||
    (filter === 'name' && person.displayName?.toLowerCase() === value.toLowerCase()) ||
    (filter === 'cf_resource_id' && person.id === value) ||
    (filter === 'idp_resource_id' && person.externalId === value);

  /** Called before each answer for users; may hold it back or replace it. */
  before: (provider: string, filter: string | undefined) => Promise<Response | undefined> = () =>
    Promise.resolve(undefined);

  constructor(
    private readonly people: Record<string, readonly Person[]>,
    accounts?: (own: DirectoryAccount) => DirectoryAccount[],
  ) {
    this.directory = new Directory({ load: () => Promise.resolve(accounts?.(this.account) ?? [this.account]) });
  }

  /** Filters sent, `provider:filter=value`, in alphabetical order; those of the probes left out. */
  get filters(): string[] {
    return this.sent((filter) => !filter.startsWith('search_'));
  }

  /** The filters for a part of a text that were sent, in the order in which they were. */
  get partialFilters(): string[] {
    return this.fake.requests.flatMap(({ url }) =>
      this.filterOf(url).flatMap(([name, value]) => (name.startsWith('search_') ? [`${name}=${value}`] : [])),
    );
  }

  provider(id: string): DirectoryProvider {
    const provider = this.account.provider(id);
    if (provider === undefined) {
      throw new RangeError(`There is no identity provider ${id}`);
    }
    return provider;
  }

  /** Reads the identity providers, and a page of users of the named ones. */
  async load(...providers: string[]): Promise<void> {
    await this.directory.ensureAccounts();
    await this.account.loadProviders();
    for (const id of providers) {
      await this.provider(id).users.shown.loadMore();
    }
    this.fake.requests.length = 0;
  }

  /** The same, with all users of the named ones. */
  async loadAll(...providers: string[]): Promise<void> {
    await this.load(...providers);
    for (const id of providers) {
      await this.provider(id).users.whole.read();
    }
    this.fake.requests.length = 0;
  }

  /** How many requests for users of an identity provider were sent. */
  requestsTo(provider: string): number {
    return this.fake.requests.filter(({ url }) => providerAsked({ url }) === provider).length;
  }

  private sent(isMeant: (filter: string) => boolean): string[] {
    return this.fake.requests
      .flatMap(({ url }) =>
        this.filterOf(url).flatMap(([name, value]) =>
          isMeant(name) ? [`${providerAsked({ url }) ?? ''}:${name}=${value}`] : [],
        ),
      )
      .sort();
  }

  private filterOf(url: URL): [string, string][] {
    return [...url.searchParams].filter(([name]) => name !== 'page' && name !== 'per_page');
  }

  private async respond({ url }: FakeRequest): Promise<Response> {
    const provider = providerAsked({ url });
    if (url.searchParams.get('page') !== '1') {
      return listResponse([]);
    }
    if (provider === undefined) {
      return listResponse(Object.keys(this.people).map((id) => identityProvider(id, id !== 'none')));
    }
    const filters = this.filterOf(url);
    if (filters.length > 1) {
      return errorResponse(400, 12130, 'mutually exclusive');
    }
    const [filter] = filters;
    const replaced = await this.before(provider, filter?.[0]);
    return replaced ?? this.answer(this.people[provider] ?? [], filter);
  }

  private answer(people: readonly Person[], filter: [name: string, value: string] | undefined): Response {
    if (filter === undefined) {
      return listResponse(people);
    }
    const [name, value] = filter;
    if (!name.startsWith('search_')) {
      return listResponse(people.filter((person) => this.matching(person, name, value)));
    }
    switch (this.partial) {
      case 'honour':
        return listResponse(people.filter((person) => holdsPart(person, name, value)));
      case 'ignore':
        return listResponse(people);
      case 'nobody':
        return listResponse([]);
      case 'refuse':
        return errorResponse(400, 12130, `unknown query parameter '${name}'`);
      case 'fail':
        return errorResponse(500);
      case 'offline':
        throw new Error('reset');
    }
  }
}

function holdsPart({ displayName = '', emails = [] }: Person, filter: string, value: string): boolean {
  const texts = [displayName, ...emails.map((email) => email.value)].map((text) => text.toLowerCase());
  const sought = value.toLowerCase();
  return texts.some((text) => (filter === 'search_contains' ? text.includes(sought) : text.startsWith(sought)));
}

/** The server's answers to a text. Default: to everything that it can be asked. */
export async function all(
  world: SearchWorld,
  text: string,
  options: { asking?: Asking; scope?: Scope; signal?: AbortSignal } = {},
): Promise<ServerUpdate[]> {
  const updates: ServerUpdate[] = [];
  const plan = serverPlan(parseQuery(text));
  for await (const update of searchOnServer(world.directory, plan, options.asking ?? 'requested', options)) {
    updates.push(update);
  }
  return updates;
}

/** An update in short: `idp: Jane Doe, Somebody (by username)`. */
export function short(update: ServerUpdate): string {
  const provider = update.provider?.identityProvider.id ?? 'no provider';
  if ('error' in update) {
    return `${provider} failed`;
  }
  const rows = update.rows.map(
    ({ resource, matchedByUsername }) =>
      `${resource.data.displayName ?? '?'}${matchedByUsername ? ' (by username)' : ''}`,
  );
  return `${provider}: ${rows.join(', ')}`;
}
