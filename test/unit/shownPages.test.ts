import { deepEqual, equal, ok, throws } from 'node:assert/strict';
import { CloudflareApi } from '../../src/cloudflare/endpoints';
import { CloudflareError } from '../../src/cloudflare/errors';
import { type ScimUserList, scimUserList } from '../../src/directory/scimLists';
import {
  authorization,
  errorResponse,
  FakeFetch,
  listResponse,
  type Respond,
  reference,
  scimUsers,
  settled,
} from '../support/fakes';
import { held, pageAsked, paged } from '../support/listServer';

/** Calls back when a page is here, but its reader has not gone on yet. */
class ArrivingApi extends CloudflareApi {
  onArrival = (): void => undefined;

  override scimUserPage(...asked: Parameters<CloudflareApi['scimUserPage']>) {
    const page = super.scimUserPage(...asked);
    page.then(
      () => this.onArrival(),
      () => undefined,
    );
    return page;
  }
}

function listOver(respond: Respond) {
  const fake = new FakeFetch(respond);
  const list = scimUserList(fake.api(), reference);
  const pages = () => fake.requests.map(pageAsked);
  return { fake, list, pages };
}

function ids(list: ScimUserList): (string | undefined)[] {
  return Array.from({ length: list.shown.count }, (_, i) => list.shown.item(i).id);
}

function expectedIds(count: number, first = 1): string[] {
  return scimUsers(count, first).map(({ id }) => id);
}

function isServerError(error: unknown): boolean {
  return error instanceof CloudflareError && error.reason === 'server';
}

describe('ShownPages, reading', () => {
  it('sends no request before the first page is asked for', async () => {
    const { fake, list } = listOver(paged(scimUsers(250)));
    await settled();
    deepEqual(
      [
        list.shown.count,
        list.shown.total,
        list.shown.hasFirstPage,
        list.shown.isComplete,
        list.shown.activity,
        list.shown.failure,
      ],
      [0, undefined, false, false, 'idle', undefined],
    );
    equal(list.shown.indexOf('id-1'), undefined);
    equal(fake.requests.length, 0);
  });

  it('reads one page at a time, to the end', async () => {
    const { list, pages } = listOver(paged(scimUsers(250)));
    await list.shown.loadMore();
    deepEqual([list.shown.count, list.shown.total, list.shown.isComplete, pages()], [100, 250, false, [1]]);
    await list.shown.loadMore();
    deepEqual([list.shown.count, list.shown.isComplete, pages()], [200, false, [1, 2]]);
    await list.shown.loadMore();
    deepEqual([list.shown.count, list.shown.isComplete, pages()], [250, true, [1, 2, 3]]);
    deepEqual(ids(list), expectedIds(250));
  });

  it('shares one request between two concurrent calls', async () => {
    const { list, pages } = listOver(paged(scimUsers(250)));
    await Promise.all([list.shown.loadMore(), list.shown.loadMore('bulk'), list.shown.ensureFirstPage()]);
    deepEqual([list.shown.count, pages()], [100, [1]]);
  });

  it('reads the first page once, and not again after a failure', async () => {
    const { list, pages, fake } = listOver(paged(scimUsers(2)));
    await list.shown.ensureFirstPage();
    await list.shown.ensureFirstPage();
    deepEqual(pages(), [1]);

    const failing = listOver(() => errorResponse(500));
    await failing.list.shown.ensureFirstPage();
    await failing.list.shown.ensureFirstPage();
    deepEqual(failing.pages(), [1]);
    equal(fake.requests.length, 1);
  });

  it('tells an empty list from one that was not read', async () => {
    const { list } = listOver(paged([]));
    await list.shown.ensureFirstPage();
    deepEqual([list.shown.hasFirstPage, list.shown.count, list.shown.isComplete, list.shown.total], [true, 0, true, 0]);
  });

  it('continues after pages that the server clamps', async () => {
    const { list, pages } = listOver(paged(scimUsers(45), { size: 20 }));
    while (!list.shown.isComplete) {
      await list.shown.loadMore();
    }
    deepEqual([ids(list), pages()], [expectedIds(45), [1, 2, 3]]);
  });

  it('is not complete because of a short page alone, nor of a total alone', async () => {
    const short = listOver(({ url }) => listResponse(url.searchParams.get('page') === '1' ? scimUsers(20) : []));
    await short.list.shown.loadMore();
    equal(short.list.shown.isComplete, false);
    await short.list.shown.loadMore();
    deepEqual([short.list.shown.isComplete, short.list.shown.count], [true, 20]);

    const total = listOver(paged(scimUsers(200), { info: { total_count: 100 } }));
    await total.list.shown.loadMore();
    equal(total.list.shown.isComplete, false);
    await total.list.shown.loadMore();
    equal(total.list.shown.count, 200);
  });

  it('is complete at a page without new users', async () => {
    const { list } = listOver(() => listResponse(scimUsers(100), { total_count: 500 }));
    await list.shown.loadMore();
    await list.shown.loadMore();
    deepEqual([list.shown.count, list.shown.isComplete], [100, true]);
  });

  it('lists a user once when users move between pages', async () => {
    const { list } = listOver(({ url }) =>
      listResponse(url.searchParams.get('page') === '1' ? scimUsers(100) : scimUsers(100, 100)),
    );
    await list.shown.loadMore();
    await list.shown.loadMore();
    deepEqual(ids(list), expectedIds(199));
    deepEqual(list.shown.place(99), { page: 1, row: 100 });
    deepEqual(list.shown.place(100), { page: 2, row: 2 });
  });

  it('drops a total that the loaded users contradict', async () => {
    for (const [total_count, total] of [
      [0, undefined],
      [99, undefined],
      [100, 100],
      [5000, 5000],
    ] as const) {
      const { list } = listOver(paged(scimUsers(100), { info: { total_count } }));
      await list.shown.loadMore();
      equal(list.shown.total, total);
    }
    const ended = listOver(paged(scimUsers(100), { info: { total_count: 5000 } }));
    await ended.list.shown.loadMore();
    await ended.list.shown.loadMore();
    equal(ended.list.shown.isComplete, true);
    ok(
      ended.list.shown.total === undefined || ended.list.shown.total === 100,
      `100 users of ${ended.list.shown.total}, and no more to ask for`,
    );
  });

  it('detects that the list changed while it was read, by repeated users or another total', async () => {
    const still = listOver(paged(scimUsers(250)));
    await still.list.shown.loadMore();
    await still.list.shown.loadMore();
    equal(still.list.shown.isUncertain, false);

    const grown = listOver(paged(scimUsers(250)));
    await grown.list.shown.loadMore();
    grown.fake.respond = paged([{ id: 'new' }, ...scimUsers(250)]);
    await grown.list.shown.loadMore();
    deepEqual([grown.list.shown.isUncertain, grown.list.shown.count], [true, 199]);
    await grown.list.shown.refresh();
    equal(grown.list.shown.isUncertain, false);

    const shrunk = listOver(paged(scimUsers(250), { info: { total_count: 250 } }));
    await shrunk.list.shown.loadMore();
    shrunk.fake.respond = paged(scimUsers(240), { info: { total_count: 240 } });
    await shrunk.list.shown.loadMore();
    equal(shrunk.list.shown.isUncertain, true);
  });

  it('continues if users were added at the end', async () => {
    const { list, fake } = listOver(paged(scimUsers(100)));
    await list.shown.loadMore();
    await list.shown.loadMore();
    equal(list.shown.isComplete, true);
    fake.respond = paged(scimUsers(250));
    await list.shown.loadMore();
    deepEqual([list.shown.count, list.shown.isComplete], [200, false]);
  });

  it('returns each user with its JSON and place, and throws for an index out of range', async () => {
    const users = [{ id: 'a' }, { displayName: 'No id' }, { id: 'c' }];
    const { list } = listOver(paged(users, { size: 2 }));
    await list.shown.loadMore();
    await list.shown.loadMore();
    deepEqual(
      [0, 1, 2].map((i) => list.shown.rawText(i)),
      users.map((user) => JSON.stringify(user)),
    );
    deepEqual(
      [0, 1, 2].map((i) => list.shown.place(i)),
      [
        { page: 1, row: 1 },
        { page: 1, row: 2 },
        { page: 2, row: 1 },
      ],
    );
    deepEqual(
      ['a', 'c', 'x', '', 'No id'].map((id) => list.shown.indexOf(id)),
      [0, 2, undefined, undefined, undefined],
    );
    for (const i of [-1, 3, 0.5, NaN, Infinity]) {
      throws(() => list.shown.item(i), RangeError);
      throws(() => list.shown.rawText(i), RangeError);
      throws(() => list.shown.place(i), RangeError);
    }
  });

  it('keeps loaded users after a failure, and continues there', async () => {
    const { list, fake, pages } = listOver(paged(scimUsers(250)));
    await list.shown.loadMore();
    fake.respond = () => errorResponse(500);
    await list.shown.loadMore();
    deepEqual([list.shown.count, list.shown.failure?.during, list.shown.activity], [100, 'loading', 'idle']);
    ok(isServerError(list.shown.failure?.error));
    fake.respond = paged(scimUsers(250));
    await list.shown.retry();
    deepEqual([ids(list), list.shown.failure, pages()], [expectedIds(200), undefined, [1, 2, 2]]);
  });

  it('reports its activity, and emits each change', async () => {
    const { list } = listOver(paged(scimUsers(5)));
    const seen: unknown[] = [];
    list.on('change', () => seen.push([list.shown.activity, list.shown.count]));
    await list.shown.loadMore();
    await list.shown.refresh();
    deepEqual(seen, [
      ['loading', 0],
      ['idle', 5],
      ['refreshing', 5],
      ['idle', 5],
    ]);
  });

  it('emits a failure as well', async () => {
    const { list } = listOver(() => errorResponse(500));
    const seen: unknown[] = [];
    list.on('change', () => seen.push([list.shown.activity, list.shown.failure?.during]));
    await list.shown.loadMore();
    deepEqual(seen, [
      ['loading', undefined],
      ['idle', 'loading'],
    ]);
  });
});

describe('ShownPages, refreshing', () => {
  /** A list of which 250 users on three pages have been read. */
  async function loaded() {
    const over = listOver(paged(scimUsers(250)));
    for (let i = 0; i < 3; i++) {
      await over.list.shown.loadMore();
    }
    over.fake.requests.length = 0;
    return over;
  }

  it('reads the shown pages again, at the same time', async () => {
    const { list, fake, pages } = await loaded();
    const { respond, waiting } = held(paged(scimUsers(250)));
    fake.respond = respond;
    const done = list.shown.refresh();
    await settled();
    deepEqual([pages(), list.shown.activity], [[1, 2, 3], 'refreshing']);
    waiting.forEach((go) => go());
    await done;
    deepEqual([ids(list), pages()], [expectedIds(250), [1, 2, 3]]);
  });

  it('reads the first page if none was read', async () => {
    const { list, pages } = listOver(paged(scimUsers(250)));
    await list.shown.refresh();
    deepEqual([list.shown.count, list.shown.hasFirstPage, pages()], [100, true, [1]]);
  });

  it('reads an empty list again', async () => {
    const { list, fake } = listOver(paged([]));
    await list.shown.loadMore();
    fake.respond = paged(scimUsers(3));
    await list.shown.refresh();
    deepEqual([list.shown.count, list.shown.isComplete], [3, true]);
  });

  it('shows the old users until all new ones have arrived', async () => {
    const { list, fake } = await loaded();
    const { respond, waiting } = held(paged(scimUsers(250, 1001)));
    fake.respond = respond;
    const done = list.shown.refresh();
    await settled();
    waiting.get(3)?.();
    waiting.get(1)?.();
    await settled();
    deepEqual([ids(list), list.shown.activity], [expectedIds(250), 'refreshing']);
    waiting.get(2)?.();
    await done;
    deepEqual(ids(list), expectedIds(250, 1001));
  });

  it('keeps the whole old list if one page fails, and repeats the refresh on retry', async () => {
    const { list, fake, pages } = await loaded();
    const { respond, waiting } = held(paged(scimUsers(250, 1001)));
    fake.respond = respond;
    const done = list.shown.refresh();
    await settled();
    waiting.get(1)?.();
    waiting.get(2)?.(errorResponse(500));
    await done;
    deepEqual([ids(list), list.shown.failure?.during, list.shown.activity], [expectedIds(250), 'refreshing', 'idle']);
    ok(isServerError(list.shown.failure?.error));
    await settled();
    ok(fake.requests[2]?.signal.aborted, 'the page still under way is given up');

    fake.requests.length = 0;
    fake.respond = paged(scimUsers(250, 1001));
    await list.shown.retry();
    deepEqual([ids(list), list.shown.failure, pages()], [expectedIds(250, 1001), undefined, [1, 2, 3]]);
  });

  it('continues after a failed refresh where it was before', async () => {
    const { list, fake } = listOver(paged(scimUsers(250)));
    await list.shown.loadMore();
    fake.respond = () => errorResponse(500);
    await list.shown.refresh();
    fake.respond = paged(scimUsers(250));
    await list.shown.loadMore();
    deepEqual([ids(list), list.shown.failure], [expectedIds(200), undefined]);
  });

  it('follows a list that became shorter, longer or empty', async () => {
    for (const count of [120, 0, 1000]) {
      const { list, fake } = await loaded();
      fake.respond = paged(scimUsers(count));
      await list.shown.refresh();
      deepEqual(ids(list), expectedIds(Math.min(count, 300)));
      equal(list.shown.isComplete, count < 300);
    }
  });

  it('lists a user once who moved between the pages', async () => {
    const { list, fake } = await loaded();
    fake.respond = ({ url }) => listResponse(scimUsers(100, (Number(url.searchParams.get('page')) - 1) * 99 + 1));
    await list.shown.refresh();
    deepEqual(ids(list), expectedIds(298));
  });

  it('is shared by two concurrent calls', async () => {
    const { list, pages } = await loaded();
    await Promise.all([list.shown.refresh(), list.shown.refresh()]);
    deepEqual(pages(), [1, 2, 3]);
  });

  it('aborts a page that is being loaded', async () => {
    const { list, fake, pages } = listOver(paged(scimUsers(250)));
    await list.shown.loadMore();
    const { respond, waiting } = held(paged(scimUsers(250)));
    fake.respond = respond;
    const loading = list.shown.loadMore();
    await settled();
    const refreshing = list.shown.refresh();
    equal(list.shown.activity, 'refreshing');
    await loading;
    ok(fake.requests[1]?.signal.aborted);
    deepEqual([list.shown.activity, list.shown.failure, list.shown.count], ['refreshing', undefined, 100]);
    await settled();
    waiting.get(1)?.();
    await refreshing;
    deepEqual([ids(list), pages(), list.shown.activity], [expectedIds(100), [1, 2, 1], 'idle']);
    waiting.get(2)?.();
    await settled();
    equal(list.shown.count, 100);
  });

  it('delays loadMore until it has ended', async () => {
    const { list, pages } = await loaded();
    await Promise.all([list.shown.refresh(), list.shown.loadMore()]);
    deepEqual(pages(), [1, 2, 3, 4]);
  });

  it('loses no user if it starts just as a page arrives', async () => {
    const fake = new FakeFetch(paged(scimUsers(250)));
    const api = new ArrivingApi(fake.sender(), authorization);
    const list = scimUserList(api, reference);
    await list.shown.loadMore();
    let refreshing: Promise<void> | undefined;
    api.onArrival = () => {
      api.onArrival = () => undefined;
      fake.respond = () => errorResponse(500);
      refreshing = list.shown.refresh();
    };
    await list.shown.loadMore();
    await refreshing;
    equal(list.shown.failure?.during, 'refreshing');
    fake.respond = paged(scimUsers(250));
    while (!list.shown.isComplete) {
      await list.shown.loadMore();
    }
    deepEqual(ids(list), expectedIds(250));
  });
});

describe('ShownPages, disposed', () => {
  it('aborts requests, records no failure, emits nothing, and stays readable', async () => {
    const { list, fake } = listOver(paged(scimUsers(250)));
    await list.shown.loadMore();
    const { respond } = held(paged(scimUsers(250)));
    fake.respond = respond;
    const loading = list.shown.loadMore();
    await settled();
    let changes = 0;
    list.on('change', () => changes++);
    list.dispose();
    await loading;
    ok(fake.requests[1]?.signal.aborted);
    deepEqual([changes, list.shown.failure, list.shown.count, list.shown.activity], [0, undefined, 100, 'idle']);
    equal(list.shown.item(99).id, 'id-100');
  });

  it('aborts all pages of a refresh', async () => {
    const { list, fake } = listOver(paged(scimUsers(250)));
    await list.shown.loadMore();
    await list.shown.loadMore();
    fake.respond = held(paged([])).respond;
    const refreshing = list.shown.refresh();
    await settled();
    list.dispose();
    await refreshing;
    ok(fake.requests.slice(2).every(({ signal }) => signal.aborted));
    deepEqual(ids(list), expectedIds(200));
  });

  it('never rejects', async () => {
    const { list } = listOver(() => Promise.reject(new Error('reset')));
    await Promise.all([list.shown.ensureFirstPage(), list.shown.loadMore(), list.shown.refresh(), list.shown.retry()]);
    ok(list.shown.failure?.error instanceof CloudflareError);
  });
});
