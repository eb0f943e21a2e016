import { deepEqual, equal } from 'node:assert/strict';
import { authorizationHeaders, tokenKind, trimPastedToken } from '../../src/cloudflare/credential';

// Texts of the right shape are put together here, so that no scanner takes this file for a leak.
const rest = 'x'.repeat(48);
const hex = (digits: number) => 'a1'.repeat(20).slice(0, digits);

describe('authorizationHeaders', () => {
  it('sends a token as a bearer and nothing else', () => {
    deepEqual(authorizationHeaders({ scheme: 'token', token: 'T' }), { Authorization: 'Bearer T' });
  });

  it('sends a Global API Key with its email and no Authorization', () => {
    deepEqual(authorizationHeaders({ scheme: 'key', email: 'a@example.com', key: 'K' }), {
      'X-Auth-Email': 'a@example.com',
      'X-Auth-Key': 'K',
    });
  });
});

describe('tokenKind', () => {
  it('knows the published prefixes', () => {
    equal(tokenKind(`cfut_${rest}`), 'user');
    equal(tokenKind(`cfat_${rest}`), 'account');
    equal(tokenKind(`cfk_${rest}`), 'globalKey');
  });

  it('takes exactly 37 hex digits of either case for a Global API Key', () => {
    equal(tokenKind(hex(37)), 'globalKey');
    equal(tokenKind(hex(37).toUpperCase()), 'globalKey');
    equal(tokenKind(hex(36)), 'unprefixed');
    equal(tokenKind(hex(38)), 'unprefixed');
    equal(tokenKind(`${hex(36)}g`), 'unprefixed');
    equal(tokenKind(`${hex(37)}\n`), 'malformed');
  });

  it('takes anything else that a header can hold for an older token', () => {
    equal(tokenKind('v'.repeat(40)), 'unprefixed');
    equal(tokenKind(`CFUT_${rest}`), 'unprefixed');
    equal(tokenKind(`x-cfut_${rest}`), 'unprefixed');
  });

  it('calls malformed what a header cannot hold, whatever its prefix', () => {
    for (const prefix of ['', 'cfut_', 'cfat_', 'cfk_']) {
      for (const bad of [' ', '\n', '\r\nX-Evil: 1', '\t', 'é', '…', '\u200B', '\0', '\u007F', '😀']) {
        equal(tokenKind(`${prefix}x${bad}x`), 'malformed', JSON.stringify(prefix + bad));
      }
    }
  });

  it('tells an empty text from a bad one', () => equal(tokenKind(''), 'empty'));
});

describe('trimPastedToken', () => {
  const pasted: [text: string, token: string][] = [
    ['abc', 'abc'],
    ['  abc\r\n', 'abc'],
    ['\u00A0abc\uFEFF', 'abc'],
    ['"abc"', 'abc'],
    ["'abc'", 'abc'],
    ['`abc`', 'abc'],
    [' " abc " ', 'abc'],
    ['Bearer abc', 'abc'],
    ['bearer   abc', 'abc'],
    ['"Bearer abc"', 'abc'],
    ['Bearer "abc"', 'abc'],
    ['', ''],
    ['  ', ''],
    ['""', ''],
  ];
  for (const [text, token] of pasted) {
    it(`reads ${JSON.stringify(text)} as ${JSON.stringify(token)}`, () => equal(trimPastedToken(text), token));
  }

  it('leaves what does not come along with a token', () => {
    for (const text of ['"abc', 'abc"', '"abc\'', 'ab"c', 'Bearerabc', 'a b']) {
      equal(trimPastedToken(text), text);
    }
  });
});
