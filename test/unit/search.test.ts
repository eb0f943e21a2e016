import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { CloudflareError } from '../../src/cloudflare/errors';
import { DirectoryAccount } from '../../src/directory/account';
import { Directory } from '../../src/directory/directory';
import { minServerQueryLength, search, type SearchOptions, type SearchUpdate } from '../../src/directory/search';
import {
  deferred,
  errorResponse,
  FakeFetch,
  type FakeRequest,
  listResponse,
  settled,
  unhandledRejections,
} from './fakes';

interface Person {
  readonly id?: string;
  readonly externalId?: string;
  readonly displayName?: string;
  readonly emails?: readonly { readonly value: string }[];
}

const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

const jane: Person = {
  id: uuid(1),
  externalId: '00u-jane',
  displayName: 'Jane Doe',
  emails: [{ value: 'Jane@Example.com' }],
};
const hidden: Person = { id: uuid(2), externalId: uuid(77), displayName: 'Somebody' };

/** An account `acc` whose identity providers are the keys; all have SCIM but `none`. */
class World {
  readonly fake = new FakeFetch((request) => this.respond(request));
  readonly account = new DirectoryAccount('acc', 'Account', this.fake.api());
  readonly directory: Directory;

  /** What the server answers to a filter; without one it answers with everyone. */
  matching: (person: Person, filter: string, value: string) => boolean = (person, filter, value) =>
    (filter === 'email' && (person.emails ?? []).some((email) => email.value.toLowerCase() === value.toLowerCase())) ||
    (filter === 'username' && person === hidden && value === 'somebody1') ||
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

  /** Filters sent, `provider:filter=value`, in alphabetical order. */
  get filters(): string[] {
    return this.fake.requests
      .flatMap(({ url }) => {
        const [filter] = this.filterOf(url);
        return filter ? [`${this.providerOf(url) ?? ''}:${filter[0]}=${filter[1]}`] : [];
      })
      .sort();
  }

  /** Reads the identity providers, and the users of the named ones. */
  async load(...providers: string[]): Promise<void> {
    await this.directory.ensureAccounts();
    await this.account.loadProviders();
    for (const id of providers) {
      await this.account.provider(id)?.users.loadMore();
    }
    this.fake.requests.length = 0;
  }

  private providerOf(url: URL): string | undefined {
    return /identity_providers\/([^/]+)\/scim/.exec(url.pathname)?.[1];
  }

  private filterOf(url: URL): [string, string][] {
    return [...url.searchParams].filter(([name]) => name !== 'page' && name !== 'per_page');
  }

  private async respond({ url }: FakeRequest): Promise<Response> {
    const provider = this.providerOf(url);
    if (url.searchParams.get('page') !== '1') {
      return listResponse([]);
    }
    if (provider === undefined) {
      return listResponse(Object.keys(this.people).map((id) => ({ id, scim_config: { enabled: id !== 'none' } })));
    }
    const [filter] = this.filterOf(url);
    const replaced = await this.before(provider, filter?.[0]);
    const people = this.people[provider] ?? [];
    return replaced ?? listResponse(filter ? people.filter((person) => this.matching(person, ...filter)) : people);
  }
}

async function all(world: World, text: string, options?: SearchOptions): Promise<SearchUpdate[]> {
  const updates: SearchUpdate[] = [];
  for await (const update of search(world.directory, text, options)) {
    updates.push(update);
  }
  return updates;
}

async function first(world: World, text: string): Promise<string | undefined> {
  return (await all(world, text)).map(short)[0];
}

/** An update in short: `server idp: Jane Doe, Somebody (by username)`. */
function short(update: SearchUpdate): string {
  const provider = update.provider?.identityProvider.id ?? 'no provider';
  if ('error' in update) {
    return `${update.source} ${provider} failed`;
  }
  const rows = update.rows.map(
    ({ user, matchedByUsername }) => `${user.user.displayName ?? '?'}${matchedByUsername ? ' (by username)' : ''}`,
  );
  return `${update.source} ${provider}: ${rows.join(', ')}`;
}

describe('search among what was read', () => {
  it('answers first and at once, before anything is sent', async () => {
    const world = new World({ a: [jane, hidden], b: [jane] });
    await world.load('a', 'b');
    const updates = search(world.directory, 'jane');
    deepEqual(short((await updates.next()).value as SearchUpdate), 'loaded a: Jane Doe');
    deepEqual(short((await updates.next()).value as SearchUpdate), 'loaded b: Jane Doe');
    equal(world.fake.requests.length, 0);
    await updates.return();
  });

  it('looks at any part of name, emails and ids, upper and lower case alike', async () => {
    const world = new World({ a: [jane, hidden] });
    await world.load('a');
    for (const text of ['ANE D', 'jane@EXAMPLE', '00U-J', uuid(1).slice(4), '  Jane  ', 'J']) {
      equal(await first(world, text), 'loaded a: Jane Doe', text);
    }
    for (const text of ['q', 'Jane  Doe', '.*', 'undefined', 'null']) {
      equal(await first(world, text), 'loaded a: ', text);
    }
  });

  it('gives each row its user and its place in the list', async () => {
    const world = new World({ a: [hidden, jane] });
    await world.load('a');
    const [update] = await all(world, 'j');
    ok(update && 'rows' in update);
    deepEqual(
      update.rows.map(({ user }) => [user.provider, user.place]),
      [[world.account.provider('a'), { page: 1, row: 2 }]],
    );
  });

  it('is silent about identity providers of which nothing was read', async () => {
    const world = new World({ a: [jane] });
    await world.load();
    deepEqual(await all(world, 'j'), []);
  });

  it('answers for nothing with nothing', async () => {
    const world = new World({ a: [jane] });
    await world.load('a');
    deepEqual([await all(world, ''), await all(world, ' \n ')], [[], []]);
  });

  it('gives a hundred rows of an identity provider at most', async () => {
    const world = new World({ a: Array.from({ length: 100 }, (_, i) => ({ id: uuid(i), displayName: 'Jane' })) });
    await world.load('a');
    const [update] = await all(world, 'j');
    ok(update && 'rows' in update && update.rows.length === 100);
  });
});

describe('search on the server', () => {
  it('sends nothing, and reads nothing, below two characters', async () => {
    equal(minServerQueryLength, 2);
    for (const text of ['j', ' j ', '山', '𠮷', '😀']) {
      const world = new World({ a: [jane] });
      deepEqual(await all(world, text), []);
      equal(world.fake.requests.length, 0, text);
    }
  });

  it('reads the identity providers where that has not been done, and asks those with SCIM', async () => {
    const world = new World({ a: [jane], none: [jane] });
    deepEqual((await all(world, 'jane@example.com')).map(short), ['server a: Jane Doe']);
    deepEqual(world.filters, [
      'a:email=jane@example.com',
      'a:idp_resource_id=jane@example.com',
      'a:username=jane@example.com',
    ]);
    equal(world.fake.requests.length, 2 + 3);
  });

  it('sends the text as typed, without the spaces around it', async () => {
    const world = new World({ a: [] });
    await all(world, '  JaNe+x@Example.com ');
    deepEqual(world.filters[0], 'a:email=JaNe+x@Example.com');
  });

  it('asks for a text with a space as a name or a username', async () => {
    const world = new World({ a: [] });
    await world.load();
    await all(world, 'jane doe');
    deepEqual(world.filters, ['a:name=jane doe', 'a:username=jane doe']);
  });

  it('asks for a UUID as the id of Cloudflare, and then no more where that is someone', async () => {
    const world = new World({ a: [jane] });
    await world.load();
    deepEqual((await all(world, uuid(1))).map(short), ['server a: Jane Doe']);
    deepEqual(world.filters, [`a:cf_resource_id=${uuid(1)}`]);
  });

  it('asks for a UUID as an external id where it is nobody of Cloudflare', async () => {
    const world = new World({ a: [hidden] });
    await world.load();
    deepEqual((await all(world, uuid(77))).map(short), ['server a: Somebody']);
    deepEqual(world.filters, [`a:cf_resource_id=${uuid(77)}`, `a:idp_resource_id=${uuid(77)}`]);
  });

  it('marks who was found by username, which no answer shows', async () => {
    const world = new World({ a: [jane, hidden] });
    await world.load();
    deepEqual((await all(world, 'somebody1')).map(short), ['server a: Somebody (by username)']);
  });

  it('gives a user once who is found in several ways, and then by what can be seen', async () => {
    const world = new World({ a: [jane] });
    world.matching = () => true;
    await world.load();
    deepEqual((await all(world, 'jane@example.com')).map(short), ['server a: Jane Doe']);
  });

  it('keeps users without an id apart', async () => {
    const world = new World({ a: [{ displayName: 'Jane' }, { displayName: 'Jane' }] });
    world.matching = (_, filter) => filter === 'email';
    await world.load();
    deepEqual((await all(world, 'jane')).map(short), ['server a: Jane, Jane']);
  });

  it('drops what shows none of the text, where a server ignores a filter', async () => {
    const world = new World({ a: [jane, hidden] });
    world.matching = (_, filter) => filter !== 'username';
    await world.load();
    deepEqual((await all(world, 'nobody@example.com')).map(short), ['server a: ']);
    deepEqual((await all(world, uuid(99))).map(short), ['server a: ']);
  });

  it('believes a few matches by username, and not a crowd of them', async () => {
    const crowd = Array.from({ length: 6 }, (_, i) => ({ id: `id-${i}`, displayName: `Somebody ${i}` }));
    for (const [users, found] of [
      [crowd.slice(0, 5), 5],
      [crowd, 0],
    ] as const) {
      const world = new World({ a: users });
      world.matching = (_, filter) => filter === 'username';
      await world.load();
      const [update] = await all(world, 'login');
      equal(update && 'rows' in update && update.rows.length, found);
    }
  });

  it('gives the answer of each identity provider as it comes', async () => {
    const world = new World({ a: [jane], b: [jane], c: [jane] });
    await world.load();
    const gates = { a: deferred(), b: deferred(), c: deferred() };
    world.before = async (provider) => {
      await gates[provider as keyof typeof gates].promise;
      return undefined;
    };
    const updates = search(world.directory, 'jane@example.com');
    const order: string[] = [];
    for (const provider of ['c', 'a', 'b'] as const) {
      const next = updates.next();
      await settled();
      gates[provider].resolve();
      order.push(short((await next).value as SearchUpdate));
    }
    deepEqual(order, ['server c: Jane Doe', 'server a: Jane Doe', 'server b: Jane Doe']);
    ok((await updates.next()).done);
  });

  it('lets the others stand where one identity provider fails, or one of its questions', async () => {
    const world = new World({ a: [jane], b: [jane] });
    await world.load();
    world.before = (provider, filter) =>
      Promise.resolve(provider === 'a' && filter === 'username' ? errorResponse(500) : undefined);
    const updates = await all(world, 'jane@example.com');
    deepEqual(updates.map(short).sort(), ['server a failed', 'server b: Jane Doe']);
    const failed = updates.find((update) => 'error' in update);
    ok(failed && 'error' in failed && failed.error instanceof CloudflareError);
    equal(failed.account, world.account);
  });

  it('fails without an identity provider where an account cannot be read, or has no secret', async () => {
    const failing = new FakeFetch(() => errorResponse(403));
    const world = new World({ a: [jane] }, (own) => [
      new DirectoryAccount('x', 'X', failing.api()),
      new DirectoryAccount('y', 'Y', 'secretMissing'),
      own,
    ]);
    const updates = await all(world, 'jane@example.com');
    deepEqual(updates.map(short).sort(), [
      'server a: Jane Doe',
      'server no provider failed',
      'server no provider failed',
    ]);
    const failed = updates.filter((update) => 'error' in update);
    deepEqual(failed.map(({ account }) => account.id).sort(), ['x', 'y']);
  });

  it('ends where nothing is connected', async () => {
    const world = new World({}, () => []);
    deepEqual(await all(world, 'jane'), []);
  });
});

describe('search, aborted', () => {
  const reason = new Error('typed on');

  function isReason(error: unknown): boolean {
    return error === reason;
  }

  it('sends nothing where it is aborted from the start', async () => {
    const world = new World({ a: [jane] });
    await rejects(all(world, 'jane', { signal: AbortSignal.abort(reason) }), isReason);
    equal(world.fake.requests.length, 0);
  });

  it('sends nothing where it is aborted in the pause before the server is asked, and ends with the reason', async () => {
    const world = new World({ a: [jane] });
    await world.load('a');
    const abort = new AbortController();
    const updates = search(world.directory, 'jane', { signal: abort.signal, serverDelayMs: 60_000 });
    equal(short((await updates.next()).value as SearchUpdate), 'loaded a: Jane Doe');
    const next = updates.next();
    await settled();
    abort.abort(reason);
    await rejects(next, isReason);
    equal(world.fake.requests.length, 0);
  });

  it('ends its requests, with the reason', async () => {
    const world = new World({ a: [jane], b: [jane] });
    await world.load();
    world.before = () => new Promise(() => undefined);
    const abort = new AbortController();
    const updates = all(world, 'jane', { signal: abort.signal });
    await settled();
    abort.abort(reason);
    await rejects(updates, isReason);
    equal(world.fake.requests.length, 6);
    ok(world.fake.requests.every(({ signal }) => signal.aborted));
  });

  it('ends while identity providers are being read', async () => {
    const world = new World({ a: [jane] });
    world.fake.respond = () => new Promise(() => undefined);
    const abort = new AbortController();
    const updates = all(world, 'jane', { signal: abort.signal });
    updates.catch(() => undefined);
    await settled();
    abort.abort(reason);
    try {
      await rejects(Promise.race([updates, settled()]), isReason);
    } finally {
      world.account.dispose();
    }
  });

  it('leaves no rejection unhandled where its consumer is busy when it is aborted', async () => {
    const world = new World({ a: [jane], b: [jane] });
    await world.load();
    world.before = (provider) => (provider === 'b' ? new Promise(() => undefined) : Promise.resolve(undefined));
    const unhandled = await unhandledRejections(async () => {
      const abort = new AbortController();
      const updates = search(world.directory, 'jane@example.com', { signal: abort.signal });
      equal(short((await updates.next()).value as SearchUpdate), 'server a: Jane Doe');
      // The rejection happens here, while nobody waits for the next update.
      abort.abort(reason);
      await settled();
      await rejects(updates.next(), isReason);
    });
    deepEqual(unhandled, []);
  });

  it('leaves no rejection unhandled where its consumer leaves', async () => {
    for (const answered of ['a', 'b']) {
      const world = new World({ a: [jane], b: [jane], c: [jane] });
      await world.load();
      world.before = (provider) => (provider === answered ? Promise.resolve(undefined) : new Promise(() => undefined));
      const unhandled = await unhandledRejections(async () => {
        const abort = new AbortController();
        for await (const update of search(world.directory, 'jane@example.com', { signal: abort.signal })) {
          equal(short(update), `server ${answered}: Jane Doe`);
          break;
        }
        abort.abort(reason);
      });
      deepEqual(unhandled, []);
    }
  });

  it('leaves no rejection unhandled where requests fail after its consumer left', async () => {
    const world = new World({ a: [jane], b: [jane] });
    await world.load();
    const late = deferred<Response | undefined>();
    world.before = (provider) => (provider === 'b' ? late.promise : Promise.resolve(undefined));
    const unhandled = await unhandledRejections(async () => {
      for await (const update of search(world.directory, 'jane@example.com')) {
        equal(short(update), 'server a: Jane Doe');
        break;
      }
      late.reject(new Error('reset'));
    });
    deepEqual(unhandled, []);
  });

  it('leaves no rejection unhandled where a whole account fails', async () => {
    const world = new World({ a: [jane], b: [jane] });
    world.fake.respond = () => Promise.reject(new Error('reset'));
    const unhandled = await unhandledRejections(async () => {
      deepEqual((await all(world, 'jane')).map(short), ['server no provider failed']);
    });
    deepEqual(unhandled, []);
  });
});
