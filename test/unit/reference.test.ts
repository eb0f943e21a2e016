import { deepEqual, equal, match, notEqual } from 'node:assert/strict';
import {
  accountPath,
  documentScheme,
  identityProviderPath,
  parseUserUri,
  parseScimUserPath,
  scimUserPath,
} from '../../src/directory/reference';

const oddIds = [
  'a',
  '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
  'a/b',
  'a?b#c',
  '100%',
  '%2F',
  '..',
  '.',
  ' ',
  'é😀',
  '\n',
  '\u202E',
  '\\',
  'a.json',
  'users',
];

describe('scimUserPath', () => {
  it('is read back, for any ids', () => {
    for (const accountId of oddIds) {
      for (const userId of oddIds) {
        const reference = { accountId, identityProviderId: `idp ${userId}`, userId };
        deepEqual(parseScimUserPath(scimUserPath(reference)), reference);
      }
    }
  });

  it('differs for different users', () => {
    const paths = new Set(
      oddIds.flatMap((a) => oddIds.map((b) => scimUserPath({ accountId: a, identityProviderId: b, userId: a + b }))),
    );
    equal(paths.size, oddIds.length ** 2);
    notEqual(
      identityProviderPath({ accountId: 'a/b', identityProviderId: 'c' }),
      identityProviderPath({ accountId: 'a', identityProviderId: 'b/c' }),
    );
  });

  it('begins with the path of the identity provider, and that with the account', () => {
    const reference = { accountId: 'a/b', identityProviderId: 'c', userId: 'd' };
    equal(accountPath('a/b'), '/accounts/a%2Fb');
    equal(identityProviderPath(reference), '/accounts/a%2Fb/identity_providers/c');
    equal(scimUserPath(reference), '/accounts/a%2Fb/identity_providers/c/users/d');
  });

  it('is written for half a surrogate pair too, since a tree is drawn from it', () => {
    match(scimUserPath({ accountId: 'a', identityProviderId: '\uD83D', userId: '\uDE00' }), /^\/accounts\/a\//);
  });
});

describe('parseScimUserPath', () => {
  const others = [
    '',
    '/',
    '/accounts/a',
    '/accounts/a/identity_providers/b',
    '/accounts/a/identity_providers/b/users',
    '/accounts/a/identity_providers/b/users/',
    '/accounts//identity_providers/b/users/c',
    '/accounts/a/identity_providers//users/c',
    '/accounts/a/identity_providers/b/users/c/',
    '/accounts/a/identity_providers/b/users/c/d',
    '/x/accounts/a/identity_providers/b/users/c',
    'accounts/a/identity_providers/b/users/c',
    '/accounts/a/identity_providers/b/groups/c',
    '/Accounts/a/identity_providers/b/users/c',
    '/accounts/a/identity_providers/b/users/%',
    '/accounts/a/identity_providers/b/users/%zz',
    '/accounts/%FF/identity_providers/b/users/c',
  ];
  for (const path of others) {
    it(`refuses ${JSON.stringify(path)}`, () => equal(parseScimUserPath(path), undefined));
  }
});

describe('parseUserUri', () => {
  const reference = { accountId: 'a/b', identityProviderId: 'c', userId: 'x.json' };
  const path = `${scimUserPath(reference)}.json`;

  it('reads the path of a document', () => {
    deepEqual(parseUserUri({ scheme: documentScheme, path }), reference);
  });

  it('refuses other schemes and other endings', () => {
    for (const scheme of ['file', '', `${documentScheme}x`, documentScheme.toUpperCase()]) {
      equal(parseUserUri({ scheme, path }), undefined);
    }
    for (const other of [
      path.replace('.json.json', ''),
      `${path}c`,
      '.json',
      '/accounts/a/identity_providers/b/users/.json',
    ]) {
      equal(parseUserUri({ scheme: documentScheme, path: other }), undefined, other);
    }
  });
});
