import { deepEqual, equal, match, notEqual } from 'node:assert/strict';
import {
  accountPath,
  documentScheme,
  historyPath,
  identityProviderPath,
  isDocumentUri,
  parseHistoryUri,
  parsePath,
  parseProviderUri,
  parseScimUri,
  scimPath,
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

describe('scimPath', () => {
  it('is read back, for any ids', () => {
    for (const accountId of oddIds) {
      for (const userId of oddIds) {
        const reference = { accountId, identityProviderId: `idp ${userId}`, userId };
        deepEqual(parsePath(scimPath(reference)), reference);
      }
    }
  });

  it('differs for different users', () => {
    const paths = new Set(
      oddIds.flatMap((a) => oddIds.map((b) => scimPath({ accountId: a, identityProviderId: b, userId: a + b }))),
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
    equal(scimPath(reference), '/accounts/a%2Fb/identity_providers/c/users/d');
  });

  it('is written for half a surrogate pair too, since a tree is drawn from it', () => {
    match(scimPath({ accountId: 'a', identityProviderId: '\uD83D', userId: '\uDE00' }), /^\/accounts\/a\//);
  });
});

describe('parsePath', () => {
  const others = [
    '',
    '/',
    '/accounts/a',
    '/accounts/a/identity_providers/b/users',
    '/accounts/a/identity_providers/b/users/',
    '/accounts//identity_providers/b/users/c',
    '/accounts/a/identity_providers//users/c',
    '/accounts/a/identity_providers/b/users/c/',
    '/accounts/a/identity_providers/b/users/c/d',
    '/x/accounts/a/identity_providers/b/users/c',
    'accounts/a/identity_providers/b/users/c',
    '/accounts/a/identity_providers/b/groups/',
    '/accounts/a/identity_providers/b/devices/c',
    '/Accounts/a/identity_providers/b/users/c',
    '/accounts/a/identity_providers/b/users/%',
    '/accounts/a/identity_providers/b/users/%zz',
    '/accounts/%FF/identity_providers/b/users/c',
  ];
  for (const path of others) {
    it(`refuses ${JSON.stringify(path)}`, () => equal(parsePath(path), undefined));
  }
});

describe('the URIs of documents', () => {
  const provider = { accountId: 'a/b', identityProviderId: 'c' };
  const group = { ...provider, groupId: 'x.json' };
  const at = (path: string) => ({ scheme: documentScheme, path });

  it('of groups are read as groups, and not as users or identity providers', () => {
    const uri = at(`${scimPath(group)}.json`);
    deepEqual(
      [parseScimUri(uri), parseProviderUri(uri), parseHistoryUri(uri), isDocumentUri(uri)],
      [group, undefined, undefined, true],
    );
  });

  it('of identity providers are not read as groups', () => {
    const uri = at(`${identityProviderPath(provider)}.json`);
    deepEqual([parseScimUri(uri), parseProviderUri(uri)], [undefined, provider]);
  });

  it('of provisioning histories name their owner', () => {
    for (const owner of [provider, group, { ...provider, userId: 'u' }]) {
      const uri = at(historyPath(owner));
      deepEqual([parseHistoryUri(uri), parseScimUri(uri), isDocumentUri(uri)], [owner, undefined, true]);
    }
  });
});

describe('parseScimUri', () => {
  const reference = { accountId: 'a/b', identityProviderId: 'c', userId: 'x.json' };
  const path = `${scimPath(reference)}.json`;

  it('reads the path of a document', () => {
    deepEqual(parseScimUri({ scheme: documentScheme, path }), reference);
  });

  it('refuses other schemes and other endings', () => {
    for (const scheme of ['file', '', `${documentScheme}x`, documentScheme.toUpperCase()]) {
      equal(parseScimUri({ scheme, path }), undefined);
    }
    for (const other of [
      path.replace('.json.json', ''),
      `${path}c`,
      '.json',
      '/accounts/a/identity_providers/b/users/.json',
    ]) {
      equal(parseScimUri({ scheme: documentScheme, path: other }), undefined, other);
    }
  });
});
