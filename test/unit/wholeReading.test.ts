import { deepEqual, equal, ok } from 'node:assert/strict';
import { CloudflareApi } from '../../src/cloudflare/endpoints';
import { CloudflareError } from '../../src/cloudflare/errors';
import { pageSize } from '../../src/cloudflare/pages';
import { Sender } from '../../src/cloudflare/sender';
import { isWholeList } from '../../src/directory/list/resourceList';
import { type ScimUserList, scimUserList } from '../../src/directory/scimLists';
import { parseQuery } from '../../src/matching/query';
import {
  authorization,
  baseUrl,
  errorResponse,
  listText,
  reference,
  scimUsers,
  settled,
  unhandledRejections,
} from '../support/fakes';
import { LimitedServer } from '../support/limitedServer';
import { ListServer } from '../support/listServer';
import { VirtualClock } from '../support/virtualClock';

interface User {
  readonly id?: string;
  readonly displayName: string;
}

/** Tells with what priority pages were asked for, and of how many the duration. */
class WatchedApi extends CloudflareApi {
  readonly priorities: unknown[] = [];
  readonly durationsAsked: number[] = [];

  override bulkDuration(pages: number) {
    this.durationsAsked.push(pages);
    return super.bulkDuration(pages);
  }

  override scimUserPage(...asked: Parameters<CloudflareApi['scimUserPage']>) {
    this.priorities.push(asked[2]?.priority);
    return super.scimUserPage(...asked);
  }
}

/** A server with a list of users, and the product's list in front of it, in a time that passes with each answer. */
class Server extends ListServer<User> {
  readonly time = { ms: 1000 };
  readonly api = new WatchedApi(this.fake.sender(), authorization);
  readonly list = scimUserList(this.api, reference, () => this.time.ms);

  constructor(count: number) {
    super(scimUsers(count), 10);
  }

  override answer(page: number): Promise<Response> {
    this.time.ms++;
    return super.answer(page);
  }

  /** Begins to read the whole list, and gives that up as a page is asked for. */
  async giveUpAt(page: number): Promise<void> {
    this.before = (asked) => {
      if (asked === page) {
        this.list.whole.cancel();
      }
      return undefined;
    };
    await this.list.whole.read();
  }
}

/** Everyone that a search over the list finds, in the list's order. */
function searched(list: ScimUserList): (string | undefined)[] {
  return list.search(parseQuery(''), 1_000_000).map(({ item }) => item.id);
}

function shown(list: ScimUserList): (string | undefined)[] {
  return Array.from({ length: list.shown.count }, (_, i) => list.shown.item(i).id);
}

function ids(count: number, first = 1): string[] {
  return scimUsers(count, first).map(({ id }) => id);
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

describe('WholeReading', () => {
  it('has all users in the order of the list, in whatever order the pages arrive', async () => {
    const server = new Server(1234);
    const waiting = server.hold();
    const done = server.list.whole.read();
    for (let i = 0; server.list.whole.progress; i++) {
      await settled();
      const pages = [...waiting.keys()];
      waiting.get(pages[(i * 7) % pages.length] ?? 0)?.();
    }
    await done;
    deepEqual(searched(server.list), ids(1234));
    deepEqual(server.list.coverage, {
      count: 1234,
      total: 1234,
      state: 'complete',
      since: 1000,
    });
    deepEqual(
      server.asked().sort((a, b) => a - b),
      range(1, 124),
    );
  });

  it('requests only the pages that it needs: an empty page after a full one, none after a short one', async () => {
    for (const [count, pages] of [
      [0, 1],
      [1, 1],
      [9, 1],
      [10, 2],
      [11, 2],
      [199, 20],
      [200, 21],
      [201, 21],
    ] as const) {
      const server = new Server(count);
      await server.list.whole.read();
      deepEqual(
        server.asked().sort((a, b) => a - b),
        range(1, pages),
        `${count} users`,
      );
      deepEqual([searched(server.list), isWholeList(server.list.coverage)], [ids(count), true]);
    }
  });

  it('requests few pages beyond the end if the server sends no total', async () => {
    for (const count of [1, 10, 95, 100, 399, 400]) {
      const server = new Server(count);
      server.total = () => undefined;
      await server.list.whole.read();
      const asked = server.asked();
      ok(Math.max(...asked) <= Math.floor(count / 10) + 1 + 8, `${Math.max(...asked)} pages for ${count} users`);
      equal(new Set(asked).size, asked.length);
      deepEqual(
        [searched(server.list), isWholeList(server.list.coverage), server.list.coverage.total],
        [ids(count), true, count],
      );
    }
  });

  it('aborts requests for pages beyond the end', async () => {
    const server = new Server(100);
    server.total = () => undefined;
    server.before = (page) => (page > 11 ? new Promise(() => undefined) : undefined);
    await server.list.whole.read();
    await settled();
    const behind = server.fake.requests.filter(({ url }) => Number(url.searchParams.get('page')) > 11);
    ok(behind.length > 0 && behind.every(({ signal }) => signal.aborted));
  });

  it('sends bulk requests, eight at the same time', async () => {
    const server = new Server(1000);
    await server.list.whole.read();
    equal(server.fake.mostInFlight, 8);
    deepEqual(new Set(server.api.priorities.slice(1)), new Set(['bulk']));
    equal(server.api.priorities.length, 101);
  });

  it('continues after the shown pages, and sends nothing if they are all', async () => {
    const server = new Server(35);
    await server.list.shown.loadMore();
    await server.list.shown.loadMore();
    server.asked();
    await server.list.whole.read();
    deepEqual([server.asked(), searched(server.list)], [[3, 4], ids(35)]);

    const small = new Server(5);
    await small.list.shown.loadMore();
    small.asked();
    await small.list.whole.read();
    deepEqual([small.asked(), isWholeList(small.list.coverage)], [[], true]);
  });

  it('does not change the shown pages', async () => {
    const server = new Server(300);
    await server.list.shown.loadMore();
    let changes = 0;
    const before = shown(server.list);
    server.list.on('change', () => changes++);
    server.before = () => {
      deepEqual([shown(server.list), server.list.shown.isComplete], [before, false]);
      return undefined;
    };
    await server.list.whole.read();
    deepEqual(
      [shown(server.list), server.list.shown.isComplete, server.list.shown.isUncertain],
      [before, false, false],
    );
    equal(server.list.shown.indexOf('id-11'), undefined);
    equal(server.list.find('id-299')?.displayName, 'User 299');
    ok(changes <= 1);
  });

  it('is shared by two calls', async () => {
    const server = new Server(100);
    const [one, other] = [server.list.whole.read(), server.list.whole.read()];
    equal(one, other);
    await one;
    equal(server.asked().length, 11);
  });

  it('emits its progress: users read, the total, and the end', async () => {
    const server = new Server(45);
    const seen: unknown[] = [];
    server.list.on('read', () => seen.push(server.list.whole.progress));
    await server.list.whole.read();
    const counts = seen.map((reading) => (reading as { count: number } | undefined)?.count);
    deepEqual([counts[0], counts.slice(-5)], [0, [20, 30, 40, 45, undefined]]);
    deepEqual(seen.at(-2), { count: 45, total: 45, isAgain: false });
  });

  it('lets a search find the users that have arrived', async () => {
    const server = new Server(100);
    const waiting = server.hold();
    const done = server.list.whole.read();
    await settled();
    waiting.get(1)?.();
    await settled();
    waiting.get(2)?.();
    await settled();
    deepEqual(searched(server.list), ids(20));
    deepEqual(server.list.coverage, {
      count: 20,
      total: 100,
      state: 'partial',
      since: 1000,
    });
    server.list.whole.cancel();
    await done;
  });

  it('never rejects', async () => {
    const unhandled = await unhandledRejections(async () => {
      const server = new Server(100);
      server.before = () => Promise.reject(new Error('reset'));
      await server.list.whole.read();
      ok(server.list.whole.error instanceof CloudflareError);
      server.before = (page) => (page > 3 ? Promise.reject(new Error('reset')) : undefined);
      await server.list.whole.read();
      ok(server.list.whole.error instanceof CloudflareError);
    });
    deepEqual(unhandled, []);
  });
});

describe('WholeReading, cancelled', () => {
  it('keeps loaded pages and continues there, with no page requested twice', async () => {
    const server = new Server(200);
    await server.giveUpAt(12);
    const { count, state } = server.list.coverage;
    ok(count >= 10 && count <= 120 && state === 'partial', `${count} kept`);
    deepEqual(searched(server.list), ids(count));
    deepEqual([server.list.whole.progress, server.list.whole.error], [undefined, undefined]);
    server.asked();
    server.before = () => undefined;
    await server.list.whole.read();
    deepEqual(server.asked(), range(count / 10 + 1, 21));
    deepEqual([searched(server.list), isWholeList(server.list.coverage)], [ids(200), true]);
  });

  it('continues after a failure in the same way, and keeps the error', async () => {
    const server = new Server(200);
    server.before = (page) => (page === 9 ? Promise.resolve(errorResponse(500)) : undefined);
    await server.list.whole.read();
    ok(server.list.whole.error instanceof CloudflareError);
    deepEqual(
      [searched(server.list), server.list.shown.failure, isWholeList(server.list.coverage)],
      [ids(80), undefined, false],
    );
    await settled();
    server.asked();
    server.before = () => undefined;
    await server.list.whole.read();
    deepEqual([server.asked(), server.list.whole.error], [range(9, 21), undefined]);
    deepEqual(searched(server.list), ids(200));
  });

  it('is no failure, even after one', async () => {
    const server = new Server(200);
    server.before = (page) => (page === 9 ? Promise.resolve(errorResponse(500)) : undefined);
    await server.list.whole.read();
    server.hold();
    const done = server.list.whole.read();
    await settled();
    server.list.whole.cancel();
    await done;
    equal(server.list.whole.error, undefined);
  });

  it('ends at once while it waits for the first page or a refresh', async () => {
    const first = new Server(50);
    first.hold();
    const reading = first.list.whole.read();
    await settled();
    first.list.whole.cancel();
    await settled();
    equal(first.list.whole.progress, undefined);
    await reading;

    const server = new Server(50);
    await server.list.shown.loadMore();
    server.hold();
    void server.list.shown.refresh();
    const behind = server.list.whole.read();
    await settled();
    server.list.whole.cancel();
    await settled();
    equal(server.list.whole.progress, undefined);
    await behind;
    first.list.dispose();
    server.list.dispose();
  });

  it('aborts every pending request', async () => {
    const server = new Server(200);
    await server.list.shown.loadMore();
    server.hold();
    const done = server.list.whole.read();
    await settled();
    equal(server.fake.requests.length, 9);
    server.list.whole.cancel();
    await done;
    await settled();
    ok(server.fake.requests.slice(1).every(({ signal }) => signal.aborted));
  });

  it('requests a first page again that failed before', async () => {
    const server = new Server(50);
    server.before = () => Promise.resolve(errorResponse(500));
    await server.list.shown.ensureFirstPage();
    server.before = () => undefined;
    await server.list.whole.read();
    deepEqual([server.list.whole.error, searched(server.list)], [undefined, ids(50)]);
  });

  it('ends when the list is disposed, without a failure or an event', async () => {
    const server = new Server(200);
    await server.list.shown.loadMore();
    server.hold();
    const done = server.list.whole.read();
    await settled();
    let told = 0;
    server.list.on('change', () => told++).on('read', () => told++);
    server.list.dispose();
    await done;
    deepEqual(
      [told, server.list.whole.error, server.list.whole.progress, searched(server.list)],
      [0, undefined, undefined, ids(10)],
    );
  });
});

describe('WholeReading, of a list that changes meanwhile', () => {
  /** Reads 200 users in pages of 10; when page `at` is asked for, the list becomes another. */
  async function moving(at: number, change: (users: readonly User[]) => readonly User[], count = 200) {
    const server = new Server(count);
    const isAgain: boolean[] = [];
    let isChanged = false;
    server.before = (page) => {
      if (page === at && !isChanged) {
        isChanged = true;
        server.users = change(server.users);
      }
      return undefined;
    };
    server.list.on('read', () => isAgain.push(server.list.whole.progress?.isAgain ?? false));
    await server.list.whole.read();
    const found = searched(server.list);
    equal(new Set(found).size, found.length, 'somebody is there twice');
    return { server, found, asked: server.asked(), isAgain: isAgain.includes(true) };
  }

  const sorted = (users: readonly (string | undefined)[]) => [...users].sort();
  const idsOf = ({ users }: Server) => sorted(users.map(({ id }) => id));
  const added = { id: 'added', displayName: 'Added' };

  it('reads only the pages again beside which a user was added', async () => {
    const { server, found, asked, isAgain } = await moving(15, (users) => users.toSpliced(135, 0, added));
    deepEqual(sorted(found), idsOf(server));
    equal(isAgain, false);
    ok(asked.length <= 21 + 6, `${asked.length} requests`);
    equal(server.list.coverage.state, 'repaired');
  });

  it('reads the whole list again once if that is not enough', async () => {
    for (const change of [
      (users: readonly User[]) => users.toSpliced(0, 0, added),
      (users: readonly User[]) => users.toSpliced(3, 1),
      (users: readonly User[]) => users.toSpliced(20, 40),
      (users: readonly User[]) => [...users.slice(100), ...users.slice(0, 90)],
      (users: readonly User[]) => users.toReversed().slice(1),
      (users: readonly User[]) => users.slice(0, 50),
    ]) {
      const { server, found, asked } = await moving(15, change);
      deepEqual(sorted(found), idsOf(server));
      equal(server.list.shown.isUncertain, false, 'the page that is shown is not one of those that moved');
      ok(asked.length <= 2 * 21 + 20, `${asked.length} requests`);
      deepEqual([server.list.coverage.state === 'uncertain', server.list.coverage.count], [false, server.users.length]);
    }
  });

  it('misses no user if the list became shorter by whole pages just before its end', async () => {
    const { server, found } = await moving(21, (users) => users.slice(20));
    deepEqual(sorted(found), idsOf(server));
  });

  for (const [count, isAllRead] of [
    [200, true],
    [400, false],
  ] as const) {
    it(`says so of what is shown only where that moved, ${isAllRead ? 'and was not settled' : 'and was not read to the end'}`, async () => {
      const server = new Server(count);
      await server.list.shown.loadMore();
      server.before = async (page) => {
        if (page === 8) {
          await settled();
          server.users = server.users.toSpliced(70, 0, added);
        }
        return undefined;
      };
      server.list.on('read', () => {
        if ((server.list.whole.progress?.count ?? 0) >= 100) {
          server.list.whole.cancel();
        }
      });
      await server.list.whole.read();
      deepEqual([server.list.coverage.state === 'uncertain', isWholeList(server.list.coverage)], [isAllRead, false]);
      const moved: boolean[] = [];
      while (server.list.shown.count < 80) {
        moved.push(server.list.shown.isUncertain);
        await server.list.shown.loadMore();
      }
      deepEqual([new Set(moved), server.list.shown.isUncertain], [new Set([false]), true]);
    });
  }

  it('is uncertain for a list that never stops changing', async () => {
    const server = new Server(200);
    let made = 0;
    server.before = () => {
      server.users = [{ id: `new-${made++}`, displayName: 'New' }, ...server.users];
      return undefined;
    };
    await server.list.whole.read();
    deepEqual([server.list.coverage.state === 'uncertain', isWholeList(server.list.coverage)], [true, false]);
    const found = searched(server.list);
    equal(new Set(found).size, found.length);
    ok(server.asked().length <= 3 * 60);
    equal(server.list.whole.progress, undefined);
  });

  it('ends with wrong totals, without reporting a change', async () => {
    for (const total of [0, 1, 50, 100, 199, 201, 5000, 1e15]) {
      const server = new Server(200);
      server.total = () => total;
      await server.list.whole.read();
      deepEqual(
        [searched(server.list), isWholeList(server.list.coverage), server.list.coverage.state],
        [ids(200), total <= 200, total <= 200 ? 'complete' : 'uncertain'],
      );
      ok(server.asked().length <= 21 + 16, `${total}`);
    }
  });

  it('takes a refused or null page beyond the total for the end of the list', async () => {
    const ends = [
      () => new Response('{"success":true,"errors":[],"result":null}'),
      () => errorResponse(400, 12130),
      () => errorResponse(404, 12135),
    ];
    for (const end of ends) {
      const server = new Server(50);
      server.before = (page) => (page > 5 ? Promise.resolve(end()) : undefined);
      await server.list.whole.read();
      deepEqual(server.list.whole.error, undefined);
      deepEqual([searched(server.list), server.list.coverage.state], [ids(50), 'complete']);
    }
  });

  it('keeps a failure of a page within the total, and one that is no refusal of the page', async () => {
    for (const [from, failure] of [
      [5, () => errorResponse(404, 12135)],
      [6, () => errorResponse(403, 10000)],
      [6, () => errorResponse(500)],
    ] as const) {
      const server = new Server(50);
      server.before = (page) => (page >= from ? Promise.resolve(failure()) : undefined);
      await server.list.whole.read();
      ok(server.list.whole.error instanceof CloudflareError, String(from));
    }
  });

  it('is uncertain if the server announced more users than it sent', async () => {
    const server = new Server(148);
    server.total = () => 150;
    await server.list.whole.read();
    const { count, total, state } = server.list.coverage;
    deepEqual([count, total, state], [148, 150, 'uncertain']);
  });

  it('reads the list again if a page of known users ended it too early', async () => {
    const server = new Server(200);
    let isFirst = true;
    server.before = (page) => {
      const isRepeated = page === 8 && isFirst;
      isFirst &&= !isRepeated;
      return isRepeated ? Promise.resolve(server.page(7)) : undefined;
    };
    await server.list.whole.read();
    deepEqual(new Set(searched(server.list)), new Set(ids(200)));
    deepEqual([server.list.coverage.count, server.list.coverage.state === 'uncertain'], [200, false]);
  });

  it('ends at a server that repeats its last page for ever', async () => {
    for (const total of [200, 5000, undefined]) {
      const server = new Server(200);
      server.total = () => total;
      server.before = (page) => Promise.resolve(server.page(Math.min(page, 20)));
      await server.list.whole.read();
      deepEqual([searched(server.list), isWholeList(server.list.coverage)], [ids(200), total !== 5000]);
      // Two readings, and after each the two pages where it ended too early.
      ok(server.asked().length <= 2 * (21 + 16 + 2), String(total));
    }
  });

  it('keeps the users of the first reading if the second one is cancelled', async () => {
    const server = new Server(200);
    let isMoved = false;
    server.before = (page) => {
      if (page === 15 && !isMoved) {
        isMoved = true;
        server.users = server.users.slice(5);
      } else if (page === 10 && server.list.whole.progress?.isAgain) {
        server.list.whole.cancel();
      }
      return undefined;
    };
    await server.list.whole.read();
    deepEqual([isWholeList(server.list.coverage), server.list.coverage.state === 'uncertain'], [false, true]);
    ok(server.list.coverage.count >= 195);
    server.before = () => undefined;
    await server.list.whole.read();
    deepEqual(sorted(searched(server.list)), idsOf(server));
    equal(server.list.coverage.state === 'uncertain', false);
  });
});

describe('WholeReading, while pages are shown', () => {
  it('shows pages without a request that were read already', async () => {
    const server = new Server(35);
    await server.list.shown.loadMore();
    await server.list.whole.read();
    server.asked();
    for (const count of [20, 30, 35]) {
      equal(server.list.shown.isComplete, false);
      await server.list.shown.loadMore();
      deepEqual(shown(server.list), ids(count));
    }
    deepEqual([server.asked(), server.list.shown.isComplete], [[], true]);
  });

  it('waits for a page that is already requested', async () => {
    const server = new Server(100);
    await server.list.shown.loadMore();
    const waiting = server.hold();
    const reading = server.list.whole.read();
    await settled();
    server.asked();
    const loading = server.list.shown.loadMore();
    await settled();
    deepEqual([server.asked(), server.list.shown.activity], [[], 'loading']);
    waiting.get(2)?.();
    await loading;
    deepEqual([shown(server.list), server.list.shown.activity], [ids(20), 'idle']);
    while (server.list.whole.progress) {
      waiting.forEach((go) => go());
      await settled();
    }
    await reading;
    deepEqual(searched(server.list), ids(100));
  });

  it('requests the page itself if the reading is cancelled or fails', async () => {
    for (const end of [
      (server: Server) => server.list.whole.cancel(),
      (_: Server, waiting: Map<number, (replaced?: Response) => void>) => waiting.get(2)?.(errorResponse(500)),
    ]) {
      const server = new Server(100);
      await server.list.shown.loadMore();
      const waiting = server.hold();
      const reading = server.list.whole.read();
      await settled();
      const loading = server.list.shown.loadMore();
      await settled();
      end(server, waiting);
      server.before = () => undefined;
      await reading;
      await loading;
      deepEqual([shown(server.list), server.list.shown.failure], [ids(20), undefined]);
    }
  });

  it('stops waiting for it on cancel', async () => {
    const server = new Server(100);
    await server.list.shown.loadMore();
    server.hold();
    const reading = server.list.whole.read();
    await settled();
    const loading = server.list.shown.loadMore();
    await settled();
    server.list.shown.cancel();
    await loading;
    deepEqual(
      [server.list.shown.activity, server.list.shown.failure, server.list.shown.count],
      ['idle', undefined, 10],
    );
    ok(server.list.whole.progress);
    server.list.dispose();
    await reading;
  });
});

describe('WholeReading, and a refresh of the shown pages', () => {
  const renamed = (users: readonly User[]) =>
    users.map((user) => ({ ...user, displayName: `New ${user.displayName}` }));

  async function loaded(count = 100) {
    const server = new Server(count);
    await server.list.shown.loadMore();
    await server.list.whole.read();
    server.asked();
    server.time.ms = 2000;
    return server;
  }

  it('shows the new users, and keeps the whole list for searching, newest first', async () => {
    const server = await loaded();
    server.users = [{ id: 'added', displayName: 'New Added' }, ...renamed(server.users)];
    await server.list.shown.refresh();
    deepEqual(server.asked(), [1]);
    deepEqual(shown(server.list), ['added', ...ids(9)]);
    deepEqual(server.list.coverage, {
      count: 100,
      total: 100,
      state: 'complete',
      since: 1000,
    });
    const found = server.list.search(parseQuery(''), 1000).map(({ item }) => item);
    equal(new Set(found.map(({ id }) => id)).size, 101);
    equal(found.length, 101);
    deepEqual(
      found.filter(({ displayName = '' }) => displayName.startsWith('New')).map(({ id }) => id),
      ['added', ...ids(9)],
    );
    equal(server.list.find('id-3')?.displayName, 'New User 3');
    equal(server.list.find('id-50')?.displayName, 'User 50');
    deepEqual(
      server.list.search(parseQuery('new'), 5).map(({ item }) => item.id),
      ['added', ...ids(4)],
    );
    // The old names would be the better matches.
    deepEqual(
      server.list.search(parseQuery('user'), 12).map(({ item }) => item.id),
      ids(12, 10),
    );
    deepEqual(server.list.search(parseQuery('user'), 2)[1]?.place, { page: 2, row: 1 });
  });

  it('drops it for a list that is shown to its end', async () => {
    const server = await loaded();
    server.users = scimUsers(4, 50);
    await server.list.shown.refresh();
    deepEqual([searched(server.list), server.list.coverage.since], [ids(4, 50), 2001]);
    deepEqual([isWholeList(server.list.coverage), server.list.shown.isComplete], [true, true]);
  });

  it('keeps it if all of it was shown and more users were added', async () => {
    const server = await loaded(15);
    await server.list.shown.loadMore();
    equal(server.list.shown.isComplete, true);
    server.users = [...scimUsers(10, 101), ...server.users];
    await server.list.shown.refresh();
    deepEqual(shown(server.list), [...ids(10, 101), ...ids(10)]);
    deepEqual([isWholeList(server.list.coverage), server.list.coverage.since], [true, 1000]);
    deepEqual(new Set(searched(server.list)), new Set([...ids(10, 101), ...ids(15)]));
  });

  it('runs beside a reading', async () => {
    const server = new Server(100);
    await server.list.shown.loadMore();
    const waiting = server.hold();
    const reading = server.list.whole.read();
    await settled();
    server.users = renamed(server.users);
    const refreshing = server.list.shown.refresh();
    // Eight pages are under way: the refresh goes first when one of them is there.
    waiting.get(2)?.();
    await settled();
    waiting.get(1)?.();
    await refreshing;
    equal(server.list.shown.item(0).displayName, 'New User 1');
    while (server.list.whole.progress) {
      waiting.forEach((go) => go());
      await settled();
    }
    await reading;
    deepEqual(
      [shown(server.list), new Set(searched(server.list)), searched(server.list).length],
      [ids(10), new Set(ids(100)), 100],
    );
    equal(server.list.find('id-1')?.displayName, 'New User 1');
    deepEqual([isWholeList(server.list.coverage), server.list.shown.activity], [true, 'idle']);
    server.before = () => undefined;
    await server.list.shown.loadMore();
    deepEqual(shown(server.list), ids(20));
  });

  it('hides users that an older reading loads after it', async () => {
    const server = new Server(100);
    await server.list.shown.loadMore();
    const { users } = server;
    const waiting = server.hold();
    const reading = server.list.whole.read();
    await settled();
    const refreshing = server.list.shown.refresh();
    waiting.get(2)?.();
    await settled();
    server.users = [...users.slice(90), ...users];
    waiting.get(1)?.();
    await refreshing;
    server.users = users;
    deepEqual(new Set(searched(server.list)), new Set([...ids(10, 91), ...ids(20)]));
    while (server.list.whole.progress) {
      waiting.forEach((go) => go());
      await settled();
      const found = searched(server.list);
      equal(new Set(found).size, found.length);
    }
    await reading;
    deepEqual([new Set(searched(server.list)), searched(server.list).length], [new Set(ids(100)), 100]);
  });

  it('keeps a cancelled reading, which continues where it was', async () => {
    const server = new Server(200);
    await server.giveUpAt(12);
    const { count } = server.list.coverage;
    await server.list.shown.refresh();
    equal(server.list.coverage.count, count);
    server.asked();
    server.before = () => undefined;
    await server.list.whole.read();
    deepEqual(server.asked(), range(count / 10 + 1, 21));
    deepEqual(new Set(searched(server.list)), new Set(ids(200)));
    equal(searched(server.list).length, 200);
  });

  it('that fails changes nothing', async () => {
    const server = await loaded();
    server.before = () => Promise.resolve(errorResponse(500));
    await server.list.shown.refresh();
    deepEqual(
      [server.list.shown.failure?.during, searched(server.list), isWholeList(server.list.coverage)],
      ['refreshing', ids(100), true],
    );
  });
});

describe('WholeReading, again', () => {
  it('reads from the first page, and searches the old reading until the new one is complete', async () => {
    const server = new Server(100);
    await server.list.whole.read();
    server.asked();
    server.time.ms = 2000;
    server.users = scimUsers(30, 91);
    const waiting = server.hold();
    const done = server.list.whole.read();
    await settled();
    waiting.get(1)?.();
    await settled();
    deepEqual(
      [server.list.coverage.count, server.list.coverage.since, isWholeList(server.list.coverage)],
      [100, 1000, true],
    );
    deepEqual(
      ids(100).filter((id) => !searched(server.list).includes(id)),
      [],
    );
    while (server.list.whole.progress) {
      waiting.forEach((go) => go());
      await settled();
    }
    await done;
    deepEqual(server.asked(), [1, 2, 3, 4]);
    deepEqual(server.list.coverage, {
      count: 30,
      total: 30,
      state: 'complete',
      since: 2000,
    });
    equal(server.list.find('id-120')?.id, 'id-120');
  });

  it('finds a user as it was read last', async () => {
    const server = new Server(100);
    await server.list.whole.read();
    server.users = server.users.map((user) => ({ ...user, displayName: `New ${user.displayName}` }));
    await server.list.whole.read();
    equal(server.list.shown.item(0).displayName, 'User 1');
    equal(server.list.find('id-1')?.displayName, 'New User 1');
    ok(server.list.search(parseQuery(''), 1000).every(({ item }) => item.displayName?.startsWith('New')));
  });

  it('is uncertain if changed pages could not be read again', async () => {
    const server = new Server(200);
    await server.list.whole.read();
    equal(server.list.coverage.state === 'uncertain', false);
    const asked = new Set<number>();
    server.before = (page) => {
      if (asked.has(page)) {
        return Promise.resolve(errorResponse(500));
      }
      asked.add(page);
      if (page === 15) {
        server.users = server.users.toSpliced(135, 0, { id: 'added', displayName: 'Added' });
      }
      return undefined;
    };
    await server.list.whole.read();
    ok(server.list.whole.error instanceof CloudflareError);
    deepEqual([server.list.coverage.state === 'uncertain', isWholeList(server.list.coverage)], [true, false]);
  });

  it('requests as many pages at the same time as the first time', async () => {
    const server = new Server(300);
    await server.list.whole.read();
    server.api.priorities.length = 0;
    const waiting = server.hold();
    const done = server.list.whole.read();
    await settled();
    waiting.get(1)?.();
    await settled();
    equal(server.api.priorities.length, 1 + 16);
    server.list.dispose();
    await done;
  });

  it('keeps the old reading if it fails or is cancelled, and continues later', async () => {
    const server = new Server(100);
    await server.list.whole.read();
    server.before = (page) => (page === 5 ? Promise.resolve(errorResponse(500)) : undefined);
    await server.list.whole.read();
    deepEqual([server.list.coverage.count, isWholeList(server.list.coverage)], [100, true]);
    deepEqual(new Set(searched(server.list)), new Set(ids(100)));
    equal(searched(server.list).length, 100);
    await settled();
    server.asked();
    server.before = () => undefined;
    await server.list.whole.read();
    deepEqual(server.asked(), range(5, 11));
    deepEqual(server.list.coverage.count, 100);
  });
});

describe('WholeReading, its duration', () => {
  it('counts the missing pages', async () => {
    const server = new Server(250);
    const { list } = server;
    equal(list.whole.duration.totalMs, 5);
    await list.shown.loadMore();
    await list.shown.loadMore();
    equal(list.whole.duration.totalMs, 24 * 5);
    await list.whole.read();
    equal(list.whole.duration.totalMs, 26 * 5);
    deepEqual(server.api.durationsAsked, [1, 24, 26]);
  });

  it('is nothing for a list that was read to its end by its pages', async () => {
    for (const count of [5, 10]) {
      const server = new Server(count);
      await server.list.shown.loadMore();
      await server.list.shown.loadMore();
      deepEqual(server.list.whole.duration, { waitMs: 0, totalMs: 0, now: 0, pauseMs: 0, isKept: false });
    }
  });
});

describe('WholeReading, of 100,000 users', () => {
  it('takes 5.5 seconds within the limits of the API and beside the default reserve', async () => {
    const clock = new VirtualClock();
    const users = 100_000;
    const text = (url: URL) => {
      const first = (Number(url.searchParams.get('page')) - 1) * pageSize + 1;
      const shown = scimUsers(first > users ? 0 : pageSize, first);
      return listText(shown, { per_page: pageSize, total_count: users });
    };
    const server = new LimitedServer(clock, { text });
    const sender = new Sender(server.transport, () => new URL(baseUrl), { clock });
    const list = scimUserList(new CloudflareApi(sender, authorization), reference);
    await clock.run(list.whole.read());
    equal(list.whole.error, undefined);
    deepEqual([server.sent, server.refused], [1001, 0]);
    deepEqual([list.coverage.count, isWholeList(list.coverage)], [users, true]);
    ok(clock.now() <= 5500, `${clock.now()} ms`);
    deepEqual(
      [0, 99, 100, 99_999].map((i) => list.search(parseQuery(`"user ${i + 1}"`), 1)[0]?.place),
      [0, 99, 100, 99_999].map((i) => ({ page: Math.floor(i / 100) + 1, row: (i % 100) + 1 })),
    );
  });
});
