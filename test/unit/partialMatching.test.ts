import { deepEqual, equal, ok } from 'node:assert/strict';
import { CloudflareApi } from '../../src/cloudflare/endpoints';
import { Sender } from '../../src/cloudflare/sender';
import { type Fetch, Transport } from '../../src/cloudflare/transport';
import { DirectoryAccount } from '../../src/directory/account';
import { PartialMatching } from '../../src/directory/partialMatching';
import { settled, unhandledRejections } from '../support/fakes';
import { startSimulator } from '../simulator/simulator.mts';
import { all, hidden, jane, type PartialMode, SearchWorld, short } from '../support/searchWorld';

async function probed(mode: PartialMode) {
  const world = new SearchWorld({ a: [jane, hidden] });
  world.partial = mode;
  await world.load('a');
  await world.account.partialMatching.probe(world.provider('a'));
  return world;
}

describe('PartialMatching', () => {
  const found: Record<PartialMode, [name: string | undefined, requests: number]> = {
    honour: ['search_contains', 2],
    ignore: [undefined, 2],
    refuse: [undefined, 2],
    nobody: [undefined, 4],
    fail: [undefined, 1],
    offline: [undefined, 1],
  };
  for (const [mode, [name, requests]] of Object.entries(found)) {
    it(`finds out what a server of mode ${mode} does, by ${requests} requests`, async () => {
      const world = await probed(mode as PartialMode);
      equal(world.account.partialMatching.filterName, name);
      equal(world.partialFilters.length, requests);
      equal(world.fake.requests.length, requests);
    });
  }

  it('uses the filter for a beginning where only that one works', async () => {
    const world = new SearchWorld({ a: [jane] });
    world.partial = 'honour';
    await world.load('a');
    world.before = (_, filter) => {
      world.partial = filter === 'search_contains' ? 'nobody' : 'honour';
      return Promise.resolve(undefined);
    };
    await world.account.partialMatching.probe(world.provider('a'));
    equal(world.account.partialMatching.filterName, 'search_starts_with');
    equal(world.partialFilters.length, 4);
  });

  it('looks for a random text and for a part of a user that was read', async () => {
    const [one, other] = [await probed('honour'), await probed('honour')];
    const [random, part] = one.partialFilters;
    ok(random?.startsWith('search_contains=') && random.length > 30);
    ok(random !== other.partialFilters[0]);
    equal(part, 'search_contains=ane@Ex');
  });

  it('does not take another user for the one that it looks for', async () => {
    const world = new SearchWorld({ a: [jane, hidden] });
    await world.load('a');
    world.before = () => {
      world.partial = world.partialFilters.length % 2 === 1 ? 'nobody' : 'ignore';
      return Promise.resolve(undefined);
    };
    const nobodyElse = new SearchWorld({ a: [hidden] });
    await nobodyElse.load('a');
    await world.account.partialMatching.probe(world.provider('a'));
    equal(world.account.partialMatching.filterName, 'search_contains');

    nobodyElse.before = () => {
      const person = nobodyElse.partialFilters.length % 2 === 1 ? [] : [jane];
      return Promise.resolve(new Response(JSON.stringify({ success: true, result: person })));
    };
    await nobodyElse.account.partialMatching.probe(nobodyElse.provider('a'));
    equal(nobodyElse.account.partialMatching.filterName, undefined);
  });

  it('finds out once a connection, however it ends, and only once at a time', async () => {
    for (const mode of ['honour', 'ignore', 'refuse', 'nobody'] as const) {
      const world = await probed(mode);
      world.fake.requests.length = 0;
      const partialMatching = world.account.partialMatching;
      await Promise.all([partialMatching.probe(world.provider('a')), partialMatching.probe(world.provider('a'))]);
      equal(world.fake.requests.length, 0, mode);
    }
    const world = new SearchWorld({ a: [jane, hidden] });
    world.partial = 'honour';
    await world.load('a');
    const partialMatching = world.account.partialMatching;
    await Promise.all([partialMatching.probe(world.provider('a')), partialMatching.probe(world.provider('a'))]);
    equal(world.fake.requests.length, 2);
  });

  it('asks again five minutes after a failure, which nobody has to handle', async () => {
    for (const mode of ['fail', 'offline'] as const) {
      const unhandled = await unhandledRejections(async () => {
        const world = new SearchWorld({ a: [jane, hidden] });
        await world.load('a');
        let now = 0;
        const partialMatching = new PartialMatching(() => now);
        world.partial = mode;
        await partialMatching.probe(world.provider('a'));
        world.partial = 'honour';
        const asked = world.fake.requests.length;
        now = 299_999;
        await partialMatching.probe(world.provider('a'));
        equal(world.fake.requests.length, asked);
        now = 300_000;
        await partialMatching.probe(world.provider('a'));
        equal(partialMatching.filterName, 'search_contains');
      });
      deepEqual(unhandled, []);
    }
  });

  it('waits for a user that it can look for', async () => {
    const nameless = new SearchWorld({ a: [{ id: 'x' }, { displayName: 'Without an id' }], b: [hidden] });
    nameless.partial = 'honour';
    await nameless.load('a');
    const partialMatching = new PartialMatching();
    await nameless.load();
    await partialMatching.probe(nameless.provider('b'));
    await partialMatching.probe(nameless.provider('a'));
    equal(nameless.fake.requests.length, 0);
    await nameless.provider('b').users.shown.loadMore();
    await partialMatching.probe(nameless.provider('b'));
    equal(partialMatching.filterName, 'search_contains');
  });
});

describe('PartialMatching, in front of the simulator', () => {
  for (const [partialMatch, name] of [
    ['honour', 'search_contains'],
    ['ignore', undefined],
    ['refuse', undefined],
    ['nobody', undefined],
  ] as const) {
    it(`finds ${name ?? 'no filter'} where it is to ${partialMatch}`, async () => {
      const simulator = await startSimulator({ partialMatch });
      try {
        const base = new URL(simulator.baseUrl);
        const transport = new Transport({
          fetch: globalThis.fetch as Fetch,
          dispatcher: () => Promise.resolve(undefined),
        });
        const credential = { scheme: 'token', token: simulator.issueToken() } as const;
        const api = new CloudflareApi(new Sender(transport, () => base), { credential, origin: base.origin });
        const account = new DirectoryAccount(simulator.accounts[0]?.id ?? '', '', api);
        await account.loadProviders();
        const okta = account.providers?.find(({ identityProvider }) => identityProvider.name === 'Okta');
        ok(okta);
        await okta.users.shown.loadMore();
        await account.partialMatching.probe(okta);
        equal(account.partialMatching.filterName, name);
      } finally {
        await simulator.close();
      }
    });
  }
});

describe('search on the server by a part of a text', () => {
  it('begins once both probes have answered, with one request in place of the questions for whole emails and names', async () => {
    const world = new SearchWorld({ a: [jane, hidden] });
    world.partial = 'honour';
    await world.load('a');
    const gate = Promise.withResolvers();
    world.before = async (_, filter) => {
      if (filter === 'search_contains' && world.partialFilters.length === 2) {
        await gate.promise;
      }
      return undefined;
    };
    deepEqual((await all(world, 'ane@ex')).map(short), ['a: ']);
    equal(world.filters.length, 4);
    equal(world.account.partialMatching.filterName, undefined);
    gate.resolve(undefined);
    await settled();

    world.fake.requests.length = 0;
    deepEqual((await all(world, 'ane@exa')).map(short), ['a: Jane Doe']);
    deepEqual(
      [world.partialFilters, world.filters],
      [['search_contains=ane@exa'], ['a:idp_resource_id=ane@exa', 'a:username=ane@exa']],
    );
  });

  it('keeps to whole fields for whole emails and for what has a prefix', async () => {
    const world = await probed('honour');
    world.fake.requests.length = 0;
    await all(world, 'jane@example.com');
    deepEqual([world.partialFilters, world.filters.length], [[], 2]);
    world.fake.requests.length = 0;
    await all(world, 'name:jane ext:00u');
    deepEqual([world.partialFilters, world.filters], [[], ['a:idp_resource_id=00u', 'a:name=jane']]);
  });

  it('is not used where it was not honoured', async () => {
    for (const mode of ['ignore', 'refuse', 'nobody', 'fail', 'offline'] as const) {
      const world = await probed(mode);
      world.fake.requests.length = 0;
      await all(world, 'jane');
      equal(world.filters.length, 4, mode);
      ok(!world.partialFilters.some((filter) => filter.endsWith('=jane')), mode);
    }
  });

  it('is not waited for', async () => {
    const world = new SearchWorld({ a: [jane] });
    await world.load('a');
    world.before = (_, filter) =>
      filter?.startsWith('search_') ? new Promise<never>(() => undefined) : Promise.resolve(undefined);
    deepEqual((await all(world, 'jane doe')).map(short), ['a: Jane Doe']);
    world.account.dispose();
    await settled();
  });
});
