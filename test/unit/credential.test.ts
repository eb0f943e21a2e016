import { deepEqual, equal, match } from 'node:assert/strict';
import { authorizationHeaders, credentialKey } from '../../src/cloudflare/credential';

describe('authorizationHeaders', () => {
  it('sends a token as Bearer, and no other header', () => {
    deepEqual(authorizationHeaders({ scheme: 'token', token: 'T' }), { Authorization: 'Bearer T' });
  });

  it('sends a Global API Key with its email, and no Authorization header', () => {
    deepEqual(authorizationHeaders({ scheme: 'key', email: 'a@example.com', key: 'K' }), {
      'X-Auth-Email': 'a@example.com',
      'X-Auth-Key': 'K',
    });
  });
});

describe('credentialKey', () => {
  it('is the same for the same credential only, and does not contain it', () => {
    const credentials = [
      { scheme: 'token', token: 'T' },
      { scheme: 'token', token: 'K' },
      { scheme: 'key', email: 'a@example.com', key: 'K' },
      { scheme: 'key', email: 'b@example.com', key: 'K' },
    ] as const;
    const keys = credentials.map(credentialKey);
    equal(new Set(keys).size, credentials.length);
    deepEqual(
      credentials.map((credential) => credentialKey({ ...credential })),
      keys,
    );
    for (const key of keys) {
      match(key, /^[0-9a-f]{16}$/);
    }
  });
});
