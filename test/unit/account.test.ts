import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { CloudflareError } from '../../src/cloudflare/errors';
import {
  AccountNotConnectedError,
  AccountUnusableError,
  LoadingCancelledError,
  ResourceNotFoundError,
} from '../../src/directory/errors';
import { DirectoryAccount } from '../../src/directory/account';
import { errorResponse, FakeFetch, listResponse, type Respond, scimUsers, settled } from '../support/fakes';
import { accountOf } from '../support/listServer';

/** Serves identity providers of these ids, each with three users. */
function serving(...ids: string[]): Respond {
  return accountOf(Object.fromEntries(ids.map((id) => [id, scimUsers(3)])));
}

function accountOver(respond: Respond) {
  const fake = new FakeFetch(respond);
  return { fake, account: new DirectoryAccount('acc', 'Account', fake.api()) };
}

function providerIds(account: DirectoryAccount): string[] | undefined {
  return account.providers?.map(({ identityProvider }) => identityProvider.id);
}

describe('DirectoryAccount', () => {
  it('sends no request before the identity providers are asked for', async () => {
    const { account, fake } = accountOver(serving('a'));
    await settled();
    deepEqual(
      [account.providers, account.isLoading, account.error, account.unusable],
      [undefined, false, undefined, undefined],
    );
    equal(fake.requests.length, 0);
  });

  it('reads its identity providers once, in the order of the API', async () => {
    const { account, fake } = accountOver(serving('b', 'a'));
    await Promise.all([account.ensureProviders(), account.ensureProviders()]);
    await account.ensureProviders();
    deepEqual(providerIds(account), ['b', 'a']);
    equal(fake.requests.length, 2);
    equal(account.provider('a')?.identityProvider.name, 'Named a');
    deepEqual(account.provider('a')?.reference, { accountId: 'acc', identityProviderId: 'a' });
    equal(account.provider('x'), undefined);
  });

  it('tells an account without identity providers from one that was not read', async () => {
    const { account } = accountOver(serving());
    await account.ensureProviders();
    deepEqual(account.providers, []);
  });

  it('keeps a failure beside the loaded identity providers, and does not retry without a call', async () => {
    const { account, fake } = accountOver(() => errorResponse(404));
    await account.ensureProviders();
    await account.ensureProviders();
    equal(fake.requests.length, 1);
    ok(account.error instanceof CloudflareError);
    equal(account.providers, undefined);

    fake.respond = serving('a');
    await account.loadProviders();
    deepEqual([providerIds(account), account.error], [['a'], undefined]);
    fake.respond = () => errorResponse(500);
    await account.loadProviders();
    deepEqual(providerIds(account), ['a']);
    ok(account.error instanceof CloudflareError);
  });

  it('cancels reading them, and does not start again without a call', async () => {
    const { account, fake } = accountOver(() => new Promise(() => undefined));
    account.cancel();
    const reading = account.ensureProviders();
    await settled();
    account.cancel();
    await reading;
    await account.ensureProviders();
    ok(account.failure instanceof LoadingCancelledError);
    deepEqual([fake.requests.length, fake.requests[0]?.signal.aborted], [1, true]);
    fake.respond = serving('a');
    await account.loadProviders();
    deepEqual([providerIds(account), account.failure], [['a'], undefined]);
  });

  it('keeps the users of an identity provider that is still there, under its new name', async () => {
    const { account, fake } = accountOver(serving('a', 'b'));
    await account.loadProviders();
    const [a, b] = account.providers ?? [];
    await a?.users.shown.loadMore();
    fake.respond = () => new Promise(() => undefined);
    const loading = b?.users.shown.loadMore();
    await settled();
    const last = fake.requests.at(-1);

    fake.respond = ({ url }) =>
      listResponse(url.searchParams.get('page') === '1' ? [{ id: 'c' }, { id: 'a', name: 'New' }] : []);
    await account.loadProviders();
    deepEqual(providerIds(account), ['c', 'a']);
    equal(account.provider('a'), a);
    deepEqual([a?.users.shown.count, a?.identityProvider.name], [3, 'New']);
    await settled();
    ok(last?.signal.aborted, 'the one that is gone ends its requests');
    await loading;
  });

  it('emits each change', async () => {
    const { account } = accountOver(serving('a'));
    const seen: unknown[] = [];
    account.on('change', () => seen.push([account.isLoading, account.providers?.length]));
    await account.loadProviders();
    deepEqual(seen, [
      [true, undefined],
      [false, 1],
    ]);
  });

  it('finds users by a filter, in one request', async () => {
    const { account, fake } = accountOver(serving('a'));
    await account.loadProviders();
    const found = await account.provider('a')?.find('user', { email: 'x' });
    deepEqual(
      found?.map(({ data: { id, displayName } }) => ({ id, displayName })),
      scimUsers(3),
    );
    equal(fake.asked.length, 3);
    ok(fake.asked[2]?.includes('email=x&page=1'));
  });

  it('sends the same filter once until a refresh, also for concurrent calls', async () => {
    const { account, fake } = accountOver(serving('a'));
    await account.loadProviders();
    const provider = account.provider('a');
    ok(provider);
    const asked = () => fake.asked.filter((path) => path.includes('email=')).length;
    await Promise.all([provider.find('user', { email: 'x' }), provider.find('user', { email: 'x' })]);
    await provider.find('user', { email: 'x' });
    equal(asked(), 1);
    await provider.find('user', { email: 'y' });
    equal(asked(), 2);
    await provider.refresh();
    await provider.find('user', { email: 'x' });
    equal(asked(), 3);
  });

  it('keeps no answer that a refresh overtook, that failed or that was aborted', async () => {
    const { account, fake } = accountOver(serving('a'));
    await account.loadProviders();
    const provider = account.provider('a');
    ok(provider);
    const slow = Promise.withResolvers<Response>();
    const { respond } = fake;
    fake.respond = (request) => (request.url.searchParams.has('email') ? slow.promise : respond(request));
    const before = provider.find('user', { email: 'x' });
    await settled();
    await provider.refresh();
    slow.resolve(listResponse(scimUsers(1)));
    equal((await before).length, 1);
    fake.respond = () => errorResponse(500);
    await rejects(provider.find('user', { email: 'x' }), CloudflareError);
    const abort = new AbortController();
    fake.respond = () => new Promise(() => undefined);
    const givenUp = provider.find('user', { email: 'x' }, { signal: abort.signal });
    await settled();
    abort.abort(new Error('typed on'));
    await rejects(givenUp, /typed on/);
    fake.respond = respond;
    equal((await provider.find('user', { email: 'x' })).length, 3);
  });

  it('ignores an answer with another user', async () => {
    const { account, fake } = accountOver(serving('idp'));
    const reference = { accountId: 'acc', identityProviderId: 'idp', userId: 'id-2' };
    const found = await account.fetchResource(reference);
    deepEqual([found.data.id, found.rawText], ['id-2', JSON.stringify(scimUsers(1, 2)[0])]);
    deepEqual(fake.asked, [
      '/accounts/acc/access/identity_providers/idp/scim/users?cf_resource_id=id-2&page=1&per_page=100',
    ]);
    for (const userId of ['id-9', 'ID-2', 'id-2 ', 'User 2']) {
      await rejects(account.fetchResource({ ...reference, userId }), ResourceNotFoundError);
    }
    fake.respond = () => listResponse([]);
    await rejects(account.fetchResource(reference), ResourceNotFoundError);
    fake.respond = () => errorResponse(500);
    await rejects(account.fetchResource(reference), CloudflareError);
  });

  it('compares hexadecimal ids without case', async () => {
    const id = '0A1B2C3D-0000-4000-8000-0123456789AB';
    const { account } = accountOver(() => listResponse([{ id }]));
    const reference = { accountId: 'acc', identityProviderId: 'idp', userId: id.toLowerCase() };
    const found = await account.fetchResource(reference);
    deepEqual(found.data.id, id);
  });

  it('tells identity providers with equal names apart by type, or else by the beginning of the id', async () => {
    const listed = [
      { id: 'aaaaaaaa-1', name: 'Corp', type: 'okta' },
      { id: 'bbbbbbbb-2', name: 'Corp', type: 'azureAD' },
      { id: 'cccccccc-3', name: 'Corp', type: 'azureAD' },
      { id: 'dddddddd-4', name: '', type: 'saml' },
      { id: 'eeeeeeee-5', name: 'Alone', type: 'okta' },
    ];
    const { account } = accountOver(() => listResponse(listed));
    await account.loadProviders();
    deepEqual(
      account.providers?.map(({ name }) => name),
      ['Corp (Okta)', 'Corp (bbbbbbbb)', 'Corp (cccccccc)', 'SAML', 'Alone'],
    );
  });

  it('without a usable secret has no identity providers and sends no request', async () => {
    const account = new DirectoryAccount('acc', '', 'secretMissing');
    await account.ensureProviders();
    await account.loadProviders();
    deepEqual([account.unusable, account.providers, account.isLoading], ['secretMissing', undefined, false]);
    const reference = { accountId: 'acc', identityProviderId: 'i', userId: 'u' };
    await rejects(account.fetchResource(reference), AccountUnusableError);
  });

  it('disposed rejects pending requests for a user with AccountNotConnectedError', async () => {
    const { account, fake } = accountOver(serving('a'));
    await account.loadProviders();
    fake.respond = () => new Promise(() => undefined);
    const reference = { accountId: 'acc', identityProviderId: 'idp', userId: 'id-2' };
    const [user, found] = [account.fetchResource(reference), account.provider('a')?.find('user', { email: 'x' })];
    const told = [
      rejects(user, AccountNotConnectedError),
      rejects(found ?? Promise.resolve(), AccountNotConnectedError),
    ];
    await settled();
    account.dispose();
    await Promise.all(told);
    ok(fake.requests.slice(-2).every(({ signal }) => signal.aborted));
  });

  it('disposed aborts all requests without a failure or an event', async () => {
    const { account, fake } = accountOver(serving('a', 'b'));
    await account.loadProviders();
    const { promise, resolve } = Promise.withResolvers<Response>();
    fake.respond = () => promise;
    const users = account.provider('b')?.users;
    ok(users);
    const running = [account.loadProviders(), users.shown.loadMore(), users.whole.read()];
    await settled();
    let changes = 0;
    account.on('change', () => changes++);
    users.on('change', () => changes++).on('read', () => changes++);
    account.dispose();
    await Promise.all(running);
    ok(fake.requests.slice(2).every(({ signal }) => signal.aborted));
    deepEqual(
      [changes, account.error, users.shown.failure, providerIds(account)],
      [0, undefined, undefined, ['a', 'b']],
    );
    deepEqual([users.whole.progress, users.whole.error], [undefined, undefined]);
    resolve(listResponse([]));
  });
});
