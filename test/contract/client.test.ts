import assert from 'node:assert/strict';
import Cloudflare from 'cloudflare';
import { CloudflareApi } from '../../src/cloudflare/endpoints';
import type { ScimFilter } from '../../src/cloudflare/resources';
import { type WalkedPage, walkPages } from '../../src/cloudflare/pages';
import type { ScimUser } from '../../src/cloudflare/schemas';
import { Sender } from '../../src/cloudflare/sender';
import { type Fetch, Transport } from '../../src/cloudflare/transport';
import { type Simulator, startSimulator } from '../simulator/simulator.mts';

/** The official SDK and our own client in front of the same simulator: both must see the same. */
describe('our client beside the official SDK', () => {
  let simulator: Simulator;
  let sdk: Cloudflare;
  let ours: CloudflareApi;

  before(async () => {
    simulator = await startSimulator();
    const token = simulator.issueToken();
    sdk = new Cloudflare({ apiToken: token, baseURL: simulator.baseUrl, maxRetries: 0 });
    const base = new URL(simulator.baseUrl);
    const transport = new Transport({ fetch: globalThis.fetch as Fetch, dispatcher: () => Promise.resolve(undefined) });
    const credential = { scheme: 'token', token } as const;
    ours = new CloudflareApi(new Sender(transport, () => base), { credential, origin: base.origin });
  });
  after(() => simulator.close());

  const account = () => {
    const [first] = simulator.accounts;
    assert.ok(first);
    return first;
  };
  const provider = (name: string) => {
    const found = account().identityProviders.find((candidate) => candidate.name === name);
    assert.ok(found);
    return found;
  };

  async function all<T>(pages: AsyncIterable<T>): Promise<T[]> {
    const list: T[] = [];
    for await (const item of pages) list.push(item);
    return list;
  }

  async function oursOf(name: string, filter?: ScimFilter): Promise<unknown[]> {
    const reference = { accountId: account().id, identityProviderId: provider(name).id };
    const walk = walkPages((page) => ours.scimUserPage(reference, page, filter && { filter }));
    const pages = await all<WalkedPage<ScimUser>>(walk);
    return pages.flatMap(({ page, fresh }) => fresh.map((i) => JSON.parse(page.rawText(i)) as unknown));
  }

  async function sdkOf(name: string, filter: object = {}): Promise<unknown[]> {
    const params = { account_id: account().id, per_page: 100, ...filter };
    return all(sdk.zeroTrust.identityProviders.scim.users.list(provider(name).id, params));
  }

  it('verifies a user token alike', async () => {
    const theirs = await sdk.user.tokens.verify();
    assert.equal((await ours.verifyUserToken()).status, theirs.status);
  });

  it('lists the same accounts and identity providers', async () => {
    const accounts = await all(sdk.accounts.list());
    assert.deepEqual(
      await ours.listAccounts(),
      accounts.map(({ id, name }) => ({ id, name })),
    );

    const providers = await all(sdk.zeroTrust.identityProviders.list({ account_id: account().id }));
    assert.deepEqual(
      (await ours.listIdentityProviders(account().id)).map(({ id, name, type }) => ({ id, name, type })),
      providers.map(({ id, name, type }) => ({ id, name, type })),
    );
  });

  for (const name of ['Okta', 'Workshop SAML', 'Partner OpenID']) {
    it(`gets the same users of ${name}, in the same order and whole`, async () => {
      const theirs = await sdkOf(name);
      assert.equal(theirs.length, provider(name).userCount);
      assert.deepEqual(await oursOf(name), theirs);
    });
  }

  it('gets the same users by every filter', async () => {
    const okta = provider('Okta');
    const user = okta.user(1234);
    const filters: ScimFilter[] = [
      { email: user.emails?.[0]?.value ?? '' },
      { username: okta.userName(1234) },
      { name: user.displayName ?? '' },
      { cf_resource_id: user.id ?? '' },
      { idp_resource_id: user.externalId ?? '' },
      { email: 'nobody@example.com' },
    ];
    for (const filter of filters) {
      const theirs = await sdkOf('Okta', filter);
      assert.deepEqual(await oursOf('Okta', filter), theirs, JSON.stringify(filter));
      assert.equal(theirs.length > 0, !JSON.stringify(filter).includes('nobody'), JSON.stringify(filter));
    }
  });
});
