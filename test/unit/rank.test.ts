import assert from 'node:assert/strict';
import { parseQuery } from '../../src/matching/query';
import { ranks, type SearchableUser } from '../../src/matching/rank';
import { rankOf } from '../../src/matching/rankOf';
import { UserIndex } from '../../src/matching/userIndex';
import { plainSearch } from '../support/plainScan';

const anna: SearchableUser = {
  displayName: 'Änna van der Straße',
  emails: [{ value: 'anna@example.com' }, {}, { value: 'home-office@example.org' }],
  externalId: '00uXY',
  id: '4F2-aa',
  active: true,
};

/** Everything that ranks: they must agree. */
const rankers: readonly [name: string, rank: (user: SearchableUser, typed: string) => number | undefined][] = [
  ['rankOf', (user, typed) => rankOf(user, parseQuery(typed))],
  ...[true, false].map((isSigned): (typeof rankers)[number] => [
    isSigned ? 'a signed UserIndex' : 'an unsigned UserIndex',
    (user, typed) => {
      const index = new UserIndex();
      index.add(user);
      if (isSigned) {
        index.sign(() => false);
      }
      return index.search(parseQuery(typed), 1)[0]?.rank;
    },
  ]),
  ['the oracle', (user, typed) => plainSearch([user], typed, 1)[0]?.rank],
];

for (const [name, rank] of rankers) {
  describe(`The rank by ${name}`, () => {
    const { exact, fieldStart, wordStart, inside } = ranks;
    const cases: readonly [what: string, typed: string, expected: number | undefined][] = [
      ['is exact for a whole name, folded', '"ANNA VAN DER STRASSE"', exact],
      ['is exact for any whole email', 'home-office@example.org', exact],
      ['is exact for a whole external id', '00uxy', exact],
      ['is exact for a whole id', '4f2-AA', exact],
      ['is a field start', 'ann', fieldStart],
      ['is a field start in the second email', 'home', fieldStart],
      ['is a word start after a space', 'der', wordStart],
      ['is a word start after a sign', 'office', wordStart],
      ['is a word start for a sign after a space only', '-', inside],
      ['is a word start over the end of a word', '"van d"', wordStart],
      ['is inside', 'fice', inside],
      ['is inside for a sign after a letter', '@', inside],
      ['is the best of all fields', 'a', fieldStart],
      ['is that of the one field', 'name:anna', fieldStart],
      ['is exact in the one field', 'ext:00uxy', exact],
      ['is none in another field', 'id:00u', undefined],
      ['is none for a name as an email', 'email:van', undefined],
      ['is none over the end of a field', 'comhome', undefined],
      ['is none for what stands nowhere', 'berta', undefined],
      ['is the worst of several terms', 'anna fice', inside],
      ['is the same in any order', 'der ann', wordStart],
      ['is none if one term is missing', 'anna berta', undefined],
      ['is exact without terms', '', exact],
      ['is none for a user name, which no answer shows', 'user:anna', undefined],
      ['is none for the inactive', 'anna is:inactive', undefined],
      ['counts the active', 'ann is:active', fieldStart],
    ];
    for (const [what, typed, expected] of cases) {
      it(what, () => assert.equal(rank(anna, typed), expected));
    }

    it('begins no word after a letter or number of any script or plane', () => {
      for (const before of ['9', 'ж', '김', '²', '鈴', '𝔸', '𠀋', 'é']) {
        assert.equal(rank({ emails: [], displayName: `x ${before}q` }, 'q'), inside, before);
      }
    });

    it('begins a word after every other character', () => {
      for (const before of [' ', '_', "'", '’', '　', '。', '😀', '\u0000', '\ud83d', '\u00a0']) {
        assert.equal(rank({ emails: [], displayName: `x${before}q` }, 'q'), wordStart, JSON.stringify(before));
      }
    });

    it('is that of the best of several places in a field', () => {
      assert.equal(rank({ emails: [], displayName: 'banana na' }, 'na'), wordStart);
    });

    it('knows nobody by fields that are missing or empty', () => {
      assert.equal(rank({ emails: [{}] }, 'a'), undefined);
      assert.equal(rank({ emails: [{ value: '' }], displayName: '', externalId: '', id: '' }, 'a'), undefined);
    });

    it('needs to know that a user is active or not', () => {
      assert.equal(rank({ emails: [], displayName: 'a' }, 'a is:active'), undefined);
      assert.equal(rank({ emails: [], displayName: 'a' }, 'a is:inactive'), undefined);
      assert.equal(rank({ emails: [], displayName: 'a', active: false }, 'a is:inactive'), exact);
    });
  });
}
