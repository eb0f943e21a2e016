import Cloudflare, { APIError } from 'cloudflare';
import { deepEqual, equal, ok } from 'node:assert/strict';
import { startSimulator, type SimulatedIdentityProvider, type Simulator } from '../simulator/simulator.mts';

/**
 * Cloudflare's own SDK against the simulator: what the SDK's generated code asks for, and reads from the answers, is
 * what the simulator has to serve. Nothing here is about our own code.
 */
describe('the official SDK against the simulator', () => {
  let simulator: Simulator;
  let client: Cloudflare;
  let accountId: string;

  before(async () => {
    simulator = await startSimulator();
    client = withToken(simulator.issueToken());
    accountId = simulator.accounts[0]?.id ?? '';
  });
  after(() => simulator.close());

  function withToken(apiToken: string): Cloudflare {
    return new Cloudflare({ apiToken, apiEmail: null, apiKey: null, baseURL: simulator.baseUrl, maxRetries: 0 });
  }

  function provider(name: string): SimulatedIdentityProvider {
    const found = simulator.accounts[0]?.identityProviders.find((other) => other.name === name);
    ok(found, `no identity provider ${name}`);
    return found;
  }

  type UserFilters = Omit<Cloudflare.ZeroTrust.IdentityProviders.SCIM.UserListParams, 'account_id'>;
  type GroupFilters = Omit<Cloudflare.ZeroTrust.IdentityProviders.SCIM.GroupListParams, 'account_id'>;

  async function users(name: string, filters: UserFilters = {}): Promise<(string | undefined)[]> {
    const list = client.zeroTrust.identityProviders.scim.users.list(provider(name).id, {
      account_id: accountId,
      ...filters,
    });
    return (await all(list)).map(({ id }) => id);
  }

  async function groups(name: string, filters: GroupFilters = {}): Promise<(string | undefined)[]> {
    const list = client.zeroTrust.identityProviders.scim.groups.list(provider(name).id, {
      account_id: accountId,
      ...filters,
    });
    return (await all(list)).map(({ id }) => id);
  }

  describe('signing in', () => {
    it('verifies a user token at the user address', async () => {
      const { status, id } = await client.user.tokens.verify();
      equal(status, 'active');
      equal(id.length, 32);
    });

    it('verifies an account-owned token at its account, and not at the user address', async () => {
      const owned = withToken(simulator.issueToken({ kind: 'account', account: accountId }));
      equal((await owned.accounts.tokens.verify({ account_id: accountId })).status, 'active');
      equal(await statusOf(owned.user.tokens.verify()), 401);
    });

    it('does not verify a user token at an account', async () => {
      equal(await statusOf(client.accounts.tokens.verify({ account_id: accountId })), 401);
    });

    it('lets the email and key of a user in', async () => {
      const { email, key } = simulator.issueApiKey();
      const legacy = new Cloudflare({
        apiEmail: email,
        apiKey: key,
        apiToken: null,
        baseURL: simulator.baseUrl,
        maxRetries: 0,
      });
      simulator.requests.length = 0;
      equal((await all(legacy.accounts.list())).length, simulator.accounts.length);
      equal(simulator.requests[0]?.scheme, 'apiKey');
    });

    it('refuses a token after it was revoked', async () => {
      const token = simulator.issueToken();
      simulator.revokeToken(token);
      equal(await statusOf(withToken(token).accounts.list()), 401);
    });
  });

  describe('accounts and identity providers', () => {
    it('lists every account over several pages', async () => {
      const names = (await all(client.accounts.list({ per_page: 2 }))).map(({ name }) => name);
      deepEqual(
        names,
        simulator.accounts.map(({ name }) => name),
      );
    });

    it('filters accounts by name and turns their order round', async () => {
      const [second] = await all(client.accounts.list({ name: 'Harbour Lane Clinics' }));
      equal(second?.id, simulator.accounts[1]?.id);

      const backwards = await all(client.accounts.list({ direction: 'desc' }));
      equal(backwards.at(-1)?.id, accountId);
    });

    it('refuses the account list to an account-owned token', async () => {
      const owned = withToken(simulator.issueToken({ kind: 'account' }));
      equal(await statusOf(owned.accounts.list()), 400);
    });

    it('lists all identity providers, and those with SCIM', async () => {
      const list = await all(client.zeroTrust.identityProviders.list({ account_id: accountId, per_page: 4 }));
      equal(list.length, 6);

      const withScim = await all(
        client.zeroTrust.identityProviders.list({ account_id: accountId, scim_enabled: 'true' }),
      );
      deepEqual(
        withScim.map(({ name }) => name),
        ['Okta', 'Entra ID', 'Workshop SAML', 'Partner OpenID'],
      );
    });

    it('gives one identity provider', async () => {
      const { id, name } = provider('Okta');
      const answer = await client.zeroTrust.identityProviders.get(id, { account_id: accountId });
      deepEqual([answer.id, answer.name], [id, name]);
    });
  });

  describe('SCIM users', () => {
    it('walks every page of a provider, each user once', async () => {
      const ids = await users('Okta', { per_page: 100 });
      equal(ids.length, 2000);
      equal(new Set(ids).size, 2000);
      equal(ids[1999], provider('Okta').user(1999).id);
    });

    it('walks no page of a provider without users', async () => {
      deepEqual(await users('Partner OpenID'), []);
    });

    for (const filter of ['email', 'username', 'name'] as const) {
      it(`finds a user among 100,000 by ${filter}`, async () => {
        const entra = provider('Entra ID');
        const { id, displayName, emails } = entra.user(77);
        const values = { email: emails?.[0]?.value, username: entra.userName(77), name: displayName };

        const value = values[filter];
        ok(value);
        ok((await users('Entra ID', { [filter]: value })).includes(id ?? ''));
        deepEqual(await users('Entra ID', { [filter]: `${value}?` }), []);
      });
    }

    it('finds several users by either id in one request', async () => {
      const three = [5, 40_000, 99_999].map((place) => provider('Entra ID').user(place));
      const ids = three.map(({ id }) => id ?? '');
      const externalIds = three.map(({ externalId }) => externalId ?? '');

      deepEqual(await users('Entra ID', { cf_resource_id: ids }), ids);
      deepEqual(await users('Entra ID', { idp_resource_id: externalIds }), ids);
    });

    for (const other of [{ email: 'a@example.com' }, { name: 'A' }, { username: 'a' }, { idp_resource_id: ['a'] }]) {
      it(`refuses an id together with ${Object.keys(other).join()}`, async () => {
        equal(await statusOf(users('Okta', { cf_resource_id: ['b'], ...other })), 400);
      });
    }

    it('takes 50 ids in a request and refuses 51', async () => {
      const ids = Array.from({ length: 51 }, (_, place) => provider('Okta').user(place).id ?? '');
      equal((await users('Okta', { cf_resource_id: ids.slice(1) })).length, 50);
      equal(await statusOf(users('Okta', { cf_resource_id: ids })), 400);
    });

    it('reads every field that the SDK knows of the first user', async () => {
      const page = await client.zeroTrust.identityProviders.scim.users.list(provider('Workshop SAML').id, {
        account_id: accountId,
      });
      deepEqual(page.result[0], {
        id: 'bd97ef8d-7986-43e3-9ee0-c25dda33e4b0',
        active: true,
        displayName: 'John Smith',
        emails: [{ primary: true, type: 'work', value: 'john.smith@example.com' }],
        externalId: 'john_smith',
        meta: { created: '2025-01-01T00:00:00Z', lastModified: '2025-01-02T00:00:00Z' },
        schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      });
      equal(page.result_info.per_page, 100);
    });
  });

  describe('SCIM groups', () => {
    it('walks every page', async () => {
      equal(new Set(await groups('Entra ID', { per_page: 50 })).size, 240);
    });

    it('finds groups by name and by either id', async () => {
      const { id = '', displayName = '', externalId = '' } = provider('Okta').group(7);
      deepEqual(await groups('Okta', { name: displayName }), [id]);
      deepEqual(await groups('Okta', { cf_resource_id: [id] }), [id]);
      deepEqual(await groups('Okta', { idp_resource_id: [externalId] }), [id]);
      equal(await statusOf(groups('Okta', { name: displayName, cf_resource_id: [id] })), 400);
    });
  });

  it('reads the SCIM update log', async () => {
    const okta = provider('Okta');
    const list = client.zeroTrust.access.logs.scim.updates.list({ account_id: accountId, idp_id: [okta.id] });
    const entries = await all(list);
    equal(entries.length, 300);
    ok(entries.every((entry) => entry.idp_id === okta.id));
  });
});

async function all<Item>(list: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of list) {
    items.push(item);
  }
  return items;
}

/** The HTTP status that a call fails with. */
async function statusOf(call: PromiseLike<unknown>): Promise<number | undefined> {
  try {
    await call;
  } catch (error) {
    ok(error instanceof APIError, String(error));
    return error.status as number | undefined;
  }
  throw new Error('The call went well.');
}
