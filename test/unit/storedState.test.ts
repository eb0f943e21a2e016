import assert from 'node:assert/strict';
import { secretKey } from '../../src/connection/storedSecret';
import { type Simulator, startSimulator } from '../simulator/simulator.mts';
import { SharedStores } from '../support/sharedStores';

/** What version 0.1.0 stored, member by member: this is not written with the code under test. */
function secretOf010(accountId: string, rest: object): string {
  return JSON.stringify({
    version: 1,
    origin: 'https://api.cloudflare.com',
    accountId,
    accountName: 'Its name',
    ...rest,
  });
}

const indexKey = 'scimExplorer.connections';

describe('what is stored of connections', () => {
  let simulator: Simulator;
  let token: string;
  before(async () => {
    simulator = await startSimulator();
    token = simulator.issueToken();
  });
  after(() => simulator.close());

  /** Stores with a secret of version 0.1.0 for each account. */
  function stores({ hasKeys, secrets, index }: { hasKeys: boolean; secrets: readonly string[]; index: unknown }) {
    const made = new SharedStores(hasKeys);
    for (const accountId of secrets) {
      made.secrets.set(secretKey(accountId), secretOf010(accountId, { scheme: 'token', secret: token }));
    }
    made.state = { [indexKey]: index };
    return made;
  }
  const entry = (accountId: string) => ({ accountId, accountName: 'Its name' });
  const idsOf = async (made: SharedStores) => (await made.open().store.load()).map(({ accountId }) => accountId);

  it('by version 0.1.0 is read: tokens, keys, when they end, and the names that a person gave', async () => {
    const { email, key } = simulator.issueApiKey();
    for (const hasKeys of [true, false]) {
      const made = new SharedStores(hasKeys);
      made.secrets.set(
        'scimExplorer.connection.first',
        secretOf010('first', { scheme: 'token', secret: token, expiresOn: '2027-01-31T00:00:00Z' }),
      );
      made.secrets.set('scimExplorer.connection.second', secretOf010('second', { scheme: 'key', secret: key, email }));
      made.state = {
        'scimExplorer.connections': [
          { accountId: 'first', accountName: 'Its name', label: 'Production' },
          { accountId: 'second', accountName: 'Its name' },
          { accountId: 'gone', accountName: 'A token that the system lost' },
        ],
      };
      const common = { accountName: 'Its name', origin: 'https://api.cloudflare.com' };
      assert.deepEqual(await made.open().store.load(), [
        {
          ...common,
          accountId: 'first',
          credential: { scheme: 'token', token },
          expiresOn: '2027-01-31T00:00:00Z',
          label: 'Production',
        },
        { ...common, accountId: 'second', credential: { scheme: 'key', email, key }, label: undefined },
        { accountId: 'gone', accountName: 'A token that the system lost', lost: 'secretMissing', label: undefined },
      ]);
    }
  });

  it('is written so that version 0.1.0 reads it', async () => {
    const made = new SharedStores(true);
    const { store } = made.open();
    await store.save({ ...entry('a'), credential: { scheme: 'token', token }, origin: 'https://api.cloudflare.com' });
    await store.rename('a', 'Mine');
    assert.deepEqual(made.state, { [indexKey]: [{ accountId: 'a', accountName: 'Its name', label: 'Mine' }] });
    assert.deepEqual(
      JSON.parse(made.secrets.get('scimExplorer.connection.a') ?? ''),
      JSON.parse(secretOf010('a', { scheme: 'token', secret: token })),
    );
  });

  const odd: readonly (readonly [what: string, entry: unknown])[] = [
    ['an empty object', {}],
    ['null', null],
    ['a text', 'a'],
    ['a number', 7],
    ['a list', [entry('b')]],
    ['an entry without an account', { accountName: 'Its name' }],
    ['an account that is no text', { accountId: 7, accountName: 'Its name' }],
    ['an entry of a newer version', { version: 2, accounts: ['b', 'c'], nested: { accountId: 'b' } }],
  ];
  for (const [what, unknown] of odd) {
    it(`is read and written past ${what} in the index, which stays there`, async () => {
      for (const hasKeys of [true, false]) {
        const made = stores({ hasKeys, secrets: ['a', 'b'], index: [entry('a'), unknown, entry('b')] });
        const { store } = made.open();
        assert.deepEqual(await idsOf(made), ['a', 'b']);
        await store.rename('b', 'Mine');
        assert.deepEqual(made.state[indexKey], [entry('a'), unknown, { ...entry('b'), label: 'Mine' }]);
        await store.remove('a');
        assert.deepEqual(made.state[indexKey], [unknown, { ...entry('b'), label: 'Mine' }]);
        await store.removeAll();
        assert.deepEqual([made.state[indexKey], made.keys], [[unknown], []]);
      }
    });
  }

  it('is used as far as it can be read: a name of another type, a member of a newer version', async () => {
    const index = [
      { accountId: 'a', accountName: 7, label: ['odd'] },
      { ...entry('b'), colour: 'red' },
    ];
    const made = stores({ hasKeys: false, secrets: ['a', 'b'], index });
    const { store } = made.open();
    assert.deepEqual(
      (await store.load()).map(({ accountId, accountName, label }) => [accountId, accountName, label]),
      [
        ['a', 'Its name', undefined],
        ['b', 'Its name', undefined],
      ],
    );
    await store.rename('b', 'Mine');
    assert.deepEqual(made.state[indexKey], [index[0], { ...index[1], label: 'Mine' }]);
  });

  it('lists an account once that stands twice in the index, and forgets it wholly', async () => {
    const made = stores({ hasKeys: false, secrets: ['a'], index: [{ ...entry('a'), label: 'Mine' }, entry('a')] });
    const { store } = made.open();
    assert.deepEqual(
      (await store.load()).map(({ label }) => label),
      ['Mine'],
    );
    await store.remove('a');
    assert.deepEqual([made.state[indexKey], made.keys], [undefined, []]);
  });

  it('keeps an index that is no list, beside what is connected from then on', async () => {
    const made = stores({ hasKeys: true, secrets: ['a'], index: { version: 2 } });
    assert.deepEqual(await idsOf(made), ['a']);
    assert.deepEqual(made.state[indexKey], [{ version: 2 }, entry('a')]);
  });

  it('is a usable connection where only the secret is left, and stays in its place from then on', async () => {
    const made = stores({ hasKeys: true, secrets: ['c', 'a'], index: [entry('b')] });
    made.secrets.set(secretKey('b'), secretOf010('b', { scheme: 'token', secret: token }));
    const listed = await made.open().store.load();
    assert.deepEqual(
      listed.map((each) => [each.accountId, each.accountName, 'credential' in each]),
      ['b', 'a', 'c'].map((id) => [id, 'Its name', true]),
    );
    assert.deepEqual(made.state[indexKey], ['b', 'a', 'c'].map(entry));
  });

  it('can be disconnected where only a secret is left that nothing can read, and then the index is as before', async () => {
    for (const text of ['not JSON', JSON.stringify({ version: 2 }), '']) {
      const made = stores({ hasKeys: true, secrets: [], index: undefined });
      made.secrets.set(secretKey('a'), text);
      const { store } = made.open();
      assert.deepEqual(await store.load(), [{ accountId: 'a', accountName: '', lost: 'secretUnreadable' }]);
      await store.remove('a');
      assert.deepEqual([made.keys, made.state[indexKey]], [[], undefined]);
    }
  });

  it('is listed where the repair itself fails, or the keys cannot be listed at the moment', async () => {
    const failing = stores({ hasKeys: true, secrets: ['a'], index: undefined });
    // The first steps list the keys and read the secret; the third writes the entry.
    const { store } = failing.open([{ step: 2, kind: 'failsBefore' }]);
    assert.deepEqual(
      (await store.load()).map(({ accountId }) => accountId),
      ['a'],
    );

    const locked = stores({ hasKeys: true, secrets: ['a', 'b'], index: [entry('a')] });
    const { store: other } = locked.open([{ step: 0, kind: 'failsBefore' }]);
    assert.deepEqual(
      (await other.load()).map(({ accountId }) => accountId),
      ['a'],
    );
  });

  it('is swept by its prefix when everything is disconnected, past a secret that cannot be deleted, and says so', async () => {
    const made = stores({ hasKeys: true, secrets: ['a', 'b', 'c'], index: [entry('a')] });
    made.secrets.set('scimExplorer.other', 'not a connection');
    const stuck = made.secrets.delete.bind(made.secrets);
    made.secrets.delete = (key) => key !== secretKey('b') && stuck(key);
    const { store } = made.open();
    await assert.rejects(store.removeAll(), AggregateError);
    assert.deepEqual(made.keys, [secretKey('b')]);
    assert.deepEqual(await idsOf(made), ['b'], 'it can be disconnected later');
    made.secrets.delete = stuck;
    await store.removeAll();
    assert.deepEqual([[...made.secrets.keys()], made.state[indexKey]], [['scimExplorer.other'], undefined]);
  });
});
