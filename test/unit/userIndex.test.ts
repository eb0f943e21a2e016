import assert from 'node:assert/strict';
import { parseQuery } from '../../src/matching/query';
import { type SearchableUser, UserIndex } from '../../src/matching/userIndex';

const named = (displayName: string, more: Partial<SearchableUser> = {}): SearchableUser => ({
  displayName,
  emails: [],
  ...more,
});

function indexOf(users: Iterable<SearchableUser>): UserIndex {
  const index = new UserIndex();
  for (const user of users) {
    index.add(user);
  }
  index.sign(() => false);
  return index;
}

/** More than fit in a few blocks. */
const many = 10_000;
const numbered = (i: number) => named(`User ${i}`, { id: `id-${i}`, active: i % 3 !== 0 });

describe('UserIndex', () => {
  const found = (index: UserIndex, typed: string, limit = 100) =>
    index.search(parseQuery(typed), limit).map((match) => match.index);

  it('finds nobody among nobody', () => {
    assert.deepEqual([found(new UserIndex(), 'a'), found(new UserIndex(), '')], [[], []]);
    assert.equal(new UserIndex().indexOfId('a'), undefined);
  });

  it('orders by rank, then by number', () => {
    const index = indexOf(['xann', 'x ann', 'ann', 'anna', 'y ann', 'ann', 'annb', 'yann'].map((name) => named(name)));
    assert.deepEqual(index.search(parseQuery('ann'), 100), [
      { index: 2, rank: 0 },
      { index: 5, rank: 0 },
      { index: 3, rank: 1 },
      { index: 6, rank: 1 },
      { index: 1, rank: 2 },
      { index: 4, rank: 2 },
      { index: 0, rank: 3 },
      { index: 7, rank: 3 },
    ]);
  });

  it('gives the best at every limit, and nobody at none', () => {
    const index = indexOf(['xann', 'x ann', 'ann', 'anna'].map((name) => named(name)));
    for (const limit of [0, 1, 2, 3, 4, 5]) {
      assert.deepEqual(found(index, 'ann', limit), [2, 3, 1, 0].slice(0, limit));
    }
  });

  it('finds the same while it is signed in slices, and users that are added meanwhile', () => {
    const index = new UserIndex();
    const before = Array.from({ length: many }, (_, i) => numbered(i));
    before.forEach((user) => index.add(user));
    const typed = ['"user 4095"', 'user 77', 'id:id-99', 'is:inactive 12', 'nobody'];
    const results = () => typed.map((text) => found(index, text, 20));
    const unsigned = results();
    let slices = 1;
    for (; !index.sign(() => true); slices++) {
      assert.deepEqual(results(), unsigned);
    }
    assert.ok(slices >= many / 16, `${slices} slices`);
    assert.deepEqual(results(), unsigned);
    index.add(named('Late Comer'));
    assert.deepEqual(found(index, 'late'), [many]);
    assert.ok(index.sign(() => false));
    assert.deepEqual(found(index, 'late'), [many]);
  });

  it('finds the first and the last of many', () => {
    const index = indexOf(Array.from({ length: many }, (_, i) => numbered(i)));
    assert.equal(index.count, many);
    for (const i of [0, 1, 31, 32, 2047, 2048, 4095, 4096, many - 1]) {
      assert.deepEqual(found(index, `"user ${i}"`, 1), [i]);
      assert.deepEqual(found(index, `id:id-${i}`, 1), [i]);
      assert.equal(index.indexOfId(`id-${i}`), i);
    }
    assert.deepEqual(found(index, `user ${many}`), []);
  });

  it('finds an exact match after many better placed ones', () => {
    const index = indexOf([...Array.from({ length: many }, (_, i) => numbered(i)), named('user')]);
    assert.deepEqual(found(index, 'user', 2), [many, 0]);
  });

  it('finds who was added since the last search', () => {
    const index = indexOf([named('anna')]);
    assert.deepEqual(found(index, 'anna'), [0]);
    index.add(named('anna'));
    assert.deepEqual(found(index, 'anna'), [0, 1]);
  });

  it('lists all that fit, in order, when only the state is asked for', () => {
    const index = indexOf(Array.from({ length: many }, (_, i) => numbered(i)));
    const inactive = Array.from({ length: many }, (_, i) => i).filter((i) => i % 3 === 0);
    assert.deepEqual(found(index, 'is:inactive', many), inactive);
    assert.deepEqual(found(index, 'is:inactive', 7), inactive.slice(0, 7));
    assert.equal(found(index, 'is:active', many).length, many - inactive.length);
    assert.equal(found(index, '', many).length, many);
    assert.deepEqual(found(index, 'idp:okta', 2), [0, 1]);
  });

  it('finds a user by texts of any length', () => {
    const long = 'Öä'.repeat(400);
    const index = indexOf([named('short'), named(long), named(`${long}x`, { id: long })]);
    assert.deepEqual(index.search(parseQuery(long), 3), [
      { index: 1, rank: 0 },
      { index: 2, rank: 0 },
    ]);
    assert.deepEqual(found(index, 'ax'), [2]);
    assert.equal(index.indexOfId(long), 2);
  });

  it('finds a text of 1 to 30 characters wherever it stands', () => {
    const text = 'zażółć 김민준-鈴木 x1😀.q@y';
    const index = indexOf([named('other'), named('before', { externalId: text })]);
    const characters = Array.from(text);
    for (let start = 0; start < characters.length; start++) {
      for (let end = start + 1; end <= characters.length; end++) {
        assert.deepEqual(found(index, `"${characters.slice(start, end).join('')}"`).slice(-1), [1], `${start} ${end}`);
      }
    }
  });

  it('never finds what stands over the end of a record', () => {
    const index = indexOf([named('ab', { id: 'cd' }), named('ef')]);
    assert.deepEqual(
      ['bcd', 'bc', 'cdef', 'de', 'd\u0001e', 'b\u0004c'].map((typed) => found(index, typed)),
      [[], [], [], [], [], []],
    );
  });

  describe('by id', () => {
    it('tells cases and accents apart', () => {
      const index = indexOf([named('', { id: 'Ab' }), named('', { id: 'ab' }), named('', { id: 'äb' })]);
      assert.deepEqual(
        ['Ab', 'ab', 'äb', 'AB', 'a'].map((id) => index.indexOfId(id)),
        [0, 1, 2, undefined, undefined],
      );
    });

    it('tells controls and halves of pairs apart', () => {
      const ids = ['a\u0000', 'a\u0001', 'a ', 'a\ud83d', 'a\ud83e', 'a\ufffd', '', '\u0004a', '"a"', 'a\u6104'];
      const index = indexOf(ids.map((id) => named('', { id })));
      assert.deepEqual(
        ids.map((id) => index.indexOfId(id)),
        ids.map((_, i) => i),
      );
    });

    it('knows nobody by another field', () => {
      assert.equal(indexOf([named('x', { externalId: 'x' })]).indexOfId('x'), undefined);
    });

    it('gives the first of two', () => {
      assert.equal(indexOf([named('a'), named('b', { id: 'x' }), named('c', { id: 'x' })]).indexOfId('x'), 1);
    });

    it('never finds a user by the unfolded form that it keeps for this', () => {
      const index = indexOf([named('n', { id: 'A"B' })]);
      assert.deepEqual(found(index, 'a"b'), [0]);
      assert.deepEqual(found(index, '\\'), []);
    });

    it('finds every one of many', () => {
      const index = indexOf(Array.from({ length: 50_000 }, (_, i) => named('', { id: `Id${i * 7919}` })));
      for (let i = 0; i < 50_000; i++) {
        assert.equal(index.indexOfId(`Id${i * 7919}`), i);
        assert.equal(index.indexOfId(`Id${i * 7919}x`), undefined);
      }
    });
  });
});
