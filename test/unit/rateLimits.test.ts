import assert from 'node:assert/strict';
import { sleep } from '../../src/cloudflare/clock';
import type { Answer } from '../../src/cloudflare/request';
import { Sender, type SenderOptions } from '../../src/cloudflare/sender';
import { LimitedServer } from '../support/limitedServer';
import { VirtualClock } from '../support/virtualClock';

const authorization = { credential: { scheme: 'token', token: 'the-token' }, origin: 'https://api.test' } as const;
const request = (i: number) => ({ endpoint: 'GET /x', path: `/x/${i}`, query: new URLSearchParams(), authorization });
const base = () => new URL('https://api.test/');

/** Sends bulk requests; returns the predicted and the actual time. @param before Bulk requests sent before those. */
async function took(requests: number, options: SenderOptions, before = 0) {
  const clock = new VirtualClock();
  const server = new LimitedServer(clock);
  const sender = new Sender(server.transport, base, { clock, ...options });
  const send = (count: number, first: number) =>
    clock.run(
      Promise.all(Array.from({ length: count }, (_, i) => sender.send(request(first + i), { priority: 'bulk' }))),
    );
  await send(before, 0);
  await clock.move(2000);
  const start = clock.now();
  const said = sender.bulkDuration(authorization, requests);
  await send(requests, before);
  assert.equal(server.refused, 0);
  return { said, ms: clock.now() - start };
}

describe('bulkDuration', () => {
  for (const { requests, before = 0, reserve = 0.1, windows } of [
    { requests: 500, windows: 0 },
    { requests: 1001, windows: 0 },
    { requests: 1080, windows: 0 },
    { requests: 1081, windows: 1 },
    { requests: 2500, windows: 2 },
    { requests: 2500, reserve: 0, windows: 2 },
    { requests: 2500, reserve: 0.5, windows: 4 },
    { requests: 500, before: 1000, windows: 1 },
    { requests: 1081, before: 1080, windows: 2 },
  ]) {
    it(`predicts the time of ${requests} requests after ${before} others, with a reserve of ${reserve * 100} %`, async () => {
      const { said, ms } = await took(requests, { reserve: () => reserve }, before);
      assert.ok(Math.abs(said.totalMs - ms) <= 0.04 * ms + 250, `${said.totalMs} ms said, ${ms} ms taken`);
      const waited = windows * 300_000 - (before > 0 && windows > 0 ? before * 5 + 2000 : 0);
      assert.ok(Math.abs(said.waitMs - waited) <= 0.01 * waited + 3000, `${said.waitMs} ms to wait`);
      assert.equal(said.waitMs === 0, windows === 0);
    });
  }

  it('is 0 for no requests', () => {
    const clock = new VirtualClock();
    const sender = new Sender(new LimitedServer(clock).transport, base, { clock });
    assert.deepEqual(sender.bulkDuration(authorization, 0), {
      waitMs: 0,
      totalMs: 0,
      now: 0,
      pauseMs: 0,
      isKept: false,
    });
  });
});

describe('rate limits', () => {
  it('sends 4,000 requests within 1 % of the shortest possible time, without a 429', async () => {
    const clock = new VirtualClock();
    const server = new LimitedServer(clock);
    const sender = new Sender(server.transport, base, { clock, reserve: () => 0 });
    await clock.run(Promise.all(Array.from({ length: 4000 }, (_, i) => sender.send(request(i), { priority: 'bulk' }))));
    // Three full windows to wait for, then 400 requests at 200 a second.
    const best = 3 * 300_000 + (400 / 200) * 1000;
    assert.equal(server.refused, 0);
    assert.ok(server.mostInASecond <= 200, `${server.mostInASecond} in a second`);
    assert.ok(clock.now() <= best * 1.01, `${clock.now()} ms, the best is ${best}`);
  });

  it('sends 1,001 bulk requests in one window with a reserve of 10 %, at 200 per second', async () => {
    const clock = new VirtualClock();
    const server = new LimitedServer(clock);
    const sender = new Sender(server.transport, base, { clock });
    await clock.run(Promise.all(Array.from({ length: 1001 }, (_, i) => sender.send(request(i), { priority: 'bulk' }))));
    assert.equal(server.refused, 0);
    assert.ok(clock.now() <= 5500, `${clock.now()} ms`);
  });

  it('keeps the reserve unused by bulk requests, and uses it for interactive ones', async () => {
    const clock = new VirtualClock();
    const server = new LimitedServer(clock, { quota: 100, windowMs: 60_000 });
    const sender = new Sender(server.transport, base, { clock, reserve: () => 0.2 });
    const bulk = Promise.all(Array.from({ length: 90 }, (_, i) => sender.send(request(i), { priority: 'bulk' })));
    await clock.move(2000);
    assert.equal(server.sent, 80);
    await clock.run(sender.send(request(1000)));
    assert.equal(server.sent, 81);
    assert.ok(clock.now() < 3000);
    await clock.run(bulk);
    assert.equal(server.refused, 0);
  });

  it('counts requests of other programs that the server reports', async () => {
    const clock = new VirtualClock();
    const server = new LimitedServer(clock, { byOthers: 1100 });
    const sender = new Sender(server.transport, base, { clock, reserve: () => 0 });
    await clock.run(Promise.all(Array.from({ length: 150 }, (_, i) => sender.send(request(i)))));
    assert.equal(server.refused, 0);
    assert.ok(clock.now() > 300_000);
  });

  it('waits for the next window after a 429, emits the wait, and then repeats the request', async () => {
    const clock = new VirtualClock();
    let isFirst = true;
    const answers = {
      get: () => {
        const status = isFirst ? 429 : 200;
        isFirst = false;
        return Promise.resolve({
          status,
          headers: new Headers({ ratelimit: '"default";r=0;t=24' }),
          text: '',
          bytes: 0,
        });
      },
    };
    const sender = new Sender(answers, base, { clock });
    const held: number[] = [];
    sender.events.on('heldBack', (_, waitMs) => held.push(waitMs));
    const answer = await clock.run(sender.send(request(1)));
    assert.equal(answer.status, 200);
    assert.deepEqual([clock.now(), held], [25_000, [25_000, 0]]);
  });

  it('assumes 1,200 requests in 5 minutes while no response names a limit', async () => {
    const clock = new VirtualClock();
    const silent = { get: () => Promise.resolve({ status: 200, headers: new Headers(), text: '', bytes: 0 }) };
    const sender = new Sender(silent, base, { clock, reserve: () => 0 });
    let sent = 0;
    sender.events.on('exchange', () => sent++);
    const all = Promise.all(Array.from({ length: 1300 }, (_, i) => sender.send(request(i))));
    await clock.move(299_000);
    assert.equal(sent, 1200);
    await clock.run(all);
    assert.equal(sent, 1300);
  });

  describe('with several windows', () => {
    /** A server with several limits, which it reports in each response. */
    class ManyLimits {
      readonly refused: string[] = [];
      sent = 0;
      private readonly windows = new Map<string, { endsAt: number; used: number }>();

      constructor(
        private readonly clock: VirtualClock,
        private readonly limits: Record<string, { quota: number; windowMs: number }>,
        private readonly isSilent = false,
        private readonly latencyMs = 20,
      ) {}

      readonly transport = {
        get: async (): Promise<Answer> => {
          await sleep(this.clock, this.latencyMs, undefined);
          this.sent++;
          const now = this.clock.now();
          const told = Object.entries(this.limits).map(([name, { quota, windowMs }]) => {
            let window = this.windows.get(name);
            if (window === undefined || now >= window.endsAt) {
              window = { endsAt: now + windowMs, used: 0 };
              this.windows.set(name, window);
            }
            window.used++;
            if (window.used > quota) this.refused.push(name);
            return {
              now: `"${name}";r=${Math.max(0, quota - window.used)};t=${Math.ceil((window.endsAt - now) / 1000)}`,
              policy: `"${name}";q=${quota};w=${windowMs / 1000}`,
            };
          });
          const headers = new Headers({ 'ratelimit-policy': told.map(({ policy }) => policy).join() });
          if (!this.isSilent) headers.set('ratelimit', told.map(({ now }) => now).join());
          return { status: this.refused.length > 0 ? 429 : 200, headers, text: '{}', bytes: 2 };
        },
      };
    }
    const both = { burst: { quota: 100, windowMs: 10_000 }, default: { quota: 1200, windowMs: 300_000 } };

    it('obeys each: bulk requests wait for a short window, and keep the reserve of a long one unused', async () => {
      const clock = new VirtualClock();
      const server = new ManyLimits(clock, both);
      const sender = new Sender(server.transport, base, { clock });
      const bulk = Promise.all(Array.from({ length: 1200 }, (_, i) => sender.send(request(i), { priority: 'bulk' })));
      await clock.move(250_000);
      assert.deepEqual([server.sent, server.refused], [1080, []]);
      assert.equal((await clock.run(sender.send(request(5000)))).status, 200);
      assert.ok(clock.now() < 265_000, 'a person is given of the reserve');
      await clock.run(bulk);
      assert.deepEqual(server.refused, []);
      assert.ok(clock.now() < 330_000, `${clock.now()} ms`);
    });

    it('predicts the time of bulk requests by the limit that delays them most', async () => {
      const clock = new VirtualClock();
      const sender = new Sender(new ManyLimits(clock, both).transport, base, { clock });
      await clock.run(sender.send(request(1)));
      const waits = [50, 500, 1000, 1500].map((requests) => sender.bulkDuration(authorization, requests).waitMs);
      assert.equal(waits[0], 0);
      assert.ok(Math.abs((waits[1] ?? 0) - 50_000) <= 2000, `${waits[1]} ms`);
      assert.ok(Math.abs((waits[2] ?? 0) - 110_000) <= 2000, `${waits[2]} ms`);
      assert.ok((waits[3] ?? 0) >= 298_000, `${waits[3]} ms`);
    });

    it('does not stop if the server names new limits in every response', async () => {
      const clock = new VirtualClock();
      let i = 0;
      const odd = {
        get: () =>
          Promise.resolve({
            status: 200,
            headers: new Headers({ ratelimit: `"limit ${i++}";r=5;t=1`, 'ratelimit-policy': `"limit ${i}";q=9;w=1` }),
            text: '{}',
            bytes: 2,
          }),
      };
      const sender = new Sender(odd, base, { clock });
      for (let n = 0; n < 100; n++) {
        await clock.run(sender.send(request(n)));
      }
      assert.ok(clock.now() < 120_000, `${clock.now()} ms`);
    });

    it('does not stop if a window begins with its whole quota in flight', async () => {
      const clock = new VirtualClock();
      const server = new ManyLimits(clock, { default: { quota: 4, windowMs: 1000 } }, true, 3000);
      const sender = new Sender(server.transport, base, { clock, reserve: () => 0, maxRetries: 0 });
      let answered = 0;
      for (let i = 0; i < 20; i++) {
        void sender.send(request(i)).then(() => answered++);
      }
      await clock.move(100_000);
      assert.equal(answered, 20);
    });

    it('obeys a quota that is smaller than the assumed one and only named in Ratelimit-Policy', async () => {
      const clock = new VirtualClock();
      const server = new ManyLimits(clock, { default: { quota: 50, windowMs: 10_000 } }, true);
      const sender = new Sender(server.transport, base, { clock, reserve: () => 0 });
      const all = Promise.all(Array.from({ length: 120 }, (_, i) => sender.send(request(i))));
      await clock.move(5000);
      assert.deepEqual([server.sent, server.refused], [50, []]);
      await clock.run(all);
      assert.deepEqual(server.refused, []);
      assert.ok(clock.now() < 30_000, `${clock.now()} ms`);
    });
  });

  it('keeps emitting the wait of one credential while another one has eight requests in flight', async () => {
    const clock = new VirtualClock();
    const server = new LimitedServer(clock, { quota: 10, windowMs: 60_000, latencyMs: 3000 });
    const sender = new Sender(server.transport, base, { clock, reserve: () => 0 });
    const told: number[] = [];
    sender.events.on('heldBack', (_, waitMs) => told.push(waitMs));
    const waiting = Promise.all(Array.from({ length: 12 }, (_, i) => sender.send(request(i))));
    await clock.move(10_000);
    assert.equal(told.length, 1, 'told once');
    const other = (i: number) => ({
      ...request(i),
      authorization: { ...authorization, credential: { scheme: 'token', token: 'another-token' } as const },
    });
    const passing = Promise.all(Array.from({ length: 10 }, (_, i) => sender.send(other(i))));
    await clock.move(9000);
    await clock.run(passing);
    assert.ok(!told.includes(0), `told ${told.join(', ')}`);
    await clock.run(waiting);
    assert.deepEqual([told.at(-1), told.filter((waitMs) => waitMs === 0).length], [0, 1]);
  });

  it('sends requests of another credential while one waits for its limit', async () => {
    const clock = new VirtualClock();
    const server = new LimitedServer(clock, { quota: 10, windowMs: 60_000 });
    const sender = new Sender(server.transport, base, { clock, reserve: () => 0 });
    const first = Promise.all(Array.from({ length: 20 }, (_, i) => sender.send(request(i))));
    await clock.move(1000);
    const other = {
      ...request(99),
      authorization: { ...authorization, credential: { scheme: 'token', token: 'another-token' } as const },
    };
    let passed: number | undefined;
    void sender.send(other).then(({ status }) => (passed = status));
    await clock.move(100);
    assert.equal(passed, 200);
    await clock.run(first);
  });

  it('removes an aborted request from the queue, and leaves no timer', async () => {
    const clock = new VirtualClock();
    const server = new LimitedServer(clock, { quota: 1, windowMs: 60_000 });
    const sender = new Sender(server.transport, base, { clock, reserve: () => 0 });
    await clock.run(sender.send(request(1)));
    const abort = new AbortController();
    const waiting = sender.send(request(2), { signal: abort.signal });
    await clock.move(1000);
    abort.abort(new Error('given up'));
    await assert.rejects(waiting, /given up/);
    assert.deepEqual([server.sent, clock.pending], [1, 0]);
  });

  it('holds a reset that is out of reach for 300 s at most', async () => {
    const clock = new VirtualClock();
    let r = 0;
    const server = {
      get: () =>
        Promise.resolve({
          status: 200,
          headers: new Headers({ ratelimit: `"default";r=${r};t=999999999` }),
          text: '{}',
          bytes: 2,
        }),
    };
    const sender = new Sender(server, base, { clock, reserve: () => 0 });
    await clock.run(sender.send(request(1)));
    r = 5;
    await clock.run(sender.send(request(2)));
    assert.ok(clock.now() <= 301_000, `${clock.now()} ms`);
  });

  it('sends the next interactive request at once after `sendNext`, and only that', async () => {
    const clock = new VirtualClock();
    const server = new LimitedServer(clock, { quota: 1, windowMs: 60_000 });
    const sender = new Sender(server.transport, base, { clock, reserve: () => 0, maxRetries: 0 });
    await clock.run(sender.send(request(1)));
    const bulk = sender.send(request(2), { priority: 'bulk' });
    const waiting = [sender.send(request(3)), sender.send(request(4))];
    sender.sendNext(authorization);
    await clock.move(1000);
    assert.equal(server.sent, 2);
    await clock.run(Promise.all([bulk, ...waiting]));
  });

  it('leaves 20 requests of the window to other clients until the user lets them be used', async () => {
    const clock = new VirtualClock();
    const server = new LimitedServer(clock, {});
    const sender = new Sender(server.transport, base, { clock });
    const kept: boolean[] = [];
    sender.events.on('heldBack', (_, waitMs, isKept) => waitMs > 0 && kept.push(isKept));
    const all = Promise.all(Array.from({ length: 1190 }, (_, i) => sender.send(request(i))));
    await clock.move(20_000);
    assert.deepEqual([server.sent, kept.at(-1)], [1180, true]);
    sender.useReserve();
    await clock.move(1000);
    assert.equal(server.sent, 1190);
    await all;
    assert.equal(server.refused, 0);
  });

  it('lets two interactive requests go beside bulk requests that get no answer', async () => {
    const clock = new VirtualClock();
    const sent: string[] = [];
    const hanging = {
      get: (url: URL) => {
        sent.push(url.pathname);
        return new Promise<Answer>(() => undefined);
      },
    };
    const sender = new Sender(hanging, base, { clock });
    for (let i = 0; i < 12; i++) {
      void sender.send(request(i), { priority: 'bulk' });
    }
    const other = { ...authorization, credential: { scheme: 'token', token: 'another-token' } as const };
    for (let i = 0; i < 3; i++) {
      void sender.send({ ...request(100 + i), authorization: other });
    }
    await clock.move(1000);
    assert.deepEqual(sent.slice(8), ['/x/100', '/x/101']);
  });

  it('lets two windows with one token load and search beside each other without a 429', async () => {
    const clock = new VirtualClock();
    const server = new LimitedServer(clock, { latencyMs: 100 });
    const windows = [0, 1].map(() => new Sender(server.transport, base, { clock }));
    const work = windows.flatMap((sender, w) => [
      ...Array.from({ length: 800 }, (_, i) => sender.send(request(10_000 * w + i), { priority: 'bulk' })),
      ...Array.from({ length: 30 }, (_, i) =>
        sleep(clock, i * 10_000, undefined).then(() => sender.send(request(10_000 * w + 5000 + i))),
      ),
    ]);
    const answers = await clock.run(Promise.all(work));
    assert.equal(server.refused, 0);
    assert.ok(answers.every(({ status }) => status === 200));
  });
});
