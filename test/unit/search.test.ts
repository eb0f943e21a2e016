import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { CloudflareError } from '../../src/cloudflare/errors';
import { DirectoryAccount } from '../../src/directory/account';
import type { Scope } from '../../src/lookup/scope';
import { searchOnServer, type ServerUpdate } from '../../src/lookup/serverSearch';
import { serverPlan } from '../../src/lookup/serverPlan';
import { parseQuery } from '../../src/matching/query';
import { errorResponse, FakeFetch, settled, unhandledRejections } from '../support/fakes';
import { all, hidden, jane, type PartialMode, SearchWorld, short, uuid } from '../support/searchWorld';

describe('search on the server', () => {
  it('sends nothing, and reads nothing, below two characters', async () => {
    for (const text of ['j', ' j ', '山', '𠮷', '😀']) {
      const world = new SearchWorld({ a: [jane] });
      deepEqual(await all(world, text), []);
      equal(world.fake.requests.length, 0, text);
    }
  });

  it('reads the identity providers where that has not been done, and asks those with SCIM', async () => {
    const world = new SearchWorld({ a: [jane], none: [jane] });
    deepEqual((await all(world, 'jane@example.com')).map(short), ['a: Jane Doe']);
    deepEqual(world.filters, ['a:email=jane@example.com', 'a:username=jane@example.com']);
    equal(world.fake.requests.length, 2 + 2);
  });

  it('asks for a word as an email, a username, a name or an external id, one filter a request', async () => {
    const world = new SearchWorld({ a: [] });
    await world.load();
    await all(world, 'jane');
    deepEqual(world.filters, ['a:email=jane', 'a:idp_resource_id=jane', 'a:name=jane', 'a:username=jane']);
    equal(world.requestsTo('a'), 4);
  });

  it('asks for what has a prefix in its own field, beside the rest', async () => {
    const world = new SearchWorld({ a: [] });
    await world.load();
    await all(world, 'user:login7 jane doe email:x@y.zz');
    deepEqual(world.filters, ['a:email=x@y.zz', 'a:name=jane doe', 'a:username=jane doe', 'a:username=login7']);
  });

  it('asks only where the query and the scope say', async () => {
    const other = new FakeFetch(() => errorResponse(500));
    const elsewhere = new DirectoryAccount('x', 'X', other.api());
    const world = new SearchWorld({ a: [], b: [], none: [] }, (own) => [elsewhere, own]);
    await world.load();
    const asked = async (text: string, scope?: Scope) => {
      world.fake.requests.length = other.requests.length = 0;
      await all(world, text, { scope });
      return ['a', 'b', 'none'].filter((id) => world.requestsTo(id) > 0).concat(other.requests.length > 0 ? ['x'] : []);
    };
    deepEqual(await asked('jane doe'), ['a', 'b', 'x']);
    deepEqual(await asked('jane doe 0', world.account), ['a', 'b']);
    deepEqual(await asked('jane doe 1', world.provider('b')), ['b']);
    deepEqual(await asked('jane doe 2', world.provider('none')), []);
    deepEqual(await asked('jane doe 3', elsewhere), ['x']);
    deepEqual(await asked('jane roe idp:"named B"', world.account), ['b']);
    deepEqual(await asked('jane roe idp:saml', world.account), []);
  });

  it('asks nothing for states and identity providers alone', async () => {
    const world = new SearchWorld({ a: [jane] });
    await world.load();
    for (const text of ['is:inactive', 'idp:named', 'idp:named is:active j', '', ' \n ']) {
      deepEqual(await all(world, text), [], text);
    }
    equal(world.fake.requests.length, 0);
  });

  it('drops who is not in the state that was asked for', async () => {
    const world = new SearchWorld({ a: [{ ...jane, active: false }] });
    await world.load();
    deepEqual((await all(world, 'jane@example.com is:active')).map(short), ['a: ']);
    deepEqual((await all(world, 'jane@example.com is:inactive')).map(short), ['a: Jane Doe']);
  });

  it('asks nothing twice, until a refresh', async () => {
    const world = new SearchWorld({ a: [jane] });
    await world.load();
    const first = await all(world, 'jane@example.com');
    deepEqual((await all(world, 'jane@example.com')).map(short), first.map(short));
    equal(world.requestsTo('a'), 2);
    await world.provider('a').refresh();
    world.fake.requests.length = 0;
    await all(world, 'jane@example.com');
    equal(world.requestsTo('a') >= 2, true);
    equal(world.filters.length, 2);
  });

  it('asks again what was given up or failed', async () => {
    const world = new SearchWorld({ a: [jane] });
    await world.load();
    world.before = () => Promise.resolve(errorResponse(500));
    deepEqual((await all(world, 'jane@example.com')).map(short), ['a failed']);
    world.before = () => new Promise(() => undefined);
    const abort = new AbortController();
    const updates = all(world, 'jane@example.com', { signal: abort.signal });
    await settled();
    abort.abort(new Error('typed on'));
    await rejects(updates, /typed on/);
    world.before = () => Promise.resolve(undefined);
    deepEqual((await all(world, 'jane@example.com')).map(short), ['a: Jane Doe']);
  });

  it('sends the text as typed, without the spaces around it', async () => {
    const world = new SearchWorld({ a: [] });
    await all(world, '  JaNe+x@Example.com ');
    deepEqual(world.filters[0], 'a:email=JaNe+x@Example.com');
  });

  it('asks for a text with a space as a name or a username', async () => {
    const world = new SearchWorld({ a: [] });
    await world.load();
    await all(world, 'jane doe');
    deepEqual(world.filters, ['a:name=jane doe', 'a:username=jane doe']);
  });

  it('asks for a UUID as the id of Cloudflare, and then no more where that is someone', async () => {
    const world = new SearchWorld({ a: [jane] });
    await world.load();
    deepEqual((await all(world, uuid(1))).map(short), ['a: Jane Doe']);
    deepEqual(world.filters, [`a:cf_resource_id=${uuid(1)}`]);
  });

  it('asks for a UUID as an external id where it is nobody of Cloudflare', async () => {
    const world = new SearchWorld({ a: [hidden] });
    await world.load();
    deepEqual((await all(world, uuid(77))).map(short), ['a: Somebody']);
    deepEqual(world.filters, [`a:cf_resource_id=${uuid(77)}`, `a:idp_resource_id=${uuid(77)}`]);
  });

  it('marks who was found by username, which no answer shows', async () => {
    const world = new SearchWorld({ a: [jane, hidden] });
    await world.load();
    deepEqual((await all(world, 'somebody1')).map(short), ['a: Somebody (by username)']);
  });

  it('gives a user once who is found in several ways, and then by what can be seen', async () => {
    const world = new SearchWorld({ a: [jane] });
    world.matching = () => true;
    await world.load();
    deepEqual((await all(world, 'jane@example.com')).map(short), ['a: Jane Doe']);
  });

  it('marks nobody by username who shows one word of several only', async () => {
    const world = new SearchWorld({ a: [jane] });
    world.matching = (_, filter) => filter === 'username';
    await world.load();
    deepEqual((await all(world, 'jane doe')).map(short), ['a: Jane Doe']);
    deepEqual((await all(world, 'jane roe')).map(short), ['a: Jane Doe (by username)']);
    deepEqual((await all(world, 'jane roe email:other')).map(short), ['a: ']);
  });

  it('wants the other words to be seen of whom a username brought', async () => {
    const john = { id: uuid(3), displayName: 'John Roe' };
    const world = new SearchWorld({ a: [jane, john] });
    world.matching = (person, filter, value) =>
      filter === 'username' && (value === 'login7' || (value === 'jane' && person === john));
    await world.load();
    deepEqual((await all(world, 'user:login7')).map(short), ['a: Jane Doe (by username), John Roe (by username)']);
    deepEqual((await all(world, 'user:login7 jane')).map(short), ['a: Jane Doe (by username)']);
    deepEqual((await all(world, 'jane user:jane')).map(short), ['a: John Roe (by username)']);
    deepEqual((await all(world, 'user:login7 user:jane')).map(short), ['a: ']);
  });

  it('keeps users without an id apart', async () => {
    const world = new SearchWorld({ a: [{ displayName: 'Jane' }, { displayName: 'Jane' }] });
    world.matching = (_, filter) => filter === 'email';
    await world.load();
    deepEqual((await all(world, 'jane')).map(short), ['a: Jane, Jane']);
  });

  it('drops what shows none of the text, where a server ignores a filter', async () => {
    const world = new SearchWorld({ a: [jane, hidden] });
    world.matching = (_, filter) => filter !== 'username';
    await world.load();
    deepEqual((await all(world, 'nobody@example.com')).map(short), ['a: ']);
    deepEqual((await all(world, uuid(99))).map(short), ['a: ']);
  });

  it('believes a few matches by username, and not a crowd of them', async () => {
    const crowd = Array.from({ length: 6 }, (_, i) => ({ id: `id-${i}`, displayName: `Somebody ${i}` }));
    for (const [users, found] of [
      [crowd.slice(0, 5), 5],
      [crowd, 0],
    ] as const) {
      const world = new SearchWorld({ a: users });
      world.matching = (_, filter) => filter === 'username';
      await world.load();
      const [update] = await all(world, 'login');
      equal(update && 'rows' in update && update.rows.length, found);
    }
  });

  it('gives the answer of each identity provider as it comes', async () => {
    const world = new SearchWorld({ a: [jane], b: [jane], c: [jane] });
    await world.load();
    const gates = { a: Promise.withResolvers(), b: Promise.withResolvers(), c: Promise.withResolvers() };
    world.before = async (provider) => {
      await gates[provider as keyof typeof gates].promise;
      return undefined;
    };
    const updates = searchOnServer(world.directory, serverPlan(parseQuery('jane@example.com')), 'requested');
    const order: string[] = [];
    for (const provider of ['c', 'a', 'b'] as const) {
      const next = updates.next();
      await settled();
      gates[provider].resolve(undefined);
      order.push(short((await next).value as ServerUpdate));
    }
    deepEqual(order, ['c: Jane Doe', 'a: Jane Doe', 'b: Jane Doe']);
    ok((await updates.next()).done);
  });

  it('lets the others stand where one identity provider fails, or one of its questions', async () => {
    const world = new SearchWorld({ a: [jane], b: [jane] });
    await world.load();
    world.before = (provider, filter) =>
      Promise.resolve(provider === 'a' && filter === 'username' ? errorResponse(500) : undefined);
    const updates = await all(world, 'jane@example.com');
    deepEqual(updates.map(short).sort(), ['a failed', 'a: Jane Doe', 'b: Jane Doe']);
    const failed = updates.find((update) => 'error' in update);
    ok(failed && 'error' in failed && failed.error instanceof CloudflareError);
    equal(failed.account, world.account);
  });

  it('fails without an identity provider where an account cannot be read, or has no secret', async () => {
    const failing = new FakeFetch(() => errorResponse(403));
    const world = new SearchWorld({ a: [jane] }, (own) => [
      new DirectoryAccount('x', 'X', failing.api()),
      new DirectoryAccount('y', 'Y', 'secretMissing'),
      own,
    ]);
    const updates = await all(world, 'jane@example.com');
    deepEqual(updates.map(short).sort(), ['a: Jane Doe', 'no provider failed', 'no provider failed']);
    const failed = updates.filter((update) => 'error' in update);
    deepEqual(failed.map(({ account }) => account.id).sort(), ['x', 'y']);
  });

  it('ends where nothing is connected', async () => {
    const world = new SearchWorld({}, () => []);
    deepEqual(await all(world, 'jane'), []);
  });
});

describe('search on the server, beside a directory that was loaded as a whole', () => {
  it('asks for words as usernames only', async () => {
    const world = new SearchWorld({ a: [jane, hidden], b: [jane] });
    await world.loadAll('a');
    deepEqual((await all(world, 'somebody1', { scope: world.provider('a') })).map(short), [
      'a: Somebody (by username)',
    ]);
    await all(world, 'jane doe name:jane');
    deepEqual(world.filters, [
      'a:username=jane doe',
      'a:username=somebody1',
      'b:name=jane',
      'b:name=jane doe',
      'b:username=jane doe',
    ]);
  });

  it('asks nothing for a whole email or a UUID that is found there, and looks up the others', async () => {
    const world = new SearchWorld({ a: [jane, hidden] });
    await world.loadAll('a');
    for (const text of ['jane@example.com', uuid(1), uuid(77), 'JANE@example.COM']) {
      deepEqual((await all(world, text)).map(short), [], text);
    }
    deepEqual(world.filters, []);
    deepEqual((await all(world, 'somebody@hidden.example')).map(short), ['a: Somebody (by username)']);
    await all(world, uuid(9));
    deepEqual(world.filters, [
      `a:cf_resource_id=${uuid(9)}`,
      'a:email=somebody@hidden.example',
      `a:idp_resource_id=${uuid(9)}`,
      'a:username=somebody@hidden.example',
    ]);
  });
});

describe('questions that are sent without a request of the user', () => {
  const sentFor = async (text: string, asking: 'soon' | 'late', partial: PartialMode = 'ignore') => {
    const world = new SearchWorld({ a: [jane, hidden], b: [jane] });
    world.partial = partial;
    await world.load('a', 'b');
    await all(world, 'somebody else');
    await settled();
    world.fake.requests.length = 0;
    await all(world, text, { asking, scope: world.provider('a') });
    return [...world.filters, ...world.partialFilters];
  };

  it('soon: a whole email, UUID or Okta user id, also with a prefix', async () => {
    deepEqual(await sentFor('j.d@example.com', 'soon'), ['a:email=j.d@example.com', 'a:username=j.d@example.com']);
    deepEqual(await sentFor('J D <j.d@example.com>', 'soon'), [
      'a:email=j.d@example.com',
      'a:username=j.d@example.com',
    ]);
    deepEqual(await sentFor(uuid(9), 'soon'), [`a:cf_resource_id=${uuid(9)}`, `a:idp_resource_id=${uuid(9)}`]);
    deepEqual(await sentFor('email:j.d@example.com', 'soon'), ['a:email=j.d@example.com']);
  });

  it('late: one word, as a username', async () => {
    deepEqual(await sentFor('petersen', 'late'), ['a:username=petersen']);
    deepEqual(await sentFor('user:login', 'late'), ['a:username=login']);
  });

  it('none for parts, several words and whole texts at the other time', async () => {
    for (const text of ['petersen', 'anna@', 'anna.k@northwind', 'jane doe', 'name:jane', 'ext:00u1', 'user:login']) {
      deepEqual(await sentFor(text, 'soon'), [], text);
    }
    for (const text of ['anna@', 'anna.k@northwind', 'jane doe', 'name:jane', 'ext:00u1', 'j.d@example.com', uuid(9)]) {
      deepEqual(await sentFor(text, 'late'), [], text);
    }
  });

  it('one a provider, soon, where the server finds parts', async () => {
    deepEqual(await sentFor('petersen', 'soon', 'honour'), ['search_contains=petersen']);
    deepEqual(await sentFor('petersen', 'late', 'honour'), []);
  });
});

describe('a filter that a server refuses', () => {
  it('does not hide what other filters find, and is not used again', async () => {
    const world = new SearchWorld({ a: [jane] });
    await world.load();
    world.before = (_, filter) => Promise.resolve(filter === 'username' ? errorResponse(400, 12130) : undefined);
    const updates = await all(world, 'jane@example.com');
    deepEqual(updates.map(short), ['a: Jane Doe', 'a failed']);
    const [, failed] = updates;
    deepEqual(failed && 'error' in failed && failed.fields, ['username']);
    world.fake.requests.length = 0;
    await all(world, 'other@example.com');
    deepEqual(world.filters, ['a:email=other@example.com']);
  });

  it('is used again after the identity providers are read again, and after another failure', async () => {
    const world = new SearchWorld({ a: [jane] });
    await world.load();
    let status = 500;
    world.before = (_, filter) => Promise.resolve(filter === 'username' ? errorResponse(status, 12130) : undefined);
    await all(world, 'jane@example.com');
    status = 400;
    await all(world, 'jane@example.com');
    await world.load();
    await all(world, 'jane@example.com');
    deepEqual(world.filters, ['a:username=jane@example.com']);
  });
});

describe('search, aborted', () => {
  const reason = new Error('typed on');

  function isReason(error: unknown): boolean {
    return error === reason;
  }

  it('sends nothing where it is aborted from the start', async () => {
    const world = new SearchWorld({ a: [jane] });
    await rejects(all(world, 'jane', { signal: AbortSignal.abort(reason) }), isReason);
    equal(world.fake.requests.length, 0);
  });

  it('ends its requests, with the reason', async () => {
    const world = new SearchWorld({ a: [jane], b: [jane] });
    await world.load();
    world.before = () => new Promise(() => undefined);
    const abort = new AbortController();
    const updates = all(world, 'jane', { signal: abort.signal });
    await settled();
    abort.abort(reason);
    await rejects(updates, isReason);
    equal(world.fake.requests.length, 8);
    ok(world.fake.requests.every(({ signal }) => signal.aborted));
  });

  it('ends while identity providers are being read', async () => {
    const world = new SearchWorld({ a: [jane] });
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
    const world = new SearchWorld({ a: [jane], b: [jane] });
    await world.load();
    world.before = (provider) => (provider === 'b' ? new Promise(() => undefined) : Promise.resolve(undefined));
    const unhandled = await unhandledRejections(async () => {
      const abort = new AbortController();
      const updates = searchOnServer(world.directory, serverPlan(parseQuery('jane@example.com')), 'requested', {
        signal: abort.signal,
      });
      equal(short((await updates.next()).value as ServerUpdate), 'a: Jane Doe');
      // The rejection happens here, while nobody waits for the next update.
      abort.abort(reason);
      await settled();
      await rejects(updates.next(), isReason);
    });
    deepEqual(unhandled, []);
  });

  it('leaves no rejection unhandled where its consumer leaves', async () => {
    for (const answered of ['a', 'b']) {
      const world = new SearchWorld({ a: [jane], b: [jane], c: [jane] });
      await world.load();
      world.before = (provider) => (provider === answered ? Promise.resolve(undefined) : new Promise(() => undefined));
      const unhandled = await unhandledRejections(async () => {
        const abort = new AbortController();
        for await (const update of searchOnServer(
          world.directory,
          serverPlan(parseQuery('jane@example.com')),
          'requested',
          {
            signal: abort.signal,
          },
        )) {
          equal(short(update), `${answered}: Jane Doe`);
          break;
        }
        abort.abort(reason);
      });
      deepEqual(unhandled, []);
    }
  });

  it('leaves no rejection unhandled where requests fail after its consumer left', async () => {
    const world = new SearchWorld({ a: [jane], b: [jane] });
    await world.load();
    const late = Promise.withResolvers<Response | undefined>();
    world.before = (provider) => (provider === 'b' ? late.promise : Promise.resolve(undefined));
    const unhandled = await unhandledRejections(async () => {
      for await (const update of searchOnServer(
        world.directory,
        serverPlan(parseQuery('jane@example.com')),
        'requested',
      )) {
        equal(short(update), 'a: Jane Doe');
        break;
      }
      late.reject(new Error('reset'));
    });
    deepEqual(unhandled, []);
  });

  it('leaves no rejection unhandled where a whole account fails', async () => {
    const world = new SearchWorld({ a: [jane], b: [jane] });
    world.fake.respond = () => Promise.reject(new Error('reset'));
    const unhandled = await unhandledRejections(async () => {
      deepEqual((await all(world, 'jane')).map(short), ['no provider failed']);
    });
    deepEqual(unhandled, []);
  });
});
