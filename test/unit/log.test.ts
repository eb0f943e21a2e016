import { deepEqual, equal } from 'node:assert/strict';
import type { Exchange } from '../../src/cloudflare/request';
import { levelOf, maskedLine, shownRay } from '../../src/log/maskedLine';

const exchange: Exchange = {
  endpoint: 'GET /accounts/{account_id}/access/identity_providers/{identity_provider_id}/scim/users',
  query: new URLSearchParams(),
  outcome: '200',
  milliseconds: 33.6,
  bytes: 4123,
  ray: '8f0c2a-FRA',
  remaining: 1180,
};

describe('a log line', () => {
  it('has method, path with placeholders, status, time, bytes, ray and remaining requests', () => {
    equal(
      maskedLine({ ...exchange, query: new URLSearchParams({ page: '2', per_page: '100' }) }),
      `${exchange.endpoint} page=2 per_page=100 → 200, 34 ms, 4123 bytes, cf-ray 8f0c2a-FRA, 1180 requests left`,
    );
  });

  it('leaves out missing parts', () => {
    equal(
      maskedLine({ ...exchange, outcome: 'ECONNRESET', bytes: 0, ray: undefined, remaining: undefined }),
      `${exchange.endpoint} → ECONNRESET, 34 ms, 0 bytes`,
    );
  });

  it('masks all query values except page and per_page', () => {
    const names = [
      'email',
      'username',
      'name',
      'cf_resource_id',
      'idp_resource_id',
      'search_contains',
      'Page',
      'pages',
    ];
    const query = new URLSearchParams([
      ...names.map((name): [string, string] => [name, 'grace hopper']),
      ['page', '1'],
    ]);
    const line = maskedLine({ ...exchange, query });
    equal(line.includes('grace'), false);
    equal(line.split(' → ')[0], `${exchange.endpoint} ${names.map((name) => `${name}=…`).join(' ')} page=1`);
  });

  it('has a ray only in the form that Cloudflare uses', () => {
    deepEqual(['8f-FRA', 'ray\n2026 [info] forged', 'a b', '', 'x'.repeat(61), undefined].map(shownRay), [
      'cf-ray 8f-FRA',
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('is a warning for a failure, and of level Debug otherwise', () => {
    const levels = ['200', '304', 'cancelled', '401', '429', '500', 'timeout', 'ECONNRESET', 'timeout (status 200)'];
    deepEqual(
      levels.map((outcome) => levelOf({ ...exchange, outcome })),
      ['debug', 'debug', 'debug', 'warn', 'warn', 'warn', 'warn', 'warn', 'warn'],
    );
  });
});
