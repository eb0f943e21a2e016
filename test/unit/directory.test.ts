import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { DirectoryAccount } from '../../src/directory/account';
import { Directory } from '../../src/directory/directory';
import { AccountNotConnectedError, AccountUnusableError, ResourceNotFoundError } from '../../src/directory/errors';
import { errorResponse, FakeFetch, scimUsers, settled } from '../support/fakes';
import { accountOf } from '../support/listServer';

const fake = new FakeFetch(accountOf({ idp: scimUsers(3) }));

function account(id: string): DirectoryAccount {
  return new DirectoryAccount(id, id, fake.api());
}

/** A source whose accounts a test replaces; it counts how often it is read. */
function sourceOf(...accounts: DirectoryAccount[]) {
  const source = {
    accounts,
    reads: 0,
    load: () => {
      source.reads++;
      return Promise.resolve([...source.accounts]);
    },
  };
  return source;
}

function isDisposed(known: DirectoryAccount): boolean {
  return known.listenerCount('change') === 0;
}

function watched(id: string): DirectoryAccount {
  return account(id).on('change', () => undefined);
}

describe('Directory', () => {
  beforeEach(() => {
    fake.requests.length = 0;
  });

  it('reads the accounts at the first call, once, and sends no request', async () => {
    const source = sourceOf(account('a'), account('b'));
    const directory = new Directory(source);
    await settled();
    deepEqual([directory.accounts, source.reads], [[], 0]);
    await Promise.all([directory.ensureAccounts(), directory.ensureAccounts()]);
    deepEqual(await directory.ensureAccounts(), source.accounts);
    deepEqual([directory.accounts, source.reads, fake.requests.length], [source.accounts, 1, 0]);
  });

  it('reads them again after a failure', async () => {
    const source = sourceOf(account('a'));
    const { load } = source;
    source.load = () => Promise.reject(new Error('locked'));
    const directory = new Directory(source);
    await rejects(directory.ensureAccounts(), /locked/);
    source.load = load;
    deepEqual(await directory.ensureAccounts(), source.accounts);
  });

  it('keeps the same objects over a reload, and disposes only removed ones', async () => {
    const [a, b, c] = [watched('a'), watched('b'), watched('c')];
    const source = sourceOf(a, b);
    const directory = new Directory(source);
    await directory.ensureAccounts();
    let changes = 0;
    directory.on('change', () => changes++);
    source.accounts = [c, a];
    await directory.reload();
    deepEqual(directory.accounts, [c, a]);
    ok(directory.accounts[1] === a);
    deepEqual([a, b, c].map(isDisposed), [false, true, false]);
    equal(changes, 1);
  });

  it('disposes an account that was replaced under the same id', async () => {
    const [before, after] = [watched('a'), watched('a')];
    const source = sourceOf(before);
    const directory = new Directory(source);
    await directory.ensureAccounts();
    source.accounts = [after];
    await directory.reload();
    deepEqual([isDisposed(before), isDisposed(after)], [true, false]);
    equal(await directory.account('a'), after);
  });

  it('keeps the accounts if a reload fails, and throws', async () => {
    const a = watched('a');
    const source = sourceOf(a);
    const directory = new Directory(source);
    await directory.ensureAccounts();
    const { load } = source;
    source.load = () => Promise.reject(new Error('locked'));
    await rejects(directory.reload(), /locked/);
    deepEqual([directory.accounts, isDisposed(a)], [[a], false]);
    source.load = load;
    equal(await directory.account('a'), a);
  });

  it('keeps the result of the reading that began last, whichever ends last', async () => {
    const [old, recent] = [watched('old'), watched('recent')];
    const slow = Promise.withResolvers<DirectoryAccount[]>();
    const loads = [() => slow.promise, () => Promise.resolve([recent])];
    const directory = new Directory({ load: () => loads.shift()?.() ?? Promise.resolve([]) });
    const first = directory.ensureAccounts();
    await directory.reload();
    slow.resolve([old]);
    await first;
    deepEqual(directory.accounts, [recent]);

    const slower = Promise.withResolvers<DirectoryAccount[]>();
    loads.push(
      () => slower.promise,
      () => Promise.resolve([recent]),
    );
    const reloads = [directory.reload(), directory.reload()];
    await settled();
    slower.resolve([old]);
    await Promise.all(reloads);
    deepEqual(directory.accounts, [recent]);
    equal(isDisposed(recent), false);
  });

  it('returns connected accounts only; an unusable one sends no request', async () => {
    const a = account('a');
    const directory = new Directory(sourceOf(a, new DirectoryAccount('b', 'B', 'secretUnreadable')));
    equal(await directory.account('a'), a);
    const inB = { accountId: 'b', identityProviderId: 'idp', userId: 'id-1' };
    await rejects(directory.fetchResource(inB), AccountUnusableError);
    for (const id of ['c', '']) {
      await rejects(
        directory.account(id),
        (error) => error instanceof AccountNotConnectedError && error.accountId === id,
      );
    }
  });

  it('returns loaded users without a request', async () => {
    const a = account('a');
    const directory = new Directory(sourceOf(a));
    const reference = { accountId: 'a', identityProviderId: 'idp', userId: 'id-2' };
    equal(directory.loadedResource(reference), undefined);
    await directory.ensureAccounts();
    equal(directory.loadedProvider(reference), undefined);
    await a.loadProviders();
    equal(directory.loadedResource(reference), undefined);
    await a.provider('idp')?.users.shown.loadMore();
    const asked = fake.requests.length;
    equal(directory.loadedProvider(reference), a.provider('idp'));
    equal(directory.loadedResource({ ...reference, userId: 'id-1' })?.id, 'id-1');
    for (const other of [{ accountId: 'b' }, { identityProviderId: 'x' }, { userId: 'id-9' }]) {
      equal(directory.loadedResource({ ...reference, ...other }), undefined);
    }
    equal(fake.requests.length, asked);
  });

  it('returns users without a request that were read for searching and are not shown', async () => {
    const many = new FakeFetch(accountOf({ idp: scimUsers(6) }, { size: 2 }));
    const a = new DirectoryAccount('a', 'A', many.api());
    const directory = new Directory(sourceOf(a));
    await directory.ensureAccounts();
    await a.loadProviders();
    await a.provider('idp')?.users.whole.read();
    const asked = many.requests.length;
    equal(a.provider('idp')?.users.shown.count, 2);
    equal(
      directory.loadedResource({ accountId: 'a', identityProviderId: 'idp', userId: 'id-6' })?.displayName,
      'User 6',
    );
    equal(many.requests.length, asked);
  });

  it('requests one user, and ignores another one in the answer', async () => {
    const directory = new Directory(sourceOf(account('a')));
    const reference = { accountId: 'a', identityProviderId: 'idp', userId: 'id-2' };
    equal((await directory.fetchResource(reference)).data.id, 'id-2');
    const gone = { ...reference, userId: 'id-9' };
    await rejects(
      directory.fetchResource(gone),
      (error) => error instanceof ResourceNotFoundError && error.reference === gone,
    );
    const asked = fake.requests.length;
    await rejects(directory.fetchResource({ ...reference, accountId: 'x' }), AccountNotConnectedError);
    equal(fake.requests.length, asked);
  });

  it("aborts such a request by the caller's signal", async () => {
    const waiting = new FakeFetch(() => new Promise(() => undefined));
    const directory = new Directory(sourceOf(new DirectoryAccount('a', 'A', waiting.api())));
    const abort = new AbortController();
    const asked = directory.fetchResource({ accountId: 'a', identityProviderId: 'idp', userId: 'x' }, abort.signal);
    await settled();
    const reason = new Error('closed');
    abort.abort(reason);
    await rejects(asked, (error) => error === reason);
    equal(waiting.requests.length, 1);
  });

  it("throws the server's failure", async () => {
    const failing = new FakeFetch(() => errorResponse(403));
    const directory = new Directory(sourceOf(new DirectoryAccount('a', 'A', failing.api())));
    await rejects(directory.fetchResource({ accountId: 'a', identityProviderId: 'idp', userId: 'x' }), {
      name: 'CloudflareError',
    });
  });
});
