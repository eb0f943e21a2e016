import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fold } from '../../../src/matching/fold';
import { parseQuery, type Query } from '../../../src/matching/query';
import { rankOf } from '../../../src/matching/rankOf';
import { type SearchableUser, UserIndex } from '../../../src/matching/userIndex';
import { plainFold, plainSearch } from '../../support/plainScan';
import { holds, patienceMs } from '../../support/properties';

/** Few characters, so that texts meet, and one of each sort that folding or words treat apart. */
const character = fc.constantFrom(
  ...['a', 'b', 'A', '1', '-', '.', '@', ' ', 'é', 'e', '\u0301', 'ß', 's', 'İ', 'ı', 'i', 'Σ', 'ς', 'ж', '김', '鈴'],
  ...['😀', '\ud83d', '\ude00', '𝔸', '\ufffd', '\u0000', '\u0004', '\u009f', '"', '\\', '_', '²', '½'],
  ...['’', '`', '´', '–', '\u00ad', '\u200c', 'ð', 'ی', 'ي', '۱'],
);
const text = fc.oneof(
  fc.array(character, { maxLength: 12 }).map((characters) => characters.join('')),
  fc.array(fc.constantFrom('a', 'b', ' '), { maxLength: 8 }).map((characters) => characters.join('')),
);
const maybeText = fc.option(text, { nil: undefined, freq: 8 });

const user: fc.Arbitrary<SearchableUser> = fc.record({
  displayName: maybeText,
  emails: fc.array(fc.record({ value: maybeText }), { maxLength: 3 }),
  externalId: maybeText,
  id: maybeText,
  active: fc.option(fc.boolean(), { nil: undefined }),
});
/** Some with a crowd before them, which fills blocks. */
const users = fc
  .tuple(fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 0, 0, 2040), fc.array(user, { maxLength: 24 }))
  .map(([crowd, some]) => [...Array.from({ length: crowd }, () => ({ emails: [], displayName: 'b' })), ...some]);

const queryText = fc
  .array(
    fc.tuple(
      fc.constantFrom('', '', '', 'name:', 'email:', 'ext:', 'id:', 'user:', 'is:', 'is:active', 'is:inactive', '"'),
      fc.array(character, { maxLength: 4 }).map((characters) => characters.join('')),
    ),
    { maxLength: 3 },
  )
  .map((words) => words.map((word) => word.join('')).join(' '));
/** Also terms that nobody can type, such as one with a space in it but without quotes. */
const query: fc.Arbitrary<Query> = fc.oneof(
  queryText.map(parseQuery),
  text.map((word) => ({
    kind: 'user' as const,
    terms: fold(word) === '' ? [] : [{ text: word, folded: fold(word), field: undefined }],
    active: undefined,
    isCut: false,
    providers: [],
    text: word,
    unknownField: undefined,
    identity: undefined,
    isIdentityAlone: false,
  })),
);

describe('Folding', () => {
  it('is done after one time, and as the oracle does it', () =>
    holds(
      fc.property(fc.oneof(text, fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' })), (typed) => {
        const folded = fold(typed);
        assert.equal(fold(folded), folded);
        assert.equal(plainFold(typed), folded);
        assert.doesNotMatch(folded, /[\p{Cc}\p{M}\p{Cs}]/u);
      }),
    )).timeout(patienceMs);
});

/** Without quotes, which hold a term together, and without characters that are not drawn. */
function drawn(typed: string): string {
  return typed.replace(/["\p{Cc}\p{DI}]/gu, '');
}

describe('A parsed query', () => {
  it('has terms of some text each, and holds nothing that was not typed', () =>
    holds(
      fc.property(fc.oneof(queryText, fc.string({ unit: 'binary' })), (typed) => {
        const { terms, text: free } = parseQuery(typed);
        for (const term of terms) {
          assert.equal(term.folded, fold(term.text));
          assert.notEqual(term.folded, '');
          assert.ok(drawn(typed).includes(drawn(term.text)));
        }
        assert.equal(free, free.trim());
      }),
    )).timeout(patienceMs);
});

describe('The index over users', () => {
  it('finds at every limit what a plain scan finds, in its order, whether users are signed or not', () =>
    holds(
      fc.property(
        users,
        fc.array(query, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 30 }),
        fc.nat({ max: 3 }),
        (all, asked, limit, slices) => {
          const index = new UserIndex();
          all.forEach((one) => index.add(one));
          for (let slice = 0; slice < slices; slice++) {
            index.sign(() => true);
          }
          for (const one of asked) {
            assert.deepEqual(index.search(one, limit), plainSearch(all, one, limit));
          }
          index.sign(() => false);
          for (const one of asked) {
            assert.deepEqual(index.search(one, limit), plainSearch(all, one, limit));
          }
        },
      ),
      400,
    )).timeout(patienceMs);

  it('ranks each user as it is ranked alone', () =>
    holds(
      fc.property(user, query, (one, asked) => {
        const index = new UserIndex();
        index.add(one);
        assert.equal(index.search(asked, 1)[0]?.rank, rankOf(one, asked));
      }),
    )).timeout(patienceMs);

  it('knows the first user of every id, and nobody by another', () =>
    holds(
      fc.property(fc.array(user, { maxLength: 60 }), fc.array(text, { maxLength: 10 }), (all, others) => {
        const index = new UserIndex();
        all.forEach((one) => index.add(one));
        for (const id of [...all.flatMap((one) => one.id ?? []), ...others]) {
          const first = all.findIndex((one) => one.id === id);
          assert.equal(index.indexOfId(id), first < 0 ? undefined : first);
        }
      }),
    )).timeout(patienceMs);
});
