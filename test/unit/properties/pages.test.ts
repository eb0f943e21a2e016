import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { readPage } from '../../../src/cloudflare/envelope';
import { CloudflareError } from '../../../src/cloudflare/errors';
import { type ListPage, walkPages } from '../../../src/cloudflare/pages';
import { type ScimUser, scimUser } from '../../../src/cloudflare/schemas';
import { isWholeList } from '../../../src/directory/list/resourceList';
import { type ScimUserList, scimUserList } from '../../../src/directory/scimLists';
import { parseQuery } from '../../../src/matching/query';
import { answer, errorResponse, listText, reference } from '../../support/fakes';
import { ListServer } from '../../support/listServer';
import { holds, patienceMs } from '../../support/properties';

/** What happens to a server's list before a page is answered. */
const step = fc.record({
  inserted: fc.option(fc.nat(), { freq: 2 }),
  removed: fc.option(fc.nat(), { freq: 2 }),
  /** The page comes from another number, or fails, or has no ids. */
  isShifted: fc.boolean(),
  status: fc.constantFrom(200, 200, 200, 500, 404),
  hasIds: fc.constantFrom(true, true, true, false),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const server = fc.record({
  users: fc.nat({ max: 60 }),
  perPage: fc.integer({ min: 1, max: 12 }),
  steps: fc.array(step, { maxLength: 12, size: 'max' }),
});

/** One whose whole list can be read again and again within the 200 requests of a second. */
const shortServer = fc.record({
  users: fc.nat({ max: 30 }),
  perPage: fc.integer({ min: 3, max: 12 }),
  steps: fc.array(step, { maxLength: 12, size: 'max' }),
});

/** Cases of what reads whole lists, again and again, through the real client. */
const fewer = 200;

interface User {
  readonly id?: string;
  readonly displayName: string;
}

/** A list that moves while it is read, as the steps say, and then stands still. */
class DriftingServer extends ListServer<User> {
  private made: number;
  private done = 0;

  constructor(
    users: number,
    perPage: number,
    private readonly steps: readonly Step[],
  ) {
    super(
      Array.from({ length: users }, (_, i) => ({ id: `id-${i}`, displayName: `User ${i}` })),
      perPage,
    );
    this.made = users;
  }

  override answer(page: number): Promise<Response> {
    const step = this.drift();
    const { status = 200 } = step;
    return Promise.resolve(status === 200 ? this.shown(page, step) : errorResponse(status));
  }

  /** A page for a walk, without its HTTP status. */
  async walked(number: number): Promise<ListPage<ScimUser>> {
    return readPage(answer(await this.shown(number, this.drift()).text()), 'GET /x', number, scimUser);
  }

  private drift(): Partial<Step> {
    const step: Partial<Step> = this.steps[this.done++] ?? {};
    const { inserted = null, removed = null } = step;
    if (inserted !== null) {
      const i = this.made++;
      const user = { id: `id-${i}`, displayName: `User ${i}` };
      this.users = this.users.toSpliced(inserted % (this.users.length + 1), 0, user);
    }
    if (removed !== null) {
      this.users = this.users.toSpliced(removed % (this.users.length + 1), 1);
    }
    return step;
  }

  private shown(page: number, { isShifted = false, hasIds = true }: Partial<Step>): Response {
    const users = hasIds ? this.users : this.users.map(({ displayName }) => ({ displayName }));
    return this.page(isShifted && page > 1 ? page - 1 : page, users);
  }

  get ids(): Set<string> {
    return new Set(this.users.map(({ id }) => id ?? ''));
  }

  /** Whether all that was to happen has happened. */
  get isStill(): boolean {
    return this.done >= this.steps.length;
  }
}

describe('A walk over pages', () => {
  it('yields no user twice and ends, however the list changes', () =>
    holds(
      fc.asyncProperty(server, async ({ users, perPage, steps }) => {
        const drifting = new DriftingServer(users, perPage, steps);
        const seen = new Set<string>();
        let pages = 0;
        const walk = walkPages((number) => {
          pages++;
          return drifting.walked(number);
        });
        for await (const { page, fresh } of walk) {
          for (const i of fresh) {
            const id = page.items[i]?.id;
            assert.ok(id === undefined || !seen.has(id), `${id} comes twice`);
            seen.add(id ?? '');
          }
        }
        assert.ok(pages <= users + 2 * steps.length + 2, `${pages} pages`);
      }),
    )).timeout(patienceMs);

  it('yields all users of a list that does not change, in order', () =>
    holds(
      fc.asyncProperty(fc.nat({ max: 80 }), fc.integer({ min: 1, max: 20 }), async (users, perPage) => {
        const still = new DriftingServer(users, perPage, []);
        const ids: (string | undefined)[] = [];
        const walk = walkPages((number) => still.walked(number));
        let { done = false, value } = await walk.next();
        while (!done) {
          const { page, fresh } = value as { page: { items: readonly User[] }; fresh: readonly number[] };
          ids.push(...fresh.map((i) => page.items[i]?.id));
          ({ done = false, value } = await walk.next());
        }
        assert.equal(value, 'emptyPage');
        assert.deepEqual(
          ids,
          still.users.map(({ id }) => id),
        );
      }),
    )).timeout(patienceMs);

  it('ends at the largest number of pages if a server never ends, and at the first repeated page', () =>
    holds(
      fc.asyncProperty(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 40 }), async (newPages, cap) => {
        let asked = 0;
        const walk = walkPages(
          (number) => {
            asked++;
            const id = `id-${Math.min(number, newPages)}`;
            return Promise.resolve(readPage(answer(listText([{ id }])), 'GET /x', number, scimUser));
          },
          { cap },
        );
        while (!(await walk.next()).done) {
          // Only the number of pages counts.
        }
        assert.equal(asked, Math.min(cap, newPages + 1));
      }),
    )).timeout(patienceMs);
});

describe('A list of users', () => {
  it('loses no row and shows nobody twice, whatever fails or moves while it is read', () =>
    holds(
      fc.asyncProperty(
        server,
        fc.array(fc.boolean(), { maxLength: 12 }),
        async ({ users, perPage, steps }, refreshes) => {
          const drifting = new DriftingServer(users, perPage, steps);
          drifting.total = () => undefined;
          const list = scimUserList(drifting.fake.api(), reference);
          for (let i = 0; i < 12 && !list.shown.isComplete; i++) {
            const before = texts(list);
            await list.shown.loadMore();
            assert.deepEqual(texts(list).slice(0, before.length), before);
            assertOurs(list);
            if (refreshes[i]) {
              const { count } = list.shown;
              await list.shown.refresh();
              assertOurs(list);
              assert.ok(
                list.shown.failure === undefined || list.shown.count === count,
                'a refresh that failed changes nothing',
              );
            }
          }
        },
      ),
      fewer,
    )).timeout(patienceMs);
});

/** Changes of one kind: what comes makes up for what goes, and then no number tells that somebody was skipped. */
const changes = fc.tuple(
  fc.constantFrom('inserted' as const, 'removed' as const),
  fc.array(fc.option(fc.nat(), { freq: 2 }), { maxLength: 12, size: 'max' }),
);

function stepsOf([kind, places]: typeof changes extends fc.Arbitrary<infer T> ? T : never): Step[] {
  return places.map((place) => ({
    inserted: null,
    removed: null,
    isShifted: false,
    status: 200,
    hasIds: true,
    [kind]: place,
  }));
}

/** The ids of everyone that a search finds; fails where somebody is there twice. */
function searchedIds(list: ScimUserList): Set<string> {
  const all = list.search(parseQuery(''), 100_000).map(({ item }) => item.id ?? '');
  assert.equal(new Set(all).size, all.length, 'somebody is found twice');
  return new Set(all);
}

describe('A whole list of users', () => {
  it('ends with exactly those of the server, where it stands still at last, or says that it moved', () =>
    holds(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 30 }),
        fc.integer({ min: 3, max: 12 }),
        changes,
        fc.nat({ max: 3 }),
        async (users, perPage, change, pagesBefore) => {
          const drifting = new DriftingServer(users, perPage, stepsOf(change));
          const list = scimUserList(drifting.fake.api(), reference, steadyTime());
          for (let page = 0; page < pagesBefore; page++) {
            await list.shown.loadMore();
          }
          const shown = texts(list);
          await list.whole.read();
          assert.equal(list.whole.error, undefined);
          assert.ok(pagesBefore === 0 || texts(list).join() === shown.join(), 'other users are shown');
          assert.notEqual(isWholeList(list.coverage), list.coverage.state === 'uncertain');
          const found = searchedIds(list);
          if (list.coverage.state !== 'uncertain') {
            assert.deepEqual(found, drifting.ids);
          }
          while (!drifting.isStill) {
            await list.whole.read();
          }
          await list.whole.read();
          assert.ok(list.coverage.state !== 'uncertain');
          assert.deepEqual(searchedIds(list), drifting.ids);
        },
      ),
      fewer,
    )).timeout(patienceMs);

  it('finds nobody twice and comes to an end, whatever moves, fails, is given up or refreshed', () =>
    holds(
      fc.asyncProperty(
        shortServer,
        fc.array(fc.constantFrom('loadAll', 'cancel', 'loadMore', 'refresh', 'give up', 'wait'), { maxLength: 12 }),
        async ({ users, perPage, steps }, actions) => {
          const withIds = steps.map((each) => ({ ...each, hasIds: true }));
          const drifting = new DriftingServer(users, perPage, withIds);
          const list = scimUserList(drifting.fake.api(), reference, steadyTime());
          const running: Promise<unknown>[] = [];
          for (const action of actions) {
            switch (action) {
              case 'loadAll':
                running.push(list.whole.read());
                break;
              case 'loadMore':
                running.push(list.shown.loadMore());
                break;
              case 'refresh':
                running.push(list.shown.refresh());
                break;
              case 'cancel':
                list.whole.cancel();
                break;
              case 'give up':
                list.shown.cancel();
                break;
              case 'wait':
                await Promise.all(running);
            }
            for (let i = 0; i < 3; i++) {
              await setImmediate();
            }
            assertOurs(list, false);
            searchedIds(list);
          }
          await Promise.all(running);
          assertOurs(list);
          assert.equal(list.whole.progress, undefined);
          assert.ok(list.whole.error === undefined || list.whole.error instanceof CloudflareError);
          // What still moves is over by then, and so is what is left of a reading that was given up.
          for (let i = 0; i < 16 && (i < 3 || list.whole.error !== undefined); i++) {
            await list.whole.read();
          }
          assert.equal(list.whole.error, undefined);
          assert.notEqual(isWholeList(list.coverage), list.coverage.state === 'uncertain');
          searchedIds(list);
        },
      ),
      fewer,
    )).timeout(patienceMs);
});

/** A time of day that never stands still. */
function steadyTime(): () => number {
  let ms = 0;
  return () => ms++;
}

function texts(list: ScimUserList): string[] {
  return Array.from({ length: list.shown.count }, (_, i) => list.shown.rawText(i));
}

function assertOurs(list: ScimUserList, isIdle = true): void {
  const ids = Array.from({ length: list.shown.count }, (_, i) => list.shown.item(i).id).filter(
    (id) => id !== undefined,
  );
  assert.equal(new Set(ids).size, ids.length, 'somebody is shown twice');
  assert.ok(
    list.shown.failure === undefined || list.shown.failure.error instanceof CloudflareError,
    String(list.shown.failure?.error),
  );
  assert.ok(!isIdle || list.shown.activity === 'idle');
  assert.ok(list.shown.total === undefined || list.shown.total >= list.shown.count);
}
