import { equal } from 'node:assert/strict';
import fc from 'fast-check';
import { trimPastedToken } from '../../src/cloudflare/credential';
import { holds, patienceMs } from '../support/properties';

/** What trimPastedToken means, said by patterns: slow, and only for short texts. */
function trimmedByPatterns(text: string): string {
  const trimmed = text
    .trim()
    .replace(/^(["'`])(.*)\1$/s, '$2')
    .trim()
    .replace(/^Bearer\s+/i, '');
  return trimmed === text ? text : trimmedByPatterns(trimmed);
}

describe('a pasted token', () => {
  it('loses what comes along with it however often that is there', () => {
    const many = 20_000;
    for (const around of ['"', "'", '`', ' ', '\n', '"\'`']) {
      const behind = Array.from(around).reverse().join('');
      equal(trimPastedToken(around.repeat(many) + 'abc' + behind.repeat(many)), 'abc');
    }
    equal(trimPastedToken('Bearer '.repeat(many) + 'abc'), 'abc');
    equal(trimPastedToken('"'.repeat(many)), '');
    equal(trimPastedToken('"'.repeat(many + 1)), '"');
  });

  it('is read as the patterns say', async () => {
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
    );
    await holds(
      fc.property(fc.array(unit, { maxLength: 12 }), (units) => {
        equal(trimPastedToken(units.join('')), trimmedByPatterns(units.join('')));
      }),
    );
  }).timeout(patienceMs);
});
