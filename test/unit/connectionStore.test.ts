import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { ConnectedAccounts } from '../../src/connection/connectedAccounts';
import { FakeFetch, settled } from '../support/fakes';
import { ConnectionStore } from '../../src/connection/connectionStore';
import { type Connection, secretKey } from '../../src/connection/storedSecret';

/** SecretStorage and Memento in memory, with what was put into each. */
class Kept {
  readonly secrets = new Map<string, string>();
  readonly state = new Map<string, unknown>();
  listener: ((change: { key: string }) => void) | undefined;
  readonly store = new ConnectionStore(
    {
      get: (key) => Promise.resolve(this.secrets.get(key)),
      store: (key, value) => Promise.resolve(void this.secrets.set(key, value)),
      delete: (key) => Promise.resolve(void this.secrets.delete(key)),
      onDidChange: ((listener: (change: { key: string }) => void) => {
        this.listener = listener;
      }) as never,
    },
    {
      get: (key: string) => this.state.get(key) as undefined,
      update: (key, value) => Promise.resolve(void this.state.set(key, value)),
    },
  );
}

const token = 't'.repeat(40);
const connection = (accountId: string, accountName = `Account ${accountId}`): Connection => ({
  accountId,
  accountName,
  credential: { scheme: 'token', token },
  origin: 'https://api.test',
});

describe('ConnectionStore', () => {
  let kept: Kept;
  beforeEach(() => {
    kept = new Kept();
  });

  /** What is stored, without the labels that nobody gave. */
  const loaded = async () => (await kept.store.load()).map(({ label, ...rest }) => (label ? { ...rest, label } : rest));

  it('returns saved connections in the order in which they were made', async () => {
    await kept.store.save(connection('a'));
    await kept.store.save(connection('b'));
    assert.deepEqual(await loaded(), [connection('a'), connection('b')]);
  });

  it('stores the secret as versioned JSON under its fixed key, and nowhere else', async () => {
    await kept.store.save(connection('a'));
    assert.deepEqual([...kept.secrets.keys()], ['scimExplorer.connection.a']);
    assert.deepEqual(JSON.parse(kept.secrets.get(secretKey('a')) ?? ''), {
      version: 1,
      scheme: 'token',
      secret: token,
      origin: 'https://api.test',
      accountId: 'a',
      accountName: 'Account a',
    });
    assert.ok(!JSON.stringify([...kept.state.values()]).includes(token));
  });

  it('replaces the connection to the same account', async () => {
    await kept.store.save(connection('a', 'Old name'));
    await kept.store.save(connection('a', 'New name'));
    assert.deepEqual(await loaded(), [connection('a', 'New name')]);
  });

  it('removes a connection and its secret', async () => {
    await kept.store.save(connection('a'));
    await kept.store.remove('a');
    assert.deepEqual([kept.secrets.size, await kept.store.load()], [0, []]);
  });

  it('reports that a secret was not stored, and stores nothing else', async () => {
    const { store } = kept;
    kept.secrets.set = () => kept.secrets;
    assert.equal(await store.save(connection('a')), undefined);
    assert.deepEqual(await store.load(), []);
  });

  it('keeps the older connection where the newer secret was not kept', async () => {
    const { store, secrets } = kept;
    await store.save(connection('a', 'Old name'));
    const set = secrets.set.bind(secrets);
    let isFirst = true;
    secrets.set = (key, value) => (isFirst ? ((isFirst = false), secrets) : set(key, value));
    assert.equal(await store.save(connection('a', 'New name')), undefined);
    assert.deepEqual(await loaded(), [connection('a', 'Old name')]);
  });

  it('stores an API email and key, and when a token expires', async () => {
    const legacy = { ...connection('a'), credential: { scheme: 'key', email: 'a@example.com', key: 'f' } } as const;
    const ending = { ...connection('b'), expiresOn: '2027-01-31T00:00:00Z' };
    await kept.store.save(legacy);
    await kept.store.save(ending);
    assert.deepEqual(await loaded(), [legacy, ending]);
  });

  it('keeps the name that the user gave over a new connection, until it is emptied', async () => {
    await kept.store.save(connection('a'));
    await kept.store.save(connection('b'));
    await kept.store.rename('a', 'Mine');
    await kept.store.save(connection('a', 'Renamed at Cloudflare'));
    assert.deepEqual(await loaded(), [{ ...connection('a', 'Renamed at Cloudflare'), label: 'Mine' }, connection('b')]);
    await kept.store.rename('a', '');
    assert.deepEqual((await loaded())[0], connection('a', 'Renamed at Cloudflare'));
  });

  it('follows changes of a connection by another window, and reads no other secrets', async () => {
    let told = 0;
    kept.store.onDidChange(() => told++);
    const other = new Kept();
    await other.store.save(connection('a'));
    kept.secrets.set(secretKey('a'), other.secrets.get(secretKey('a')) ?? '');
    kept.listener?.({ key: secretKey('a') });
    await settled();
    assert.deepEqual(await loaded(), [connection('a')]);
    kept.secrets.delete(secretKey('a'));
    kept.listener?.({ key: secretKey('a') });
    await settled();
    assert.deepEqual(await loaded(), []);
    kept.listener?.({ key: 'another.extension' });
    await settled();
    assert.equal(told, 2);
  });

  it('returns a function that undoes a new connection', async () => {
    const undo = await kept.store.save(connection('a'));
    await undo?.();
    assert.deepEqual([kept.secrets.size, await kept.store.load()], [0, []]);
  });

  describe('while the keyring asks', () => {
    /** Saves an account's connection; `meanwhile` happens before the keyring has answered. */
    async function saveSlowly(accountId: string, meanwhile: () => Promise<unknown>) {
      const { promise: answered, resolve: answer } = Promise.withResolvers();
      const store = new ConnectionStore(
        {
          get: (key) => answered.then(() => kept.secrets.get(key)),
          store: (key, value) => Promise.resolve(void kept.secrets.set(key, value)),
          delete: (key) => Promise.resolve(void kept.secrets.delete(key)),
          onDidChange: (() => undefined) as never,
        },
        {
          get: (key: string) => kept.state.get(key) as undefined,
          update: (key, value) => Promise.resolve(void kept.state.set(key, value)),
        },
      );
      const saving = store.save(connection(accountId));
      await settled();
      await meanwhile();
      answer(undefined);
      return saving;
    }
    const ids = async () => (await loaded()).map(({ accountId }) => accountId);

    it('keeps a connection that another window made meanwhile', async () => {
      await saveSlowly('a', () => kept.store.save(connection('b')));
      assert.deepEqual((await ids()).sort(), ['a', 'b']);
    });

    it('does not restore a connection that was removed meanwhile', async () => {
      await kept.store.save(connection('b'));
      await saveSlowly('a', () => kept.store.remove('b'));
      assert.deepEqual(await ids(), ['a']);
    });

    it('keeps the name that the user gave the account meanwhile', async () => {
      await kept.store.save(connection('a'));
      await saveSlowly('a', () => kept.store.rename('a', 'Mine'));
      assert.equal((await kept.store.load())[0]?.label, 'Mine');
    });

    it('undoes only its own connection', async () => {
      await kept.store.save(connection('b'));
      const undo = await kept.store.save(connection('a'));
      await kept.store.remove('b');
      await kept.store.save(connection('c'));
      await undo?.();
      assert.deepEqual(await ids(), ['c']);
      assert.deepEqual([...kept.secrets.keys()], [secretKey('c')]);
    });
  });

  it('has every account of two windows that connect at the same time', async () => {
    const other = new Kept();
    const follow = (from: Kept, to: Kept) => async (accountId: string) => {
      to.secrets.set(secretKey(accountId), from.secrets.get(secretKey(accountId)) ?? '');
      to.listener?.({ key: secretKey(accountId) });
      await settled();
    };
    [kept, other].forEach(({ store }) => store.onDidChange(() => undefined));
    await Promise.all([kept.store.save(connection('a')), other.store.save(connection('b'))]);
    await Promise.all([follow(kept, other)('a'), follow(other, kept)('b')]);
    for (const { store } of [kept, other]) {
      assert.deepEqual((await store.load()).map(({ accountId }) => accountId).sort(), ['a', 'b']);
    }
  });

  it('reads a secret that no header takes, or that is of another account, as unreadable', async () => {
    const stored = {
      version: 1,
      scheme: 'token',
      secret: token,
      origin: 'https://api.test',
      accountId: 'a',
      accountName: '',
    };
    await kept.store.save(connection('a'));
    for (const odd of [
      { secret: 'two words of it' },
      { secret: 'line\nbreak' },
      { secret: 'schlüssel' },
      { secret: '' },
      { scheme: 'key', email: 'a b@example.com' },
      { scheme: 'key', email: 'zoë@example.com' },
      { accountId: 'b' },
    ]) {
      kept.secrets.set(secretKey('a'), JSON.stringify({ ...stored, ...odd }));
      const [entry] = await kept.store.load();
      assert.equal(entry && 'lost' in entry && entry.lost, 'secretUnreadable', JSON.stringify(odd));
    }
  });

  it('tells a missing secret from an unreadable one, and throws for neither', async () => {
    for (const id of ['missing', 'text', 'foreign', 'newer']) await kept.store.save(connection(id));
    kept.secrets.delete(secretKey('missing'));
    kept.secrets.set(secretKey('text'), 'not JSON');
    kept.secrets.set(secretKey('foreign'), '{"some":"thing"}');
    kept.secrets.set(secretKey('newer'), JSON.stringify({ version: 2 }));
    const lost = (await kept.store.load()).map((entry) => 'lost' in entry && entry.lost);
    assert.deepEqual(lost, ['secretMissing', 'secretUnreadable', 'secretUnreadable', 'secretUnreadable']);
  });

  it('reads an index of an unknown form as empty', async () => {
    kept.state.set('scimExplorer.connections', { odd: true });
    assert.deepEqual(await kept.store.load(), []);
  });
});

describe('ConnectedAccounts', () => {
  const client = new FakeFetch(() => Promise.reject(new Error('nothing is sent'))).client();

  it('keeps the account of a connection that did not change, and makes a new one where it did', async () => {
    const kept = new Kept();
    const accounts = new ConnectedAccounts(kept.store, client);
    await kept.store.save(connection('a'));
    await kept.store.save(connection('b'));
    const [a, b] = await accounts.load();
    await kept.store.save(connection('b', 'Renamed'));
    const [again, renamed] = await accounts.load();
    assert.equal(again, a);
    assert.notEqual(renamed, b);
    assert.equal(renamed?.name, 'Renamed');
  });

  it('keeps the account and its loaded users when the user renames it', async () => {
    const kept = new Kept();
    const accounts = new ConnectedAccounts(kept.store, client);
    await kept.store.save(connection('a'));
    const [before] = await accounts.load();
    await kept.store.rename('a', 'Mine');
    const [after] = await accounts.load();
    assert.equal(after, before);
    assert.equal(after?.name, 'Mine');
  });

  it('has the accounts of the reading that began last, whichever ends first', async () => {
    const kept = new Kept();
    await kept.store.save(connection('a'));
    const { promise: read, resolve: goOn } = Promise.withResolvers();
    let isFirst = true;
    const load = kept.store.load.bind(kept.store);
    kept.store.load = async () => {
      const connections = await load();
      if (isFirst) {
        isFirst = false;
        await read;
      }
      return connections;
    };
    const accounts = new ConnectedAccounts(kept.store, client);
    const slow = accounts.load();
    await settled();
    await kept.store.save(connection('b'));
    const fast = accounts.load();
    await settled();
    goOn(undefined);
    await slow;
    const both = await fast;
    assert.equal(both.length, 2);
    assert.deepEqual(await accounts.load(), both, 'the same accounts');
    assert.ok((await accounts.load()).every((account, i) => account === both[i]));
  });

  it('hides its secrets from everything that prints objects', async () => {
    const kept = new Kept();
    const accounts = new ConnectedAccounts(kept.store, client);
    await kept.store.save(connection('a'));
    const loaded = await accounts.load();
    assert.ok(!inspect(loaded, { depth: 20, showHidden: true }).includes(token));
    assert.ok(!JSON.stringify(loaded).includes(token));
  });
});
