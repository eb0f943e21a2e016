import assert from 'node:assert/strict';
import { unseenIn } from '../../src/text/copied';

const characters = (...values: string[]) => unseenIn(values).characters;

describe('What is not seen in a copied value', () => {
  const seen = [
    '',
    'a',
    'anna@example.com',
    'Zoë van der Berg',
    'a  b',
    '山田 太郎',
    '👨\u200D👩\u200D👧',
    'علی\u200Cرضا',
  ];
  for (const value of seen) {
    it(`is nothing in ${JSON.stringify(value)}`, () =>
      assert.deepEqual(unseenIn([value]), { characters: [], hasLineBreak: false, isPartial: false }));
  }

  const spaces = [0xa0, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009];
  for (const code of [...spaces, 0x200a, 0x202f, 0x205f, 0x3000]) {
    const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
    it(`is the space ${name}, at the start, in the middle and at the end`, () => {
      const space = String.fromCharCode(code);
      for (const value of [`${space}a`, `a${space}b`, `a${space}`, space]) {
        assert.deepEqual(characters(value), [name]);
      }
    });
  }

  it('is a plain space at the start and at the end', () => {
    for (const value of [' a', 'a ', ' ', '  a  b  ']) {
      assert.deepEqual(characters(value), ['U+0020']);
    }
    assert.deepEqual(characters('a', 'b ', 'c'), ['U+0020']);
  });

  it('is each character once, over all values', () => {
    assert.deepEqual(characters('a\u202Eb', 'c\u202E\u200Bd', 'e\u00A0').toSorted(), ['U+00A0', 'U+200B', 'U+202E']);
  });

  it('is a line break, whichever', () => {
    for (const value of ['a\nb', 'a\rb', 'a\u2028b', 'a\u2029b', 'a\r\n']) {
      assert.equal(unseenIn(['x', value]).hasLineBreak, true, JSON.stringify(value));
    }
    assert.equal(unseenIn(['a\u200Bb']).hasLineBreak, false);
  });

  it('is looked for in the first 10,000 units of a value, and in its last character', () => {
    assert.deepEqual(unseenIn([`${'x'.repeat(9999)}\u200B`]).characters, ['U+200B']);
    assert.deepEqual(unseenIn([`${'x'.repeat(10_000)}\u200B`]), {
      characters: [],
      hasLineBreak: false,
      isPartial: true,
    });
    assert.deepEqual(unseenIn([`${'x'.repeat(20_000)} `]).characters, ['U+0020']);
    assert.equal(unseenIn(['x'.repeat(10_000)]).isPartial, false);
  });

  it('is looked for in 10,000 units of all values together, where it may be: plain values cost nothing', () => {
    const plain = Array.from({ length: 2000 }, (_, i) => `user-${i}@example.com`);
    assert.deepEqual(unseenIn([...plain, 'a\u200Bb']).characters, ['U+200B']);
    assert.equal(unseenIn(plain).isPartial, false);
    const hostile = unseenIn([...Array.from({ length: 1000 }, () => '\u200B'.repeat(10_000)), '\u202E']);
    assert.deepEqual([hostile.characters, hostile.isPartial], [['U+200B'], true]);
  });

  for (const part of ['\u200B', '\u00A0', 'é', 'x', '👨\u200D', '\u0301', '\uD83D', 'क्\u200D']) {
    it(`comes to an end for 10 MB of ${JSON.stringify(part)}`, () => {
      assert.equal(unseenIn([part.repeat(10_000_000 / part.length)]).isPartial, true);
    });
  }
});
