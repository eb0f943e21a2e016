import { deepEqual, equal, notEqual, ok } from 'node:assert/strict';
import {
  startSimulator,
  type ScimUser,
  type SimulatedIdentityProvider,
  type Simulator,
} from '../simulator/simulator.mts';

interface Envelope {
  success: boolean;
  errors: { code: number; message: string; error_chain?: { code: number }[] }[];
  result: ScimUser[] | null;
  result_info?: { count: number; page: number; per_page: number; total_count?: number; total_pages?: number };
}

describe('the simulator', () => {
  let simulator: Simulator;
  let token: string;
  let time = Date.UTC(2026, 0, 1);

  beforeEach(async () => {
    simulator = await startSimulator({ now: () => time });
    token = simulator.issueToken();
  });
  afterEach(() => simulator.close());

  function provider(name: string): SimulatedIdentityProvider {
    const found = simulator.accounts[0]?.identityProviders.find((other) => other.name === name);
    ok(found, `no identity provider ${name}`);
    return found;
  }

  async function get(path: string, headers: Record<string, string> = { authorization: `Bearer ${token}` }) {
    const response = await fetch(`${simulator.baseUrl}${path}`, { headers });
    return { response, status: response.status, envelope: (await response.json()) as Envelope };
  }

  function usersPath(name: string, query: Record<string, string | number> = {}): string {
    const search = new URLSearchParams(
      Object.entries(query).map(([key, value]): [string, string] => [key, String(value)]),
    );
    const account = simulator.accounts[0]?.id ?? '';
    return `/accounts/${account}/access/identity_providers/${provider(name).id}/scim/users?${search.toString()}`;
  }

  async function ids(name: string, query: Record<string, string | number>) {
    const { envelope } = await get(usersPath(name, query));
    return envelope.result?.map(({ id }) => id);
  }

  describe('pages', () => {
    it('are 100 long unless asked otherwise, and count from 1', async () => {
      const { envelope } = await get(usersPath('Okta'));
      deepEqual(envelope.result_info, { count: 100, page: 1, per_page: 100, total_count: 2000, total_pages: 20 });
      deepEqual(envelope.result?.[0], provider('Okta').user(0));
    });

    it('are clamped to the maximum, and say so', async () => {
      simulator.maxPerPage = 30;
      const { envelope } = await get(usersPath('Okta', { per_page: 1000, page: 2 }));
      equal(envelope.result_info?.per_page, 30);
      deepEqual(envelope.result?.[0], provider('Okta').user(30));
    });

    it('end with a short one, and are empty after it', async () => {
      const last = await get(usersPath('Workshop SAML', { per_page: 10, page: 4 }));
      equal(last.envelope.result_info?.count, 7);
      const after = await get(usersPath('Workshop SAML', { per_page: 10, page: 5 }));
      deepEqual(after.envelope.result, []);
    });

    it('far down the list have the users of that place, made when they are asked for', async () => {
      const entra = provider('Entra ID');
      deepEqual((await get(usersPath('Entra ID', { page: 900 }))).envelope.result?.[99], entra.user(89_999));
      equal(entra.userCount, 100_000);
    });

    for (const page of ['0', '-1', 'two', '1.5']) {
      it(`are refused for page=${page}`, async () => {
        equal((await get(usersPath('Okta', { page }))).status, 400);
      });
    }

    it('can leave the totals out, or lie about them', async () => {
      simulator.totals = 'omit';
      const { envelope } = await get(usersPath('Workshop SAML'));
      deepEqual(envelope.result_info, { count: 37, page: 1, per_page: 100 });

      simulator.totals = 'understate';
      equal((await get(usersPath('Okta'))).envelope.result_info?.total_pages, 1);
    });

    it('drift when a user goes or comes', async () => {
      const { id, users } = provider('Okta');
      const [first, , third] = [0, 1, 2].map((place) => users.at(place)?.user.id ?? '');
      simulator.removeUser(id, first ?? '');
      equal((await ids('Okta', { page: 2, per_page: 1 }))?.[0], third);
      deepEqual(await ids('Okta', { cf_resource_id: first ?? '' }), []);

      const added = simulator.insertUser(id, 0);
      equal((await ids('Okta', { per_page: 1 }))?.[0], added.id);
      deepEqual(await ids('Okta', { cf_resource_id: added.id ?? '' }), [added.id]);
      deepEqual(await ids('Okta', { email: added.emails?.[0]?.value ?? '' }), [added.id]);
    });
  });

  describe('filters', () => {
    it('match whole texts in any case, or only in the same case', async () => {
      const { id } = provider('Okta').user(0);
      deepEqual(await ids('Okta', { email: 'GRACE.whitfield@example.com' }), [id]);
      deepEqual(await ids('Okta', { email: 'grace.whitfield' }), []);

      simulator.filterCase = 'sensitive';
      deepEqual(await ids('Okta', { email: 'GRACE.whitfield@example.com' }), []);
      deepEqual(await ids('Okta', { email: 'grace.whitfield@example.com' }), [id]);
    });

    it('find by a user name that no answer shows', async () => {
      const { envelope } = await get(usersPath('Okta', { username: provider('Okta').userName(3) }));
      equal(envelope.result?.[0]?.id, provider('Okta').user(3).id);
      ok(!JSON.stringify(envelope).includes('userName'));
    });

    it('count everyone in the total', async () => {
      const { envelope } = await get(usersPath('Okta', { email: 'grace.whitfield@example.com' }));
      deepEqual(envelope.result_info, { count: 1, page: 1, per_page: 100, total_count: 2000, total_pages: 20 });
    });

    it('for a part of a text are ignored, refused, honoured or match nobody', async () => {
      const query = { search_starts_with: 'grace.whit', per_page: 5 };
      equal((await ids('Okta', query))?.length, 5);

      simulator.partialMatch = 'nobody';
      deepEqual(await ids('Okta', query), []);
      simulator.partialMatch = 'honour';
      equal((await ids('Okta', query))?.[0], provider('Okta').user(0).id);
      simulator.partialMatch = 'refuse';
      equal((await get(usersPath('Okta', query))).status, 400);
    });
  });

  describe('credentials', () => {
    const refusals: [string, Record<string, string>, number, number][] = [
      ['none', {}, 400, 9106],
      ['a malformed token', { authorization: 'Bearer short' }, 400, 6003],
      ['another scheme', { authorization: 'Basic abc' }, 400, 6003],
      ['an email without a key', { 'x-auth-email': 'a@example.com' }, 400, 6003],
      ['an unknown key', { 'x-auth-email': 'a@example.com', 'x-auth-key': '0'.repeat(37) }, 403, 9103],
      ['an unknown token', { authorization: `Bearer ${'x'.repeat(40)}` }, 401, 10000],
    ];
    for (const [what, headers, status, code] of refusals) {
      it(`${what}: ${status}, code ${code}`, async () => {
        const answer = await get('/accounts', headers);
        deepEqual([answer.status, answer.envelope.errors[0]?.code], [status, code]);
        equal(answer.envelope.result, null);
      });
    }

    it('without the permission for Access reach no provider, without the one for accounts see none', async () => {
      token = simulator.issueToken({ permissions: { access: false } });
      equal((await get(usersPath('Okta'))).status, 403);
      token = simulator.issueToken({ permissions: { accountSettings: false } });
      deepEqual((await get('/accounts')).envelope.result, []);
      equal((await get(usersPath('Okta'))).status, 200);
    });

    it('reach only their accounts', async () => {
      token = simulator.issueToken({ kind: 'account', account: simulator.accounts[1]?.id ?? '' });
      const { status, envelope } = await get(usersPath('Okta'));
      deepEqual([status, envelope.errors[0]?.code], [403, 9109]);
    });

    it('of an account may get the same account on every page', async () => {
      simulator.accountTokens = 'sameAccount';
      token = simulator.issueToken({ kind: 'account' });
      for (const page of [1, 2, 9]) {
        equal((await get(`/accounts?page=${page}`)).envelope.result?.[0]?.id, simulator.accounts[0]?.id);
      }
    });

    it('expire, and say so when verified', async () => {
      token = simulator.issueToken({ expiresOn: new Date(time + 1000).toISOString() });
      equal((await get(usersPath('Okta'))).status, 200);
      time += 2000;
      equal((await get(usersPath('Okta'))).status, 403);
      equal((await get('/user/tokens/verify')).status, 200);
    });
  });

  it('keeps what came in, without the secrets', async () => {
    await get(usersPath('Okta', { page: 3 }));
    const [request] = simulator.requests;
    deepEqual([request?.method, request?.page, request?.scheme, request?.status], ['GET', 3, 'bearer', 200]);
    ok(request?.headerNames.includes('authorization'));
    ok(!JSON.stringify(simulator.requests).includes(token));
  });

  it('knows no other paths and no other methods', async () => {
    equal((await get('/zones')).envelope.errors[0]?.code, 7003);
    equal((await get('/accounts/not-an-id/access/identity_providers')).status, 404);
    const post = await fetch(`${simulator.baseUrl}/accounts`, { method: 'POST' });
    equal(post.status, 405);
    notEqual(post.headers.get('cf-ray'), null);
    await post.text();
  });

  it('gives numbers and repeated keys that JSON.parse would lose', async () => {
    const response = await fetch(`${simulator.baseUrl}${usersPath('Workshop SAML')}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const text = await response.text();
    ok(text.includes('"employeeNumber":12345678901234567890,"fullTimeShare":1.0,"costCentre":"A1","costCentre":"B2"'));
  });
});
