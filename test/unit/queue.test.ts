import { deepEqual, equal, rejects } from 'node:assert/strict';
import { RequestQueue } from '../../src/cloudflare/queue';
import type { Priority } from '../../src/cloudflare/request';
import { VirtualClock } from '../support/virtualClock';

/** A response that reports a quota of 10 requests in 60 s, and the seconds until the next window. */
const answer = (remaining: number, seconds = 30) => ({
  status: 200,
  headers: new Headers({
    ratelimit: `"default";r=${remaining};t=${seconds}`,
    'ratelimit-policy': '"default";q=10;w=60',
  }),
});

/** A queue that notes what it announces, and the requests that it starts. */
function queueOn(clock: VirtualClock) {
  const waits: [credential: string, waitMs: number][] = [];
  const started: string[] = [];
  const queue = new RequestQueue(
    clock,
    () => 0,
    (credential, waitMs) => waits.push([credential, waitMs]),
  );
  const ask = (credential: string, name = '', priority: Priority = 'interactive', abort = new AbortController()) =>
    queue.acquire(credential, priority, abort.signal).then(() => started.push(`${credential}${name}`));
  return { queue, ask, waits, started };
}

describe('RequestQueue', () => {
  it('returns the rate limits that a response reports, and none for a request without a response', async () => {
    const { queue, ask } = queueOn(new VirtualClock());
    await Promise.all([ask('a'), ask('a')]);
    deepEqual(queue.release('a', 'interactive', answer(7)), [
      { name: 'default', remaining: 7, resetSeconds: 30, quota: 10, windowSeconds: 60 },
    ]);
    deepEqual(queue.release('a', 'interactive', undefined), []);
  });

  it('announces how long the rate limit of a credential delays interactive requests, and when it no longer does', async () => {
    const clock = new VirtualClock();
    const { queue, ask, waits } = queueOn(clock);
    await ask('a');
    queue.release('a', 'interactive', answer(0));
    deepEqual(waits, [], 'nothing waits');
    const waiting = ask('a');
    deepEqual(waits, [['a', 31_000]]);
    await clock.run(waiting);
    deepEqual(waits, [
      ['a', 31_000],
      ['a', 0],
    ]);
  });

  it('announces no wait of bulk requests', async () => {
    const clock = new VirtualClock();
    const { queue, ask, waits } = queueOn(clock);
    await ask('a');
    queue.release('a', 'interactive', answer(0));
    await clock.run(ask('a', '', 'bulk'));
    deepEqual(waits, []);
  });

  it('announces a wait again only if its end changes by 500 ms or more', async () => {
    const clock = new VirtualClock();
    const { queue, ask, waits } = queueOn(clock);
    await Promise.all([ask('a'), ask('a'), ask('a')]);
    queue.release('a', 'interactive', answer(0));
    void ask('a');
    const announced = [['a', 31_000]];
    deepEqual(waits, announced);
    // By this response the window ends 400 ms earlier.
    await clock.move(600);
    queue.release('a', 'interactive', answer(0, 29));
    deepEqual(waits, announced);
    // By this one it ends another 1.4 s earlier.
    await clock.move(600);
    queue.release('a', 'interactive', answer(0, 27));
    deepEqual(waits, [...announced, ['a', 28_000]]);
  });

  it('ends the announced wait when the request that waited is aborted', async () => {
    const clock = new VirtualClock();
    const { queue, ask, waits } = queueOn(clock);
    await ask('a');
    queue.release('a', 'interactive', answer(0));
    const abort = new AbortController();
    const waiting = ask('a', '', 'interactive', abort);
    abort.abort(new Error('closed'));
    await rejects(waiting, /closed/);
    deepEqual(waits.at(-1), ['a', 0]);
    equal(clock.pending, 0, 'no timer is left');
  });

  it('takes nothing from the rate limit for a signal that is already aborted', async () => {
    const { queue, waits, started } = queueOn(new VirtualClock());
    await rejects(queue.acquire('a', 'interactive', AbortSignal.abort(new Error('closed'))), /closed/);
    equal(queue.bulkDuration('a', 1200).waitMs, 0);
    deepEqual([waits, started], [[], []]);
  });

  it('starts interactive requests before bulk ones, and passes over a credential that its rate limit delays', async () => {
    const clock = new VirtualClock();
    const { queue, ask, started } = queueOn(clock);
    await Promise.all(Array.from({ length: 8 }, () => ask('a')));
    started.length = 0;
    const all = [ask('a', ' bulk', 'bulk'), ask('b', ' bulk', 'bulk'), ask('a', ' first'), ask('b', ' first')];
    for (let i = 0; i < 8; i++) {
      queue.release('a', 'interactive', answer(0));
    }
    await clock.move(0);
    deepEqual(started, ['b first', 'b bulk']);
    await clock.run(Promise.all(all));
    deepEqual(started.slice(2), ['a first', 'a bulk']);
  });
});
