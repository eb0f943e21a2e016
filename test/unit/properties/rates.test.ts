import assert from 'node:assert/strict';
import fc from 'fast-check';
import { sleep } from '../../../src/cloudflare/clock';
import type { Priority } from '../../../src/cloudflare/gate';
import { AddressRate, RateBudget } from '../../../src/cloudflare/rateBudget';
import { Scheduler } from '../../../src/cloudflare/scheduler';
import { holds, patienceMs } from '../../support/properties';
import { VirtualClock } from '../../support/virtualClock';

const oneHourMs = 3_600_000;

const request = fc.record({
  comesMs: fc.nat({ max: 3000 }),
  takesMs: fc.nat({ max: 600 }),
  priority: fc.constantFrom<Priority>('interactive', 'bulk'),
  credential: fc.nat({ max: 1 }),
  givenUpMs: fc.option(fc.nat({ max: 4000 }), { freq: 4 }),
});
type Request = typeof request extends fc.Arbitrary<infer T> ? T : never;

interface Sent {
  readonly i: number;
  readonly queuedMs: number;
  readonly at: number;
}

/** Sends requests through a scheduler on a virtual clock, to a server with a small quota that tells what is left. */
async function play(requests: readonly Request[], quota: number, reserve: number) {
  const clock = new VirtualClock();
  const scheduler = new Scheduler(clock, new AddressRate(clock), () => undefined);
  const windowMs = 10_000;
  const budgets = [0, 1].map(() => new RateBudget(clock, () => reserve));
  const windows = [0, 1].map(() => ({ endsAt: windowMs, used: 0 }));
  const sent: Sent[] = [];
  const counts = { inFlight: 0, most: 0, refused: 0, gone: 0 };
  budgets.forEach((budget) => {
    // The first answer of all told the quota.
    budget.onSent();
    const windowSeconds = windowMs / 1000;
    const limit = { name: 'default', remaining: quota, resetSeconds: windowSeconds - 1, quota, windowSeconds };
    budget.onAnswered({ status: 200, limits: [limit] });
  });

  const one = async ({ comesMs, takesMs, priority, credential, givenUpMs }: Request, i: number) => {
    const abort = new AbortController();
    const [budget, window] = [budgets[credential], windows[credential]];
    assert.ok(budget && window);
    await sleep(clock, comesMs, undefined);
    if (givenUpMs !== null) {
      clock.after(givenUpMs, () => abort.abort());
    }
    const queuedMs = clock.now();
    try {
      await scheduler.acquire(budget, priority, abort.signal);
    } catch {
      counts.gone++;
      return;
    }
    sent.push({ i, queuedMs, at: clock.now() });
    counts.inFlight++;
    counts.most = Math.max(counts.most, counts.inFlight);
    if (clock.now() >= window.endsAt) {
      window.endsAt = clock.now() + windowMs;
      window.used = 0;
    }
    window.used++;
    counts.refused += window.used > quota ? 1 : 0;
    const limit = {
      name: 'default',
      remaining: Math.max(0, quota - window.used),
      resetSeconds: Math.floor((window.endsAt - clock.now()) / 1000),
      quota,
      windowSeconds: windowMs / 1000,
    };
    await sleep(clock, takesMs, undefined);
    counts.inFlight--;
    budget.onAnswered({ status: 200, limits: [limit] });
    scheduler.release();
  };
  // A request that starves ends the case, not the run.
  const over = new AbortController();
  const all = Promise.all(requests.map(one)).finally(() => over.abort());
  await clock.run(Promise.race([all, sleep(clock, oneHourMs, over.signal).catch(() => undefined)]));
  return { clock, sent, counts };
}

describe('The scheduler', () => {
  it('sends everything that is not given up, eight at once at most, in its order, within the quota', () =>
    holds(
      fc.asyncProperty(
        fc.array(request, { maxLength: 40, size: 'max' }),
        fc.integer({ min: 1, max: 20 }),
        fc.constantFrom(0, 0.1, 0.5),
        async (requests, quota, reserve) => {
          const { clock, sent, counts } = await play(requests, quota, reserve);
          assert.equal(sent.length + counts.gone, requests.length, 'starved');
          assert.ok(counts.most <= 8, `${counts.most} at once`);
          assert.equal(counts.refused, 0, 'refused');
          await clock.move(5000);
          assert.equal(clock.pending, 0, 'timers left');
          assertOrder(requests, sent);
          for (const { i, queuedMs, at } of sent) {
            assert.ok(at - queuedMs <= (requests[i]?.givenUpMs ?? Infinity), 'sent after it was given up');
          }
        },
      ),
    )).timeout(patienceMs);

  it('never sends more than 200 in any second', () =>
    holds(
      fc.property(
        fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 400 }),
        (pauses, burst) => {
          const times: number[] = [];
          const clock = { now: 0 };
          const rate = new AddressRate({ now: () => clock.now, after: () => () => undefined });
          for (const pause of pauses) {
            clock.now += pause;
            for (let i = 0; i < Math.ceil(burst / pauses.length) + 5; i++) {
              clock.now += rate.waitMs();
              assert.equal(rate.waitMs(), 0);
              rate.onSent();
              times.push(clock.now);
            }
          }
          times.forEach((time, i) => assert.ok((times[i + 200] ?? Infinity) - time >= 1000, `at ${time}`));
        },
      ),
    )).timeout(patienceMs);
});

/** The same credential and priority: first come, first sent. A person's requests: never behind bulk work that came later. */
function assertOrder(requests: readonly Request[], sent: readonly Sent[]): void {
  for (const [n, later] of sent.entries()) {
    for (const earlier of sent.slice(0, n)) {
      const [a, b] = [requests[earlier.i], requests[later.i]];
      if (a?.credential !== b?.credential) {
        continue;
      }
      if (a?.priority === b?.priority) {
        assert.ok(earlier.queuedMs <= later.queuedMs, 'overtaken by one of its kind');
      } else if (b?.priority === 'interactive') {
        assert.ok(later.queuedMs >= earlier.at, 'overtaken by bulk work');
      }
    }
  }
}
