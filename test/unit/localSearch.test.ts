import { deepEqual, equal } from 'node:assert/strict';
import { mostCounted, searchLocally } from '../../src/lookup/localSearch';
import { type Scope, searchedProviders } from '../../src/lookup/scope';
import { parseQuery } from '../../src/matching/query';
import { hidden, jane, type Person, SearchWorld, uuid } from '../support/searchWorld';

function found(world: SearchWorld, text: string, scope?: Scope, wanted = 100): (string | undefined)[] {
  const query = parseQuery(text);
  const { resources } = searchLocally(searchedProviders(world.directory, query, scope), query, wanted);
  return resources.map(({ data }) => data.displayName);
}

async function worldOf(people: Record<string, readonly Person[]>): Promise<SearchWorld> {
  const world = new SearchWorld(people);
  await world.load(...Object.keys(people));
  return world;
}

describe('search among what was read', () => {
  it('sends nothing', async () => {
    const world = await worldOf({ a: [jane, hidden], b: [jane] });
    deepEqual(found(world, 'jane'), ['Jane Doe', 'Jane Doe']);
    equal(world.fake.requests.length, 0);
  });

  it('looks at any part of name, emails and ids, upper and lower case alike', async () => {
    const world = await worldOf({ a: [jane, hidden] });
    for (const text of ['ANE D', 'jane@EXAMPLE', '00U-J', uuid(1).slice(4), '  Jane  ', 'J', 'Jane  Doe', 'doe jane']) {
      deepEqual(found(world, text), ['Jane Doe'], text);
    }
    for (const text of ['q', '"Jane  Doe"', '.*', 'undefined', 'null', 'jane roe', 'user:jane']) {
      deepEqual(found(world, text), [], text);
    }
  });

  it('takes accents and special letters for the plain ones', async () => {
    const world = await worldOf({ a: [{ displayName: 'Jürgen Müller' }, { displayName: 'Zoë Straße' }] });
    deepEqual(
      [found(world, 'muller'), found(world, 'STRASSE'), found(world, 'müll')],
      [['Jürgen Müller'], ['Zoë Straße'], ['Jürgen Müller']],
    );
  });

  it('gives each row its user and its place in the list', async () => {
    const world = await worldOf({ a: [hidden, jane] });
    const query = parseQuery('j');
    const { resources, count } = searchLocally([world.provider('a')], query, 100);
    deepEqual(
      [count, resources.map(({ provider, place }) => [provider, place])],
      [1, [[world.provider('a'), { page: 1, row: 2 }]]],
    );
  });

  it('has the best match first, whichever identity provider it is of, and else the order of these and their lists', async () => {
    const world = await worldOf({
      a: [{ displayName: 'Xann' }, { displayName: 'Anna' }, { displayName: 'Zoe Anna' }],
      b: [{ displayName: 'Ann' }, { displayName: 'Anne' }, { displayName: 'Eva Ann' }],
    });
    deepEqual(found(world, 'ann'), ['Ann', 'Anna', 'Anne', 'Zoe Anna', 'Eva Ann', 'Xann']);
    deepEqual(found(world, 'ann', undefined, 2), ['Ann', 'Anna']);
  });

  it('counts all up to a thousand, and decodes no more than are wanted', async () => {
    const people = (count: number) => Array.from({ length: count }, (_, i) => ({ id: `id-${i}`, displayName: 'Jane' }));
    const world = await worldOf({ a: people(600), b: people(399) });
    const query = parseQuery('jane');
    const providers = [world.provider('a'), world.provider('b')];
    const { resources, count } = searchLocally(providers, query, 7);
    deepEqual([resources.length, count, mostCounted], [7, 999, 1000]);
    const more = await worldOf({ a: people(1000), b: people(1) });
    equal(searchLocally([more.provider('a'), more.provider('b')], query, 7).count, 1000);
  });

  it('looks only where the query and the scope say', async () => {
    const inactive = { displayName: 'Jane Off', active: false };
    const world = await worldOf({ a: [jane], b: [jane, inactive], none: [jane] });
    equal(found(world, 'jane').length, 3);
    equal(found(world, 'jane', world.account).length, 3);
    equal(found(world, 'jane', world.provider('b')).length, 2);
    equal(found(world, 'jane', world.provider('none')).length, 0);
    equal(found(world, 'jane idp:"named A"').length, 1);
    equal(found(world, 'jane idp:nobody').length, 0);
    deepEqual(found(world, 'jane is:inactive'), ['Jane Off']);
    deepEqual(found(world, 'is:inactive'), ['Jane Off']);
    deepEqual(found(world, 'name:example'), []);
    deepEqual(found(world, 'email:example', world.provider('a')), ['Jane Doe']);
  });

  it('is silent about identity providers of which nothing was read', async () => {
    const world = new SearchWorld({ a: [jane] });
    await world.load();
    deepEqual(found(world, 'j'), []);
  });
});
