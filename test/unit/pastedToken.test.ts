import { equal } from 'node:assert/strict';
import fc from 'fast-check';
import { tokenKind, trimPastedToken } from '../../src/connection/pastedToken';
import { holds, patienceMs } from '../support/properties';

// Tokens are put together here, so that no secret scanner reports this file.
const rest = 'x'.repeat(48);
const hex = (digits: number) => 'a1'.repeat(20).slice(0, digits);

/** trimPastedToken by regular expressions: slow, for short texts only. */
function trimmedByPatterns(text: string): string {
  const trimmed = text
    .replace(/^[\s"'`,;]+|[\s"'`,;]+$/g, '')
    .replace(/^(?:Bearer\s+|(?:(?:export|set)\s+)?(?:\$env:|\$)?[a-z_][\w.-]*["']?\s*[=:](?=.))/is, '');
  return trimmed === text ? text : trimmedByPatterns(trimmed);
}

describe('tokenKind', () => {
  it('recognises the published prefixes', () => {
    equal(tokenKind(`cfut_${rest}`), 'user');
    equal(tokenKind(`cfat_${rest}`), 'account');
    equal(tokenKind(`cfk_${rest}`), 'globalKey');
  });

  it('recognises exactly 37 hex digits, in either case, as a Global API Key', () => {
    equal(tokenKind(hex(37)), 'globalKey');
    equal(tokenKind(hex(37).toUpperCase()), 'globalKey');
    equal(tokenKind(hex(36)), 'unprefixed');
    equal(tokenKind(hex(38)), 'unprefixed');
    equal(tokenKind(`${hex(36)}g`), 'unprefixed');
    equal(tokenKind(`${hex(37)}\n`), 'malformed');
  });

  it('takes any other text that fits into a header for an older token', () => {
    equal(tokenKind('v'.repeat(40)), 'unprefixed');
    equal(tokenKind(`CFUT_${rest}`), 'unprefixed');
    equal(tokenKind(`x-cfut_${rest}`), 'unprefixed');
  });

  it('calls a text malformed that does not fit into a header, whatever its prefix', () => {
    for (const prefix of ['', 'cfut_', 'cfat_', 'cfk_']) {
      for (const bad of [' ', '\n', '\r\nX-Evil: 1', '\t', 'é', '…', '\u200B', '\0', '\u007F', '😀']) {
        equal(tokenKind(`${prefix}x${bad}x`), 'malformed', JSON.stringify(prefix + bad));
      }
    }
  });

  it('tells an empty text from a malformed one', () => equal(tokenKind(''), 'empty'));
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
    ['"abc",', 'abc'],
    ["'abc';", 'abc'],
    ['abc"', 'abc'],
    ['NAME=abc', 'abc'],
    ['export CLOUDFLARE_API_TOKEN="abc"', 'abc'],
    ['$env:CLOUDFLARE_API_TOKEN = "abc"', 'abc'],
    ['api_token = "abc"', 'abc'],
    ['"token": "abc",', 'abc'],
    ['Authorization: Bearer abc', 'abc'],
    ['', ''],
    ['  ', ''],
    ['""', ''],
  ];
  for (const [text, token] of pasted) {
    it(`reads ${JSON.stringify(text)} as ${JSON.stringify(token)}`, () => equal(trimPastedToken(text), token));
  }

  it('leaves all other characters', () => {
    for (const text of ['ab"c', 'Bearerabc', 'a b', 'abc=', 'abc:', '=abc', 'ab,c']) {
      equal(trimPastedToken(text), text);
    }
  });

  it('removes any number of characters around the token', () => {
    const many = 20_000;
    for (const around of ['"', "'", '`', ' ', '\n', '"\'`']) {
      const behind = Array.from(around).reverse().join('');
      equal(trimPastedToken(around.repeat(many) + 'abc' + behind.repeat(many)), 'abc');
    }
    equal(trimPastedToken('Bearer '.repeat(many) + 'abc'), 'abc');
    equal(trimPastedToken('"'.repeat(many)), '');
    equal(trimPastedToken('A='.repeat(many) + 'abc'), 'abc');
  });

  it('does the same as regular expressions', async () => {
    const unit = fc.constantFrom(
      '"',
      "'",
      '`',
      ' ',
      '\t',
      '\u00a0',
      '\ufeff',
      'Bearer',
      'bearer ',
      'BEARER\n',
      'abc',
      'B',
      'A=',
      ':',
      ',',
    );
    await holds(
      fc.property(fc.array(unit, { maxLength: 12 }), (units) => {
        equal(trimPastedToken(units.join('')), trimmedByPatterns(units.join('')));
      }),
    );
  }).timeout(patienceMs);
});
