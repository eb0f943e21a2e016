import assert from 'node:assert/strict';
import { fold, foldField } from '../../src/matching/fold';
import { parseQuery, type Query } from '../../src/matching/query';
import { rankOf } from '../../src/matching/rankOf';
import { type SearchableUser, UserIndex } from '../../src/matching/userIndex';

/** NFKD makes 18 characters of it. */
const expanding = '\ufdfa';
const megabytes = 8 << 20;

function indexOf(...users: SearchableUser[]): UserIndex {
  const index = new UserIndex();
  users.forEach((user) => index.add(user));
  index.sign(() => false);
  return index;
}

/** One term, as no box would let it through. */
function whole(text: string): Query {
  return { ...parseQuery(''), terms: [{ text, folded: fold(text), field: undefined }], text };
}

describe('The searched text of a field', () => {
  const odd = [
    ...[
      'x',
      'X',
      'é',
      'e\u0301',
      expanding,
      '\ud83d',
      '\ude00',
      '😀',
      '𝔸',
      '\u0301',
      '\u0000',
      'ß',
      '…',
      'ﬃ',
      '㍿',
      '﷽',
    ],
    ...['İ', '\u200d', '👨\u200d👩', '한', '\ufffd'],
  ];
  for (const part of odd) {
    it(`has an end for 8 MiB of ${JSON.stringify(part)}, in no surrogate pair`, () => {
      const folded = foldField(part.repeat(megabytes / part.length));
      assert.ok(folded.length <= 1001, String(folded.length));
      assert.ok(folded.isWellFormed());
      assert.doesNotMatch(folded, /[\p{M}\p{Cc}]/u);
    });
  }

  it('is all of it up to 1,000 units before folding and after it', () => {
    for (const text of ['x'.repeat(1000), 'É'.repeat(1000), '😀'.repeat(500), 'ß'.repeat(500), expanding.repeat(55)]) {
      assert.equal(foldField(text), fold(text));
    }
    for (const text of ['x'.repeat(1001), '😀'.repeat(501), 'ß'.repeat(501), expanding.repeat(56)]) {
      assert.notEqual(foldField(text), fold(text));
    }
  });

  it('cuts no surrogate pair', () => {
    assert.equal(foldField(`${'x'.repeat(999)}😀`), `${'x'.repeat(999)}…`);
    assert.equal(foldField(`${'ß'.repeat(499)}x😀`), `${'ss'.repeat(499)}x…`);
  });
});

describe('A field that is longer than what is searched of it', () => {
  const id = 'i'.repeat(1500);
  const email = `${'e'.repeat(1500)}@example.com`;
  const user: SearchableUser = { displayName: `Anna ${'x'.repeat(2000)} Zoe`, emails: [{ value: email }], id };
  const index = indexOf(user);
  const ranks = (query: Query) => [index.search(query, 1)[0]?.rank, rankOf(user, query)];

  it('is found by its beginning, and not by what stands behind it', () => {
    assert.deepEqual(ranks(parseQuery('anna')), [1, 1]);
    assert.deepEqual(ranks(parseQuery('zoe')), [undefined, undefined]);
    assert.deepEqual(ranks(parseQuery('example')), [undefined, undefined]);
  });

  it('is never taken for a whole field that is its beginning', () => {
    for (const length of [999, 1000]) {
      assert.deepEqual(ranks(whole('i'.repeat(length))), [1, 1]);
      assert.deepEqual(ranks(whole('e'.repeat(length))), [1, 1]);
    }
    const expanded: SearchableUser = { displayName: expanding.repeat(1000), emails: [] };
    const beginning = whole(fold(expanding.repeat(56)).slice(0, 1000));
    assert.deepEqual([indexOf(expanded).search(beginning, 1)[0]?.rank, rankOf(expanded, beginning)], [1, 1]);
  });

  it('is found as a whole by nobody here, so that the server is asked, and then shown', () => {
    for (const text of [id, email]) {
      assert.deepEqual(ranks(whole(text)), [undefined, 0]);
      assert.deepEqual(ranks(whole(`${text}x`)), [undefined, undefined]);
    }
  });

  it('is told from others as an id, to the last character', () => {
    const ids = [id, `${id}i`, `${id.slice(0, -1)}j`, id.toUpperCase(), 'i'.repeat(1000), expanding.repeat(1000)];
    const many = indexOf(...ids.map((one) => ({ emails: [], id: one })));
    assert.deepEqual(
      ids.map((one) => many.indexOfId(one)),
      ids.map((_, i) => i),
    );
    assert.equal(many.indexOfId(`${id.slice(0, -1)}k`), undefined);
  });

  it('is not found by the mark of where it was cut', () => {
    assert.deepEqual(ranks(parseQuery('…')), [undefined, undefined]);
    assert.deepEqual(ranks(parseQuery('x…')), [undefined, undefined]);
  });
});
