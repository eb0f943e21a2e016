import assert from 'node:assert/strict';
import { fold } from '../../src/matching/fold';
import { plainFold } from '../support/plainScan';

for (const [name, folded] of [
  ['fold', fold],
  ["the oracle's fold", plainFold],
] as const) {
  describe(name, () => {
    const cases: readonly [what: string, text: string, expected: string][] = [
      ['leaves lower-case ASCII alone', 'anna.schmidt@example.com', 'anna.schmidt@example.com'],
      ['lowers capitals', 'ANNA', 'anna'],
      ['drops accents, composed or not', 'Müller Mu\u0308ller', 'muller muller'],
      ['drops marks of other scripts', 'שָׁלוֹם', 'שלום'],
      ['takes compatibility forms apart', 'ﬁ Ａ ² ①', 'fi a 2 1'],
      ['spells ß as ss, large or small', 'Straße STRAẞE', 'strasse strasse'],
      ['spells ł as l', 'Łódź łódź', 'lodz lodz'],
      ['spells ø as o, with an accent too', 'Øre øre ǿ', 'ore ore o'],
      ['spells đ as d', 'Đặng đặng', 'dang dang'],
      ['spells ð as d and þ as th', 'Guðrún Þór ÐÞ', 'gudrun thor dth'],
      ['spells other letters with strokes and hooks', 'Ɓɗƙŋħŧɨə', 'bdknhtie'],
      ['spells æ as ae, with an accent too', 'Æon æon ǽ', 'aeon aeon ae'],
      ['spells œ as oe', 'Œuvre œuvre', 'oeuvre oeuvre'],
      ['makes one letter of all the i of Turkish', 'İIıi', 'iiii'],
      ['does not know where a sigma stands', 'ΟΔΥΣΣΕΥΣ οδυσσευς', 'οδυσσευσ οδυσσευσ'],
      [
        'takes apostrophes of all kinds for the plain one',
        'O’B O‘B OʼB O´B O`B O′B O＇B',
        "o'b o'b o'b o'b o'b o'b o'b",
      ],
      ['takes hyphens and dashes of all kinds for the plain one', 'a‐b a‑b a–b a—b a−b', 'a-b a-b a-b a-b a-b'],
      ['takes quotation marks of all kinds for the plain one', '“a” «a» „a‟', '"a" "a" "a"'],
      ['drops characters that are not drawn', 'Anne\u00adLiese Ali\u200cReza a\u200bb\ufeff', 'anneliese alireza ab'],
      ['compares Arabic and Persian forms alike', 'ی ى ک ة أ ـ', 'ي ي ك ه ا '],
      ['compares Arabic and Persian digits with ASCII ones', '٠١٩ ۰۱۹', '019 019'],
      ['makes plain spaces of other ones', 'a\u00a0b\u3000c\u1680d\u2028e', 'a b c d e'],
      ['makes spaces of controls', 'a\u0000b\tc\u001fd\u007fe\u0085f\u009fg', 'a b c d e f g'],
      ['makes one replacement character of half a pair', 'a\ud83d b\ude00', 'a\ufffd b\ufffd'],
      ['joins no halves of a pair by dropping the mark between', '\ud83d\u0301\ude00', '\ufffd\ufffd'],
      ['keeps what is no letter', '😀 -_.+@', '😀 -_.+@'],
      ['leaves nothing of marks alone', '\u0301', ''],
    ];
    for (const [what, text, expected] of cases) {
      it(what, () => assert.equal(folded(text), expected));
    }
  });
}

describe('fold, of any character', () => {
  it('is done after one time, leaves no control, and is what the oracle makes of it', () => {
    // All planes that have characters but those of private use.
    for (const [first, last] of [
      [0, 0x3ffff],
      [0xe0000, 0xe0fff],
    ] as const) {
      for (let code = first; code <= last; code++) {
        const character = String.fromCodePoint(code);
        const once = fold(character);
        const others = [fold(once), plainFold(character), plainFold(once)];
        if (others.some((other) => other !== once) || /[\p{Cc}\p{M}\p{Cs}]/u.test(once)) {
          assert.fail(`U+${code.toString(16)} becomes ${JSON.stringify(once)}, then ${JSON.stringify(others)}`);
        }
      }
    }
  });
});
