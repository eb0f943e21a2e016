import assert from 'node:assert/strict';
import fc from 'fast-check';
import { sleep } from '../../../src/cloudflare/clock';
import { Sender } from '../../../src/cloudflare/sender';
import { LimitedServer } from '../../support/limitedServer';
import { RequestQueue } from '../../../src/cloudflare/queue';
import type { Priority } from '../../../src/cloudflare/request';
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

/** Sends requests through a queue on a virtual clock, to a server with a small quota that reports what is left of it. */
async function play(requests: readonly Request[], quota: number, reserve: number) {
  const clock = new VirtualClock();
  const queue = new RequestQueue(
    clock,
    () => reserve,
    () => undefined,
  );
  const windowMs = 10_000;
  const answerWith = (remaining: number, resetSeconds: number) => ({
    status: 200,
    headers: new Headers({
      ratelimit: `"default";r=${remaining};t=${resetSeconds}`,
      'ratelimit-policy': `"default";q=${quota};w=${windowMs / 1000}`,
    }),
  });
  const windows = [0, 1].map(() => ({ endsAt: windowMs, used: 0 }));
  const sent: Sent[] = [];
  const counts = { verification: 0, interactive: 0, bulk: 0, isOverfull: false, refused: 0, gone: 0 };
  for (const credential of ['0', '1']) {
    // The first response of all reports the quota.
    await queue.acquire(credential, 'interactive', new AbortController().signal);
    queue.release(credential, 'interactive', answerWith(quota, windowMs / 1000 - 1));
  }

  const one = async ({ comesMs, takesMs, priority, credential, givenUpMs }: Request, i: number) => {
    const abort = new AbortController();
    const window = windows[credential];
    assert.ok(window);
    await sleep(clock, comesMs, undefined);
    if (givenUpMs !== null) {
      clock.after(givenUpMs, () => abort.abort());
    }
    const queuedMs = clock.now();
    try {
      await queue.acquire(String(credential), priority, abort.signal);
    } catch {
      counts.gone++;
      return;
    }
    sent.push({ i, queuedMs, at: clock.now() });
    counts[priority]++;
    const places = priority === 'bulk' ? 8 : 8 + Math.min(2, counts.bulk);
    counts.isOverfull ||= counts.interactive + counts.bulk > places;
    if (clock.now() >= window.endsAt) {
      window.endsAt = clock.now() + windowMs;
      window.used = 0;
    }
    window.used++;
    counts.refused += window.used > quota ? 1 : 0;
    const answer = answerWith(Math.max(0, quota - window.used), Math.floor((window.endsAt - clock.now()) / 1000));
    await sleep(clock, takesMs, undefined);
    counts[priority]--;
    queue.release(String(credential), priority, answer);
  };
  // If a request is never sent, the case fails rather than hangs.
  const over = new AbortController();
  const all = Promise.all(requests.map(one)).finally(() => over.abort());
  await clock.run(Promise.race([all, sleep(clock, oneHourMs, over.signal).catch(() => undefined)]));
  return { clock, sent, counts };
}

describe('The request queue', () => {
  it('sends every request that is not aborted, at most eight at a time and two beside bulk requests, in order and within the quota', () =>
    holds(
      fc.asyncProperty(
        fc.array(request, { maxLength: 40, size: 'max' }),
        fc.integer({ min: 1, max: 20 }),
        fc.constantFrom(0, 0.1, 0.5),
        async (requests, quota, reserve) => {
          const { clock, sent, counts } = await play(requests, quota, reserve);
          assert.equal(sent.length + counts.gone, requests.length, 'starved');
          assert.equal(counts.isOverfull, false, 'too many at once');
          assert.equal(counts.refused, 0, 'refused');
          await clock.move(5000);
          assert.equal(clock.pending, 0, 'timers left');
          assertOrder(requests, sent);
          for (const { i, queuedMs, at } of sent) {
            assert.ok(at - queuedMs <= (requests[i]?.givenUpMs ?? Infinity), 'sent after it was aborted');
          }
        },
      ),
    )).timeout(patienceMs);

  it('never sends more than 200 requests in any second', () =>
    holds(
      fc.asyncProperty(
        fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 400 }),
        async (pauses, burst) => {
          const times: number[] = [];
          const clock = new VirtualClock();
          const queue = new RequestQueue(
            clock,
            () => 0,
            () => undefined,
          );
          const { signal } = new AbortController();
          const send = async () => {
            await queue.acquire('credential', 'interactive', signal);
            times.push(clock.now());
            queue.release('credential', 'interactive', undefined);
          };
          for (const pause of pauses) {
            clock.leap(pause);
            await clock.run(Promise.all(Array.from({ length: Math.ceil(burst / pauses.length) + 5 }, send)));
          }
          times.forEach((time, i) => assert.ok((times[i + 200] ?? Infinity) - time >= 1000, `at ${time}`));
        },
      ),
    )).timeout(patienceMs);
});

/** Requests of the same credential and priority keep their order. Bulk requests never overtake interactive ones. */
function assertOrder(requests: readonly Request[], sent: readonly Sent[]): void {
  for (const [n, later] of sent.entries()) {
    for (const earlier of sent.slice(0, n)) {
      const [a, b] = [requests[earlier.i], requests[later.i]];
      if (a?.credential !== b?.credential) {
        continue;
      }
      if (a?.priority === b?.priority) {
        assert.ok(earlier.queuedMs <= later.queuedMs, 'overtaken by a request of the same priority');
      } else if (b?.priority === 'interactive') {
        assert.ok(later.queuedMs >= earlier.at, 'overtaken by a bulk request');
      }
    }
  }
}

describe('A rate limit that this client uses alone', () => {
  const quota = 30;
  const windowMs = 20_000;
  const latencyMs = 50;
  const authorization = { credential: { scheme: 'token', token: 'the-token' }, origin: 'https://api.test' } as const;
  const request = (i: number) => ({ endpoint: 'GET /x', path: `/x/${i}`, query: new URLSearchParams(), authorization });

  /** When the server would have accepted each request at the earliest, after those before it. */
  function earliest(arrivals: readonly number[], isSliding: boolean): number[] {
    let window = { opens: 0, endsAt: -1, used: 0 };
    return arrivals.map((at, i) => {
      if (isSliding) {
        return (arrivals[i - quota] ?? -Infinity) + windowMs;
      }
      const opens = window.used < quota ? 0 : window.endsAt;
      window = at >= window.endsAt ? { opens, endsAt: at + windowMs, used: 1 } : { ...window, used: window.used + 1 };
      return window.opens;
    });
  }

  for (const isSliding of [false, true]) {
    it(`of a ${isSliding ? 'sliding window' : 'fixed window'} is never exceeded, and costs at most 1.1 s more than an ideal client`, () =>
      holds(
        fc.asyncProperty(
          fc.array(
            fc.tuple(fc.constantFrom(0, 0, 1, 100, 700, 4000, 15_000, 40_000), fc.integer({ min: 1, max: 40 })),
            { minLength: 1, maxLength: 12 },
          ),
          async (bursts) => {
            const clock = new VirtualClock();
            const server = new LimitedServer(clock, { quota, windowMs, isSliding, latencyMs });
            const base = new URL('https://api.test/');
            const sender = new Sender(server.transport, () => base, { clock, reserve: () => 0 });
            let at = 0;
            const comes = bursts.flatMap(([pause, count]) => {
              at += pause;
              return Array.from({ length: count }, () => at);
            });
            await clock.run(
              Promise.all(
                comes.map(async (time, i) => {
                  await sleep(clock, time, undefined);
                  await sender.send(request(i));
                }),
              ),
            );
            assert.equal(server.refused, 0, 'refused');
            const { arrivals } = server;
            earliest(arrivals, isSliding).forEach((accepted, i) => {
              // At most eight requests are in flight.
              const possible = Math.max((comes[i] ?? 0) + latencyMs / 2, (arrivals[i - 8] ?? 0) + latencyMs);
              const late = (arrivals[i] ?? Infinity) - Math.max(accepted, possible);
              assert.ok(late <= 1100, `request ${i} is ${late} ms late`);
            });
          },
        ),
      )).timeout(patienceMs);
  }
});
