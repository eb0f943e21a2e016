import { deepEqual, equal, ok, throws } from 'node:assert/strict';
import { readPage } from '../../src/cloudflare/envelope';
import { type ScimUser, scimUser } from '../../src/cloudflare/schemas';
import { CompressedTexts, LastChunk } from '../../src/directory/list/compressedTexts';
import { systemClock } from '../../src/cloudflare/clock';
import { Snapshot } from '../../src/directory/list/snapshot';
import { scimSnapshot } from '../../src/directory/scimSnapshot';
import { parseQuery } from '../../src/matching/query';
import { answer, listText, randomNumbers, scimUsers } from '../support/fakes';
import { VirtualClock } from '../support/virtualClock';

/** A page of elements that are JSON texts. */
function pageOfTexts(number: number, texts: readonly string[], resultInfo: object = {}) {
  const text = `{"success":true,"result":[${texts.join(' ,\n')}],"result_info":${JSON.stringify(resultInfo)}}`;
  return readPage(answer(text), 'GET /x', number, scimUser);
}

function pageOf(number: number, users: readonly unknown[], resultInfo?: object) {
  return readPage(answer(listText(users, resultInfo)), 'GET /x', number, scimUser);
}

function ids(held: ReturnType<typeof scimSnapshot>): (string | undefined)[] {
  return Array.from({ length: held.count }, (_, i) => held.item(i).id);
}

const odd = [
  '{"id":"a","n":12345678901234567890,"m":1.0e-0,"z":-0}',
  '{"id":"b","id":"c","displayName":"first","displayName":"second"}',
  '{ "id" :\t"d", "e":"\\u00e9\\/\\"\\\\" }',
  '{"id":"lone \\ud83d surrogate","displayName":"\\udc00"}',
  `{"id":"long","displayName":"${'Ä'.repeat(1_000_000)}"}`,
  '{"id":"emoji","displayName":"👩🏽\u200d💻 𠮷 \u2028"}',
  '{"displayName":"without an id"}',
  '{"displayName":"without an id"}',
  '{"id":null}',
  'null',
  '"text"',
  '[]',
  '{}',
];

describe('A snapshot of users', () => {
  it('signs its index in slices, a second after the last page', async () => {
    const clock = new VirtualClock();
    const index = { slices: 0 };
    const snapshot = new Snapshot<ScimUser>(
      {
        count: 0,
        add: () => undefined,
        indexOfId: () => undefined,
        search: () => [],
        sign: () => ++index.slices === 3,
      },
      clock,
      0,
    );
    snapshot.admit(pageOfTexts(1, odd));
    await clock.move(600);
    snapshot.admit(pageOfTexts(2, ['{"id":"z"}']));
    await clock.move(600);
    deepEqual([index.slices, snapshot.isSigned], [0, false]);
    await clock.move(1000);
    deepEqual([index.slices, snapshot.isSigned, clock.pending], [3, true, 0]);
    snapshot.admit(pageOfTexts(3, ['{"id":"y"}']));
    snapshot.dispose();
    equal(clock.pending, 0);
  });

  it('returns the JSON of each user byte by byte as the server sent it', () => {
    const held = scimSnapshot(systemClock, 0);
    held.admit(pageOfTexts(1, odd));
    deepEqual(
      odd.map((_, i) => held.rawText(i)),
      odd,
    );
    // Of two keys the last counts, as in what the server's answer was parsed to.
    deepEqual(ids(held).slice(0, 7), ['a', 'c', 'd', 'lone \ud83d surrogate', 'long', 'emoji', undefined]);
    equal(held.item(5).displayName, '👩🏽\u200d💻 𠮷 \u2028');
  });

  it('finds each user by its id, odd ids included, and no user by another id', () => {
    const held = scimSnapshot(systemClock, 0);
    held.admit(pageOfTexts(1, odd));
    deepEqual(
      ['a', 'b', 'c', 'lone \ud83d surrogate', 'lone \ud83e surrogate', 'emoji', 'EMOJI', '', 'null'].map((id) =>
        held.indexOf(id),
      ),
      [0, undefined, 1, 3, undefined, 5, undefined, undefined, undefined],
    );
  });

  it('knows the place of each user, also after repeated users and empty pages', () => {
    const held = scimSnapshot(systemClock, 0);
    held.admit(pageOf(1, scimUsers(3)));
    held.admit(pageOf(2, [{ id: 'id-2' }, { id: 'x' }, { id: 'id-3' }, { id: 'y' }, { id: 'y' }]));
    held.admit(pageOf(3, [{ id: 'x' }, { id: 'y' }]));
    held.admit(pageOf(4, []));
    held.admit(pageOf(5, [{ id: 'id-1' }, { id: 'z' }]));
    deepEqual(ids(held), ['id-1', 'id-2', 'id-3', 'x', 'y', 'z']);
    deepEqual(
      ids(held).map((_, i) => held.place(i)),
      [
        { page: 1, row: 1 },
        { page: 1, row: 2 },
        { page: 1, row: 3 },
        { page: 2, row: 2 },
        { page: 2, row: 4 },
        { page: 5, row: 2 },
      ],
    );
    deepEqual([held.pageCount, [0, 1, 2, 3, 4].map((pages) => held.countOfPages(pages))], [3, [0, 3, 5, 6, 6]]);
  });

  it('has JSON and place of every user, whatever the sizes of the pages', () => {
    const random = randomNumbers(7);
    const held = scimSnapshot(systemClock, 0);
    const texts: string[] = [];
    for (let page = 1; page <= 60; page++) {
      const users = scimUsers(Math.floor(random() ** 3 * 130), texts.length + 1);
      held.admit(pageOf(page, users));
      texts.push(...users.map((user) => JSON.stringify(user)));
    }
    deepEqual(
      texts.map((_, i) => held.rawText(i)),
      texts,
    );
    deepEqual(
      texts.map((_, i) => held.indexOf(`id-${i + 1}`)),
      texts.map((_, i) => i),
    );
    ok(texts.every((_, i) => i === 0 || held.place(i).page > held.place(i - 1).page || held.place(i).row > 1));
  });

  it('throws for an index out of range', () => {
    const held = scimSnapshot(systemClock, 0);
    throws(() => held.item(0), RangeError);
    held.admit(pageOf(1, scimUsers(3)));
    for (const i of [-1, 3, 0.5, NaN, Infinity]) {
      throws(() => held.item(i), RangeError);
      throws(() => held.rawText(i), RangeError);
      throws(() => held.place(i), RangeError);
    }
  });

  it('finds users by their texts, in the order of the list', () => {
    const held = scimSnapshot(systemClock, 0);
    held.admit(pageOf(1, [{ displayName: 'Xann' }, { displayName: 'Ann' }]));
    held.admit(pageOf(2, [{ displayName: 'Anna' }, { displayName: 'Ann' }]));
    deepEqual(
      held.search(parseQuery('ann'), 10).map(({ index }) => index),
      [1, 3, 2, 0],
    );
    deepEqual(
      held.search(parseQuery('ann'), 2).map(({ index }) => index),
      [1, 3],
    );
  });

  it('knows beside which pages the list changed, by repeated users or another total', () => {
    const doubles = scimSnapshot(systemClock, 0);
    doubles.admit(pageOf(1, scimUsers(3), { total_count: 9 }));
    deepEqual([...doubles.movedPages], []);
    doubles.admit(pageOf(2, scimUsers(3, 3), { total_count: 9 }));
    deepEqual([...doubles.movedPages], [1, 2]);

    const total = scimSnapshot(systemClock, 0);
    total.admit(pageOf(1, scimUsers(3), { total_count: 9 }));
    total.admit(pageOf(2, scimUsers(3, 4), { total_count: 9 }));
    total.admit(pageOf(3, scimUsers(2, 7), { total_count: 8 }));
    deepEqual([...total.movedPages], [2, 3]);
    equal(total.agreesWithTotal, true);
  });

  it('takes the total of the page that ends the walk, but not a missing one', () => {
    for (const [last, total_count, moved, agrees] of [
      [[], 3, [2, 3], false],
      [[], 6, [], true],
      [[], undefined, [], true],
      [scimUsers(3, 4), 9, [2, 3], false],
    ] as const) {
      const held = scimSnapshot(systemClock, 0);
      held.admit(pageOf(1, scimUsers(3), { total_count: 6 }));
      held.admit(pageOf(2, scimUsers(3, 4), { total_count: 6 }));
      held.admit(pageOf(3, last, { total_count }));
      deepEqual([[...held.movedPages], held.agreesWithTotal, held.nextPage], [moved, agrees, 3]);
    }
  });

  it('adds users that were missed on a page that is read again, and no user twice', () => {
    const held = scimSnapshot(systemClock, 0);
    held.admit(pageOf(1, scimUsers(3), { total_count: 5 }));
    held.admit(pageOf(2, scimUsers(1, 5), { total_count: 5 }));
    equal(held.agreesWithTotal, false);
    held.admitAgain(pageOf(1, [...scimUsers(2), ...scimUsers(1, 4)], { total_count: 5 }));
    deepEqual([ids(held), held.agreesWithTotal], [['id-1', 'id-2', 'id-3', 'id-5', 'id-4'], true]);
    deepEqual(held.place(4), { page: 1, row: 3 });
    equal(held.nextPage, 3);
  });

  it('detects a change if a page of known users ends the list before its total', () => {
    const held = scimSnapshot(systemClock, 0);
    held.admit(pageOf(1, scimUsers(3), { total_count: 9 }));
    held.admit(pageOf(2, scimUsers(3), { total_count: 9 }));
    ok(held.hasMovedWithin(held.pageCount));
    const whole = scimSnapshot(systemClock, 0);
    whole.admit(pageOf(1, scimUsers(3), { total_count: 3 }));
    whole.admit(pageOf(2, scimUsers(3), { total_count: 3 }));
    ok(!whole.hasMovedWithin(whole.pageCount));
  });

  it('adds no user without an id twice when a page is read again', () => {
    const held = scimSnapshot(systemClock, 0);
    held.admit(pageOf(1, [{ displayName: 'No id' }, { id: 'a' }]));
    held.admit(pageOf(2, [{ id: 'b' }]));
    held.admitAgain(pageOf(1, [{ displayName: 'No id' }, { id: 'a' }, { id: 'c' }]));
    deepEqual(ids(held), [undefined, 'a', 'b', 'c']);
    equal(held.rawText(3), '{"id":"c"}');
    deepEqual(held.place(3), { page: 1, row: 3 });
  });

  it('expects the last page by the total, and an empty page after a full one', () => {
    const lastPage = (users: number, total_count: number | undefined, per_page = 100) => {
      const held = scimSnapshot(systemClock, 0);
      held.admit(pageOf(1, scimUsers(users), { per_page, ...(total_count === undefined ? {} : { total_count }) }));
      return held.lastPageNeeded;
    };
    deepEqual(
      [lastPage(100, 250), lastPage(100, 200), lastPage(100, 199), lastPage(20, 45, 20), lastPage(2, 5, 0)],
      [3, 3, 2, 3, 2],
    );
    equal(lastPage(100, undefined), 2);
  });
});

describe('CompressedTexts', () => {
  /** All elements of a page with these texts. */
  function compressed(texts: readonly string[], last = new LastChunk()): CompressedTexts {
    const rawRange = (first: number, end: number) => {
      let at = 0;
      const spans = texts.slice(first, end + 1).map((text): [number, number] => {
        at += text.length + 1;
        return [at - text.length - 1, at - 1];
      });
      return { text: texts.slice(first, end + 1).join(','), spans };
    };
    return new CompressedTexts({ rawRange }, [...texts.keys()], last);
  }

  it('returns every text of full, partial and empty chunks, before and after compression', async () => {
    for (const count of [0, 1, 24, 25, 26, 50, 100, 101]) {
      const texts = Array.from({ length: count }, (_, i) => (i % 7 === 0 ? '' : `${'😀ä'.repeat(i)} ${i}`));
      const held = compressed(texts);
      const given = () => texts.map((_, i) => held.at(i));
      deepEqual(given(), texts);
      await held.packed;
      deepEqual(given(), texts);
    }
  });

  it('does not confuse the chunks of two owners', () => {
    const last = new LastChunk();
    const [one, other] = [compressed(['a', 'b'], last), compressed(['c', 'd'], last)];
    deepEqual([one.at(0), other.at(0), other.at(1), one.at(1)], ['a', 'c', 'd', 'b']);
  });

  it('returns an empty text out of range', () => {
    const held = compressed(['a', 'b']);
    deepEqual([held.at(2), held.at(25), held.at(-1), compressed([]).at(0)], ['', '', '', '']);
  });
});
