import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CloudflareError } from '../../src/cloudflare/errors';
import { readPage, walkPages } from '../../src/cloudflare/pages';
import { scimUser } from '../../src/cloudflare/schemas';
import { ScimUserList } from '../../src/directory/scimUserList';
import { answer, errorResponse, FakeFetch, listResponse, listText, reference } from './fakes';
import { holds, patienceMs } from './propertiesRun';

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

interface User {
  readonly id?: string;
  readonly displayName: string;
}

/** A list that moves while it is read, as the steps say, and then stands still. */
class DriftingServer {
  readonly users: User[];
  private made: number;

  constructor(
    users: number,
    readonly perPage: number,
    private readonly steps: readonly Step[],
  ) {
    this.made = users;
    this.users = Array.from({ length: users }, (_, i) => ({ id: `id-${i}`, displayName: `User ${i}` }));
  }

  page(number: number): { status: number; users: User[] } {
    const {
      inserted = null,
      removed = null,
      isShifted = false,
      status = 200,
      hasIds = true,
    } = this.steps[this.asked++] ?? {};
    if (inserted !== null) {
      const i = this.made++;
      this.users.splice(inserted % (this.users.length + 1), 0, { id: `id-${i}`, displayName: `User ${i}` });
    }
    if (removed !== null) {
      this.users.splice(removed % (this.users.length + 1), 1);
    }
    const start = (number - 1 - (isShifted && number > 1 ? 1 : 0)) * this.perPage;
    const users = this.users.slice(start, start + this.perPage);
    return { status, users: hasIds ? users : users.map(({ displayName }) => ({ displayName })) };
  }

  private asked = 0;
}

describe('A walk over pages', () => {
  it('shows nobody twice and comes to an end, however the list moves', () =>
    holds(
      fc.asyncProperty(server, async ({ users, perPage, steps }) => {
        const drifting = new DriftingServer(users, perPage, steps);
        const seen = new Set<string>();
        let pages = 0;
        const walk = walkPages((number) => {
          pages++;
          const page = listText(drifting.page(number).users, { per_page: perPage });
          return Promise.resolve(readPage(answer(page), 'GET /x', number, scimUser));
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

  it('finds everyone in a list that stands still, in order', () =>
    holds(
      fc.asyncProperty(fc.nat({ max: 80 }), fc.integer({ min: 1, max: 20 }), async (users, perPage) => {
        const still = new DriftingServer(users, perPage, []);
        const ids: (string | undefined)[] = [];
        const walk = walkPages((number) =>
          Promise.resolve(readPage(answer(listText(still.page(number).users)), 'GET /x', number, scimUser)),
        );
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

  it('ends a server that never ends at the cap, and one that repeats at the first repetition', () =>
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
          const fake = new FakeFetch(({ url }) => {
            const { status, users: found } = drifting.page(Number(url.searchParams.get('page')));
            return status === 200 ? listResponse(found, { per_page: perPage }) : errorResponse(status);
          });
          const list = new ScimUserList(fake.api(), reference);
          for (let i = 0; i < 12 && !list.isComplete; i++) {
            const before = texts(list);
            await list.loadMore();
            assert.deepEqual(texts(list).slice(0, before.length), before);
            assertOurs(list);
            if (refreshes[i]) {
              const { count } = list;
              await list.refresh();
              assertOurs(list);
              assert.ok(list.failure === undefined || list.count === count, 'a refresh that failed changes nothing');
            }
          }
        },
      ),
    )).timeout(patienceMs);
});

function texts(list: ScimUserList): string[] {
  return Array.from({ length: list.count }, (_, i) => list.rawText(i));
}

function assertOurs(list: ScimUserList): void {
  const ids = Array.from({ length: list.count }, (_, i) => list.user(i).id).filter((id) => id !== undefined);
  assert.equal(new Set(ids).size, ids.length, 'somebody is shown twice');
  assert.ok(list.failure === undefined || list.failure.error instanceof CloudflareError, String(list.failure?.error));
  assert.equal(list.activity, 'idle');
  assert.ok(list.total === undefined || list.total >= list.count);
}
