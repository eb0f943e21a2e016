import { deepEqual, equal, rejects, throws } from 'node:assert/strict';
import { readPage } from '../../src/cloudflare/envelope';
import { CloudflareError } from '../../src/cloudflare/errors';
import { type ListPage, type WalkEnd, WalkMemory, type WalkOptions, walkPages } from '../../src/cloudflare/pages';
import { type ScimUser, scimUser } from '../../src/cloudflare/schemas';
import { answer, listText, scimUsers, settled, unhandledRejections } from '../support/fakes';

type Page = ListPage<ScimUser>;

function pageOf(number: number, result: readonly unknown[], resultInfo?: object): Page {
  return readPage(answer(listText(result, resultInfo)), 'GET /x', number, scimUser);
}

interface Walk {
  readonly names: (string | undefined)[];
  readonly asked: number[];
  readonly end: WalkEnd;
}

/** Walks over what `result` gives for each page number, to the end. */
async function walk(
  result: (number: number) => readonly unknown[],
  options?: WalkOptions<ScimUser>,
  info?: object,
): Promise<Walk> {
  const asked: number[] = [];
  const fetchPage = (number: number) => {
    asked.push(number);
    return Promise.resolve(pageOf(number, result(number), info));
  };
  const names: (string | undefined)[] = [];
  const walked = walkPages(fetchPage, options);
  for (let step = await walked.next(); ; step = await walked.next()) {
    if (step.done) {
      return { names, asked, end: step.value };
    }
    const { page, fresh } = step.value;
    names.push(...fresh.map((i) => page.items[i]?.displayName));
  }
}

function names(count: number, first = 1): string[] {
  return scimUsers(count, first).map(({ displayName }) => displayName);
}

describe('readPage', () => {
  it('returns each element decoded and as raw JSON', () => {
    const odd = '{"z":1.0,"id":"a","n":12345678901234567890,"a":1,"a":2,"e":"\\u00e9\\/"}';
    const page = readPage(answer(`{"success":true,"result":[\n  ${odd} ,{"id" : "b"}]}`), 'GET /x', 3, scimUser);
    equal(page.number, 3);
    deepEqual(
      page.items.map(({ id }) => id),
      ['a', 'b'],
    );
    equal(page.rawText(0), odd);
    equal(page.rawText(1), '{"id" : "b"}');
  });

  it('decodes a raw element as the elements of the page were decoded', () => {
    const page = pageOf(1, [{ id: 'a', displayName: 'A', active: 'odd' }, null]);
    deepEqual(
      [0, 1].map((i) => page.parse(page.rawText(i))),
      page.items,
    );
    deepEqual(page.parse('{"id":"b"}').id, 'b');
    throws(() => page.parse('{"id"'), SyntaxError);
  });

  it('has an empty raw text for an index out of range', () => {
    const page = pageOf(1, [{}]);
    deepEqual([page.rawText(1), page.rawText(-1), page.rawText(NaN)], ['', '', '']);
  });

  it('decodes an element that is no object as a user without fields', () => {
    const page = pageOf(1, [null, 'x', 1, [], { id: 'a' }]);
    deepEqual(
      page.items.map(({ id }) => id),
      [undefined, undefined, undefined, undefined, 'a'],
    );
    deepEqual(
      [0, 1, 2, 3].map((i) => page.rawText(i)),
      ['null', '"x"', '1', '[]'],
    );
  });

  it('takes the page size from the server, or else the requested one', () => {
    equal(pageOf(1, [], { per_page: 20 }).perPage, 20);
    equal(pageOf(1, [], { per_page: '20' }).perPage, 100);
    equal(pageOf(1, []).perPage, 100);
    equal(pageOf(1, [], { total_count: 7 }).totalCount, 7);
    equal(pageOf(1, []).totalCount, undefined);
  });

  it('takes null for an empty list', () => {
    equal(readPage(answer('{"success":true,"result":null}'), 'GET /x', 1, scimUser).items.length, 0);
  });

  it('throws if the result is no list', () => {
    for (const result of ['{}', '"x"', '{"result":[]}', 'false', '0']) {
      throws(
        () =>
          readPage(
            answer(`{"success":true,"result":${result}}`, { headers: { 'cf-ray': 'r' } }),
            'GET /x',
            1,
            scimUser,
          ),
        (error) => error instanceof CloudflareError && error.reason === 'unexpectedShape' && error.failure.ray === 'r',
      );
    }
    throws(() => readPage(answer('{"success":true}'), 'GET /x', 1, scimUser), CloudflareError);
  });

  it('never pairs a user with the raw JSON of another one, however the key is written', () => {
    for (const [first, second] of [
      ['result', 'r\\u0065sult'],
      ['r\\u0065sult', 'result'],
      ['result', 'result'],
    ]) {
      const text = `{"success":true,"${first}":[{"id":"a"}],"${second}":[{"id":"b"}]}`;
      let page: Page;
      try {
        page = readPage(answer(text), 'GET /x', 1, scimUser);
      } catch (error) {
        // To refuse such an answer is as good as to read it.
        equal(error instanceof CloudflareError && error.reason, 'unexpectedShape');
        continue;
      }
      equal(page.rawText(0), `{"id":"${page.items[0]?.id ?? ''}"}`);
    }
  });
});

describe('walkPages', () => {
  it('ends at the first empty page', async () => {
    const end = await walk((page) => (page <= 2 ? scimUsers(100, page * 100 - 99) : []));
    deepEqual(end, { names: names(200), asked: [1, 2, 3], end: 'emptyPage' });
  });

  it('ends at once if the list is empty', async () => {
    deepEqual(await walk(() => []), { names: [], asked: [1], end: 'emptyPage' });
  });

  it('ends at a page without new elements, for servers that repeat the last page for ever', async () => {
    const end = await walk((page) => scimUsers(2, Math.min(page, 3) * 2 - 1));
    deepEqual(end, { names: names(6), asked: [1, 2, 3, 4], end: 'nothingNew' });
  });

  it('ends at a page of known users even if their JSON differs', async () => {
    const end = await walk((page) => scimUsers(2).map((user) => ({ ...user, seen: page })));
    deepEqual(end, { names: names(2), asked: [1, 2], end: 'nothingNew' });
  });

  it('ends at the largest number of pages, and returns that', async () => {
    const end = await walk((page) => scimUsers(1, page), { cap: 5 });
    deepEqual(end, { names: names(5), asked: [1, 2, 3, 4, 5], end: 'cap' });
  });

  it('reads all pages if the server clamps their size', async () => {
    const end = await walk((page) => scimUsers(page <= 5 ? 20 : 0, page * 20 - 19), {}, { per_page: 20 });
    deepEqual(end, { names: names(100), asked: [1, 2, 3, 4, 5, 6], end: 'emptyPage' });
  });

  it('does not end at a short page, nor by total_count', async () => {
    for (const total_count of [0, 1, 3, 1000]) {
      const end = await walk(
        (page) => scimUsers(page <= 3 ? 1 : 0, page),
        {},
        { total_count, total_pages: 1, count: 0 },
      );
      deepEqual(end, { names: names(3), asked: [1, 2, 3, 4], end: 'emptyPage' });
    }
  });

  it('yields no user twice if one is added between two pages', async () => {
    const pages = [scimUsers(3), scimUsers(3, 3), scimUsers(1, 6), []];
    deepEqual((await walk((page) => pages[page - 1] ?? [])).names, names(6));
  });

  it('yields a user once if it is on a page twice', async () => {
    const end = await walk((page) => (page === 1 ? [...scimUsers(2), ...scimUsers(2)] : []));
    deepEqual(end.names, names(2));
  });

  it('yields all elements without an id', async () => {
    const same = { displayName: 'Reception' };
    const pages: unknown[][] = [[same, same], [same, { displayName: 'Other' }], [{ displayName: 'Third' }, same], []];
    const end = await walk((page) => pages[page - 1] ?? []);
    deepEqual(end.names, ['Reception', 'Reception', 'Reception', 'Other', 'Third', 'Reception']);
    equal(end.end, 'emptyPage');
  });

  it('ends at a page without ids that is equal to the one before', async () => {
    const page = [{ displayName: 'A' }, { displayName: 'A' }, { displayName: 'B' }];
    const end = await walk(() => page);
    deepEqual(end, { names: ['A', 'A', 'B'], asked: [1, 2], end: 'nothingNew' });
  });

  it('ends at a repeated page of users with and without ids', async () => {
    const end = await walk(() => [...scimUsers(2), { displayName: 'No id' }]);
    deepEqual(end, { names: [...names(2), 'No id'], asked: [1, 2], end: 'nothingNew' });
  });

  it('requests no page before it is needed', async () => {
    let asked = 0;
    const walked = walkPages((number) => {
      asked++;
      return Promise.resolve(pageOf(number, scimUsers(1, number)));
    });
    equal(asked, 0);
    await walked.next();
    await new Promise(setImmediate);
    equal(asked, 1);
    await walked.return('cap');
  });

  it('throws what a page fails with, and a walk with the same memory goes on from there', async () => {
    const memory = new WalkMemory();
    const seen: (string | undefined)[] = [];
    const walked = walkPages<ScimUser>(
      (number) =>
        number < 3 ? Promise.resolve(pageOf(number, scimUsers(2, number * 2 - 1))) : Promise.reject(new Error('reset')),
      { memory },
    );
    await rejects(async () => {
      for await (const { page, fresh } of walked) {
        seen.push(...fresh.map((i) => page.items[i]?.displayName));
      }
    }, /reset/);
    deepEqual(seen, names(4));

    // Someone was added meanwhile: the last of page 2 is now the first of page 3.
    const end = await walk((page) => [[], scimUsers(2, 4), scimUsers(1, 6), []][page - 2] ?? [], { memory, from: 3 });
    deepEqual(end, { names: names(2, 5), asked: [3, 4, 5], end: 'emptyPage' });
  });

  it('counts pages from the first one that it reads', async () => {
    deepEqual((await walk((page) => scimUsers(1, page), { from: 7, cap: 2 })).asked, [7, 8]);
  });
});

describe('walkPages with several requests at a time', () => {
  /** A walk whose pages come when they are told to; `pages` has what each holds. */
  function heldWalk(
    pages: (number: number) => readonly unknown[],
    sideBySide: () => number,
    options?: { cap?: number },
  ) {
    const waiting = new Map<number, (failing?: boolean) => void>();
    const asked: number[] = [];
    const walked = walkPages<ScimUser>(
      async (number) => {
        asked.push(number);
        const { promise, resolve, reject } = Promise.withResolvers();
        waiting.set(number, (failing = false) => (failing ? reject(new Error(`reset ${number}`)) : resolve(undefined)));
        await promise;
        return pageOf(number, pages(number));
      },
      { sideBySide, ...options },
    );
    return { walked, asked, waiting };
  }

  const five = (number: number) => scimUsers(number <= 5 ? 2 : 0, number * 2 - 1);

  it('yields pages in their order, whatever the order of the responses', async () => {
    const { walked, asked, waiting } = heldWalk(five, () => 4);
    const seen: (string | undefined)[] = [];
    const done = (async () => {
      for await (const { page, fresh } of walked) {
        seen.push(...fresh.map((i) => page.items[i]?.displayName));
      }
    })();
    await settled();
    deepEqual(asked, [1, 2, 3, 4]);
    for (const number of [4, 2, 3]) {
      waiting.get(number)?.();
    }
    await settled();
    deepEqual([seen, asked], [[], [1, 2, 3, 4]]);
    waiting.get(1)?.();
    await settled();
    deepEqual([seen, asked], [names(8), [1, 2, 3, 4, 5, 6, 7, 8]]);
    for (const number of [6, 5]) {
      waiting.get(number)?.();
    }
    await done;
    deepEqual([seen, asked.length], [names(10), 9]);
  });

  it('requests as many pages as allowed at that moment, at least one', async () => {
    let most = 0;
    const { walked, asked, waiting } = heldWalk(five, () => most);
    let step = walked.next();
    await settled();
    deepEqual(asked, [1]);
    most = 3;
    waiting.get(1)?.();
    await step;
    step = walked.next();
    await settled();
    deepEqual(asked, [1, 2, 3, 4]);
    most = 1;
    waiting.get(2)?.();
    await step;
    step = walked.next();
    await settled();
    deepEqual(asked, [1, 2, 3, 4]);
    waiting.get(3)?.();
    await step;
  });

  it('requests no page beyond the largest number', async () => {
    const { walked, asked, waiting } = heldWalk(
      (number) => scimUsers(1, number),
      () => 10,
      { cap: 3 },
    );
    const first = walked.next();
    await settled();
    deepEqual(asked, [1, 2, 3]);
    waiting.forEach((go) => go());
    await first;
    equal((await walked.next()).done, false);
    equal((await walked.next()).done, false);
    deepEqual(await walked.next(), { done: true, value: 'cap' });
    equal(asked.length, 3);
  });

  it('yields the pages before a failure first, and leaves no rejection unhandled', async () => {
    const unhandled = await unhandledRejections(async () => {
      const { walked, waiting } = heldWalk(five, () => 4);
      const first = walked.next();
      await settled();
      for (const number of [2, 3, 4]) {
        waiting.get(number)?.(true);
      }
      await settled();
      waiting.get(1)?.();
      equal((await first).done, false);
      await rejects(walked.next(), /reset 2/);
    });
    deepEqual(unhandled, []);
  });

  it('leaves no rejection unhandled if it ends before pages that fail', async () => {
    const unhandled = await unhandledRejections(async () => {
      const { walked, waiting } = heldWalk(
        () => [],
        () => 4,
      );
      const first = walked.next();
      await settled();
      waiting.get(1)?.();
      deepEqual(await first, { done: true, value: 'emptyPage' });
      for (const number of [2, 3, 4]) {
        waiting.get(number)?.(true);
      }
    });
    deepEqual(unhandled, []);
  });
});
