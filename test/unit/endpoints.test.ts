import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import type { CloudflareApi } from '../../src/cloudflare/endpoints';
import { CloudflareError, type FailureReason } from '../../src/cloudflare/errors';
import type { ScimFilter } from '../../src/cloudflare/resources';
import { errorResponse, FakeFetch, listResponse, reference, scimUsers, settled } from '../support/fakes';

const usersPath = '/accounts/acc/access/identity_providers/idp/scim/users';

function because(reason: FailureReason, endpoint: string): (error: unknown) => boolean {
  return (error) => {
    equal(error instanceof CloudflareError && error.reason, reason);
    equal(error instanceof CloudflareError && error.failure.endpoint, endpoint);
    return true;
  };
}

/** Answers each list with one page of `result` and an empty one. */
function listing(result: readonly unknown[]): FakeFetch {
  return new FakeFetch(({ url }) => listResponse(url.searchParams.get('page') === '1' ? result : []));
}

describe('CloudflareApi', () => {
  it('sends a token or an API key with every request, and no header of the other scheme', async () => {
    const fake = listing([]);
    await fake.api({ scheme: 'token', token: 'T' }).listAccounts();
    await fake.api({ scheme: 'key', email: 'a@example.com', key: 'K' }).listAccounts();
    deepEqual(
      fake.requests.map(({ headers }) => headers),
      [
        { Accept: 'application/json', Authorization: 'Bearer T' },
        { Accept: 'application/json', 'X-Auth-Email': 'a@example.com', 'X-Auth-Key': 'K' },
      ],
    );
  });

  it('lists accounts page by page', async () => {
    const fake = listing([{ id: 'a', name: 'A' }, { id: 'b' }, { name: 'no id' }, null]);
    deepEqual(await fake.api().listAccounts(), [
      { id: 'a', name: 'A' },
      { id: 'b', name: '' },
    ]);
    deepEqual(fake.asked, ['/accounts?page=1&per_page=50', '/accounts?page=2&per_page=50']);
  });

  it('stops if a server repeats the same account on every page', async () => {
    const fake = new FakeFetch(() => listResponse([{ id: 'a', name: 'A' }], { total_count: 500 }));
    deepEqual(await fake.api().listAccounts(), [{ id: 'a', name: 'A' }]);
    equal(fake.requests.length, 2);
  });

  it('stops after 100 pages if a server never ends the list', async () => {
    const fake = new FakeFetch(({ url }) => listResponse([{ id: url.searchParams.get('page') }]));
    equal((await fake.api().listAccounts()).length, 100);
  });

  it('lists identity providers, with whether SCIM is enabled', async () => {
    const fake = listing([
      { id: 'a', name: 'A', type: 'okta', scim_config: { enabled: true } },
      { id: 'b', scim_config: { enabled: false } },
      { id: 'c', scim_config: null, config: { secret: 's' } },
      { name: 'no id' },
    ]);
    deepEqual(await fake.api().listIdentityProviders('acc'), [
      { id: 'a', name: 'A', type: 'okta', scimEnabled: true },
      { id: 'b', name: '', type: '', scimEnabled: false },
      { id: 'c', name: '', type: '', scimEnabled: false },
    ]);
    equal(fake.asked[0], '/accounts/acc/access/identity_providers?page=1&per_page=50');
  });

  it('reads a page of users', async () => {
    const fake = new FakeFetch(() => listResponse(scimUsers(3), { total_count: 3, per_page: 100 }));
    const page = await fake.api().scimUserPage(reference, 7);
    deepEqual([page.number, page.items.length, page.totalCount], [7, 3, 3]);
    deepEqual(fake.asked, [`${usersPath}?page=7&per_page=100`]);
  });

  const filters: [filter: ScimFilter, query: string][] = [
    [{ email: 'Jane+x@Example.com' }, 'email=Jane%2Bx%40Example.com'],
    [{ username: ' a&b=c#d ' }, 'username=+a%26b%3Dc%23d+'],
    [{ name: 'Zoë 100%' }, 'name=Zo%C3%AB+100%25'],
    [{ cf_resource_id: 'a/b?c' }, 'cf_resource_id=a%2Fb%3Fc'],
    [{ idp_resource_id: '00u1&page=9' }, 'idp_resource_id=00u1%26page%3D9'],
  ];
  for (const [filter, query] of filters) {
    it(`sends the filter ${JSON.stringify(filter)} as typed`, async () => {
      const fake = new FakeFetch(() => listResponse([]));
      await fake.api().scimUserPage(reference, 1, { filter });
      deepEqual(fake.asked, [`${usersPath}?${query}&page=1&per_page=100`]);
    });
  }

  it('encodes every part of a path', async () => {
    const fake = listing([]);
    const odd = 'a/b?c#d%';
    await fake.api().listIdentityProviders(odd);
    await fake.api().scimUserPage({ accountId: odd, identityProviderId: '%2e\\é ;' }, 1);
    deepEqual(
      fake.requests.map(({ url }) => url.pathname),
      [
        '/client/v4/accounts/a%2Fb%3Fc%23d%25/access/identity_providers',
        '/client/v4/accounts/a%2Fb%3Fc%23d%25/access/identity_providers/%252e%5C%C3%A9%20%3B/scim/users',
      ],
    );
    equal(fake.requests[0]?.url.search, '?page=1&per_page=50');
  });

  it('sends nothing for an id that would lead to another endpoint, or that cannot be encoded', async () => {
    for (const id of ['.', '..', '', '\uD83D']) {
      const fake = new FakeFetch(() => listResponse([]));
      const api = fake.api();
      await rejects(async () => api.listIdentityProviders(id), CloudflareError);
      await rejects(async () => api.verifyAccountToken(id), CloudflareError);
      await rejects(async () => api.scimUserPage({ ...reference, accountId: id }, 1), CloudflareError);
      await rejects(async () => api.scimUserPage({ ...reference, identityProviderId: id }, 1), CloudflareError);
      deepEqual(fake.asked, []);
    }
  });

  it('rejects, and does not throw synchronously, for such an id', () => {
    const api = listing([]).api();
    for (const id of ['..', '\uD83D']) {
      for (const ask of [() => api.verifyAccountToken(id), () => api.listIdentityProviders(id)]) {
        ask().catch(() => undefined);
      }
    }
  });

  it('reads the status of a user-owned and of an account-owned token', async () => {
    const fake = new FakeFetch(
      () => new Response('{"success":true,"result":{"id":"t","status":"active","expires_on":"2030-01-01T00:00:00Z"}}'),
    );
    const status = { status: 'active', expiresOn: '2030-01-01T00:00:00Z', notBefore: undefined };
    deepEqual(await fake.api().verifyUserToken(), status);
    deepEqual(await fake.api().verifyAccountToken('a/b'), status);
    deepEqual(fake.asked, ['/user/tokens/verify', '/accounts/a%2Fb/tokens/verify']);
  });

  it('throws for a response without a token status', async () => {
    for (const result of ['null', '{}', '[]', '{"status":null}']) {
      const fake = new FakeFetch(() => new Response(`{"success":true,"result":${result}}`));
      await rejects(fake.api().verifyUserToken(), because('unexpectedShape', 'GET /user/tokens/verify'));
    }
  });

  describe('when a request is refused', () => {
    const answering = (token: () => Response, refusal: () => Response) =>
      new FakeFetch(({ url }) => (url.pathname.endsWith('/verify') ? token() : refusal()));
    const status = (value: string) => () => new Response(JSON.stringify({ success: true, result: { status: value } }));
    const ask = (api: CloudflareApi) => api.scimUserPage(reference, 1);

    it('distinguishes a missing permission from an invalid token by the status of the token', async () => {
      for (const [token, reason] of [
        [status('active'), 'forbidden'],
        [status('disabled'), 'unauthorized'],
        [status('expired'), 'unauthorized'],
        [() => errorResponse(401), 'unauthorized'],
        [() => errorResponse(503), 'forbidden'],
        [() => Response.error(), 'forbidden'],
      ] as const) {
        const api = answering(token, () => errorResponse(403)).api();
        await rejects(ask(api), (error) => error instanceof CloudflareError && error.reason === reason);
        equal(api.rejection !== undefined, reason === 'unauthorized', reason);
      }
    });

    it('sends nothing more with an invalid token, and emits that once', async () => {
      const fake = answering(status('disabled'), () => errorResponse(401));
      const api = fake.api();
      let told = 0;
      api.on('verdict', () => told++);
      await Promise.allSettled([ask(api), ask(api), api.listIdentityProviders('acc')]);
      const sent = fake.requests.length;
      await rejects(ask(api), (error) => error === api.rejection);
      deepEqual([fake.requests.length, told], [sent, 1]);
    });

    it('does not take a momentary 401, or 400 with a code of the credential, for an invalid token', async () => {
      for (const [code, apiCode] of [
        [401, 1000],
        [400, 1001],
        [400, 6003],
        [400, 6111],
      ] as const) {
        for (const token of [status('active'), () => errorResponse(503)]) {
          const api = answering(token, () => errorResponse(code, apiCode)).api();
          await rejects(ask(api), (error) => error instanceof CloudflareError && error.reason === 'refused');
          equal(api.rejection, undefined);
        }
      }
    });

    it('sends requests again after `tryAgain`, and ends the rejection at the first success', async () => {
      let isRefused = true;
      const fake = new FakeFetch(() => (isRefused ? errorResponse(401) : listResponse([])));
      const api = fake.api();
      await rejects(ask(api));
      const { rejection } = api;
      ok(rejection);
      const sent = fake.requests.length;
      await rejects(ask(api), (error) => error === rejection);
      equal(fake.requests.length, sent);

      api.tryAgain();
      await rejects(ask(api), (error) => error === api.rejection);
      ok(fake.requests.length > sent && api.rejection !== undefined, 'still rejected');
      api.tryAgain();
      isRefused = false;
      await ask(api);
      equal(api.rejection, undefined);
      await ask(api);
    });

    it('names a limit by IP address and a missing organization by what Cloudflare says, not by the status', async () => {
      for (const [message, reason] of [
        ['Cannot use the access token from location: 203.0.113.7', 'location'],
        ['access.api.error.not_enabled', 'notEnabled'],
        ['Unauthorized to access requested resource', 'forbidden'],
      ] as const) {
        const api = answering(status('active'), () => errorResponse(403, 9109, message)).api();
        await rejects(ask(api), (error) => error instanceof CloudflareError && error.reason === reason);
        equal(api.rejection, undefined);
      }
    });

    it('takes an unknown API key for invalid, and a key that lacks a permission for valid', async () => {
      const key = { scheme: 'key', email: 'a@example.com', key: 'K' } as const;
      for (const [code, reason] of [
        [9103, 'unauthorized'],
        [10_000, 'forbidden'],
      ] as const) {
        const fake = new FakeFetch(() => errorResponse(403, code));
        const api = fake.api(key);
        await rejects(ask(api), (error) => error instanceof CloudflareError && error.reason === reason);
        equal(api.rejection !== undefined, reason === 'unauthorized');
      }
    });

    it('does not take the refusal of a gateway for one of the token', async () => {
      for (const code of [401, 403]) {
        const fake = answering(status('expired'), () => new Response('{"error":"unauthorized"}', { status: code }));
        const api = fake.api();
        await rejects(ask(api), (error) => error instanceof CloudflareError && error.reason === 'edge');
        equal(api.rejection, undefined);
      }
    });

    it('aborts queued requests once the token is known to be invalid', async () => {
      const { promise: answered, resolve: answer } = Promise.withResolvers();
      const fake = new FakeFetch(async ({ url }) => {
        if (!url.pathname.endsWith('/verify')) {
          await (url.searchParams.get('page') === '1' ? answered : new Promise(() => undefined));
        }
        return errorResponse(401);
      });
      const api = fake.api();
      const asked = Array.from({ length: 30 }, (_, i) => api.scimUserPage(reference, i + 1));
      const all = Promise.allSettled(asked);
      await settled();
      equal(fake.requests.length, 8);
      answer(undefined);
      for (const outcome of await all) {
        equal(outcome.status === 'rejected' && outcome.reason, api.rejection);
      }
      await settled();
      // The one that took the place of the answered one was on its way before the answer was read.
      const users = fake.requests.filter(({ url }) => !url.pathname.endsWith('/verify'));
      equal(users.length, 9);
      ok(users.slice(1).every(({ signal }) => signal.aborted));
    });

    it('does not take a network error, a timeout or a 5xx for an invalid token', async () => {
      for (const refusal of [() => errorResponse(500), () => errorResponse(404), () => Response.error()]) {
        const api = answering(status('expired'), refusal).api();
        await rejects(ask(api));
        equal(api.rejection, undefined);
      }
    });
  });

  it('names the endpoint in an error with placeholders, never with an id', async () => {
    const fake = new FakeFetch(() => errorResponse(404));
    const api = fake.api();
    const providers = 'GET /accounts/{account_id}/access/identity_providers';
    await rejects(api.listAccounts(), because('notFound', 'GET /accounts'));
    await rejects(api.listIdentityProviders('acc'), because('notFound', providers));
    await rejects(
      api.scimUserPage(reference, 1),
      because('notFound', `${providers}/{identity_provider_id}/scim/users`),
    );
    await rejects(api.verifyAccountToken('acc'), because('notFound', 'GET /accounts/{account_id}/tokens/verify'));
    fake.respond = () => Promise.reject(new Error('reset'));
    await rejects(api.scimUserPage(reference, 1), because('network', `${providers}/{identity_provider_id}/scim/users`));
  });

  it('throws for a list whose second page fails', async () => {
    const fake = new FakeFetch(({ url }) =>
      url.searchParams.get('page') === '1' ? listResponse([{ id: 'a' }]) : errorResponse(500),
    );
    await rejects(
      fake.api().listIdentityProviders('acc'),
      because('server', 'GET /accounts/{account_id}/access/identity_providers'),
    );
  });

  it('rejects with the reason of the signal', async () => {
    const abort = new AbortController();
    const fake = new FakeFetch(() => new Promise<Response>(() => undefined));
    const asked = fake.api().scimUserPage(reference, 1, { signal: abort.signal });
    const reason = new Error('closed');
    abort.abort(reason);
    await rejects(asked, (error) => error === reason);
  });
});
