import { deepEqual, equal } from 'node:assert/strict';
import { DirectoryProvider } from '../../src/directory/provider';
import { knownBy } from '../../src/lookup/exact';
import { hidden, jane, SearchWorld, uuid } from '../support/searchWorld';

describe('what an id or email names', () => {
  const people = {
    a: [jane, hidden, { id: uuid(3), displayName: 'jane@example.com', emails: [{ value: 'zoë@x.example' }] }],
    b: [{ ...jane, id: uuid(4), externalId: '00uABCDEFGHIJKLMNOPQ' }],
  };

  async function known(text: string): Promise<string[]> {
    const world = new SearchWorld(people);
    await world.load('a', 'b');
    const before = world.fake.requests.length;
    const found = knownBy(text, world.directory);
    equal(world.fake.requests.length, before, 'nothing is requested');
    return found.map((one) =>
      one instanceof DirectoryProvider ? one.name : `${one.provider.name}: ${one.data.id ?? ''}`,
    );
  }

  it('is found by id, external id and email, in every identity provider', async () => {
    deepEqual(await known(uuid(2)), [`Named a: ${uuid(2)}`]);
    deepEqual(await known(uuid(77)), [`Named a: ${uuid(2)}`]);
    deepEqual(await known('JANE@example.com'), [`Named a: ${uuid(1)}`, `Named b: ${uuid(4)}`]);
    deepEqual(await known('a'), ['Named a']);
  });

  it('is nothing that has only a part of the text, a name like it, or other accents or case where these count', async () => {
    for (const text of ['jane@example.co', 'Jane Doe', 'zoe@x.example', '00uabcdefghijklmnopq', uuid(2).slice(1), '']) {
      deepEqual(await known(text), [], text);
    }
    deepEqual(await known('ZOË@x.example'), [`Named a: ${uuid(3)}`]);
  });
});
