import assert from 'node:assert/strict';
import { CloudflareError } from '../../src/cloudflare/errors';
import type { Answer } from '../../src/cloudflare/request';
import { Sender } from '../../src/cloudflare/sender';
import { VirtualClock } from '../support/virtualClock';

type Step = number | { status: number; headers: Record<string, string> } | 'reset' | 'refused' | 'hang';

/** A transport with a list of outcomes; the last one repeats. */
class Script {
  sent = 0;
  readonly at: number[] = [];

  constructor(
    private readonly clock: VirtualClock,
    private readonly steps: readonly Step[],
  ) {}

  readonly transport = {
    get: (_url: URL, _headers: object, endpoint: string, signal: AbortSignal): Promise<Answer> => {
      const step = this.steps[Math.min(this.sent, this.steps.length - 1)];
      this.sent++;
      this.at.push(this.clock.now());
      if (step === 'hang') {
        return new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error));
        });
      }
      if (step === 'reset' || step === 'refused') {
        const networkCode = step === 'reset' ? 'ECONNRESET' : 'ECONNREFUSED';
        return Promise.reject(new CloudflareError({ reason: 'network', endpoint, networkCode }));
      }
      const { status, headers } = typeof step === 'object' ? step : { status: step ?? 200, headers: {} };
      const text = 'content-type' in headers ? '<html>' : '{}';
      return Promise.resolve({ status, headers: new Headers(headers), text, bytes: text.length });
    },
  };
}

const authorization = { credential: { scheme: 'token', token: 'the-token' }, origin: 'https://api.test' } as const;
const request = (i = 0) => ({ endpoint: 'GET /x', path: `/x/${i}`, query: new URLSearchParams(), authorization });

function senderOver(...steps: Step[]) {
  const clock = new VirtualClock();
  const script = new Script(clock, steps);
  const sender = new Sender(script.transport, () => new URL('https://api.test/'), { clock, random: () => 1 });
  return { clock, script, sender };
}

describe('retries', () => {
  for (const status of [408, 500, 502, 503, 504, 520, 526]) {
    it(`repeats status ${status}, three times at most, after growing pauses`, async () => {
      const { clock, script, sender } = senderOver(status);
      assert.equal((await clock.run(sender.send(request()))).status, status);
      assert.deepEqual(script.at, [0, 500, 1500, 3500]);
    });
  }

  for (const status of [400, 401, 403, 404, 405, 409, 422]) {
    it(`never repeats status ${status}`, async () => {
      const { clock, script, sender } = senderOver(status);
      await clock.run(sender.send(request()));
      assert.equal(script.sent, 1);
    });
  }

  it('repeats a request that got an HTML page with status 200', async () => {
    const { clock, script, sender } = senderOver(
      { status: 200, headers: { 'content-type': 'text/html; charset=UTF-8' } },
      200,
    );
    await clock.run(sender.send(request()));
    assert.equal(script.sent, 2);
  });

  it('repeats a request at once after the first connection reset, and after a pause from then on', async () => {
    const { clock, script, sender } = senderOver('reset', 'reset', 200);
    await clock.run(sender.send(request()));
    assert.deepEqual(script.at, [0, 0, 1000]);
  });

  it('rejects with the connection error after the last retry', async () => {
    const { clock, script, sender } = senderOver('refused');
    await assert.rejects(
      clock.run(sender.send(request())),
      (error) => error instanceof CloudflareError && error.failure.networkCode === 'ECONNREFUSED',
    );
    assert.equal(script.sent, 4);
  });

  it('waits as long as Retry-After says, in seconds or as a date', async () => {
    const answers: Record<string, string>[] = [
      { 'retry-after': '7' },
      { 'retry-after': 'Tue, 24 Nov 2026 10:00:07 GMT', date: 'Tue, 24 Nov 2026 10:00:00 GMT' },
    ];
    for (const headers of answers) {
      const { clock, script, sender } = senderOver({ status: 503, headers }, 200);
      await clock.run(sender.send(request()));
      assert.deepEqual(script.at, [0, 7000]);
    }
  });

  it('does not multiply the load in an outage: retries stay within 10 % and 10', async () => {
    const { clock, script, sender } = senderOver(503);
    await clock.run(Promise.all(Array.from({ length: 200 }, (_, i) => sender.send(request(i)))));
    assert.ok(script.sent <= 200 * 1.1 + 10, `${script.sent} sent`);
    assert.equal(script.sent, 210);
  });

  it('stops at once on an abort, in a pause or in flight, and leaves no timer', async () => {
    for (const steps of [[503], ['hang']] as const) {
      const { clock, sender } = senderOver(...steps);
      const abort = new AbortController();
      const sent = sender.send(request(), { signal: abort.signal });
      await clock.move(100);
      abort.abort(new Error('given up'));
      await assert.rejects(sent, /given up/);
      await clock.move(0);
      assert.equal(clock.pending, 0);
    }
  });
});

describe('identical requests', () => {
  it('are sent once while in flight, and again afterwards', async () => {
    const { clock, script, sender } = senderOver(200);
    await clock.run(Promise.all([sender.send(request()), sender.send(request()), sender.send(request(1))]));
    assert.equal(script.sent, 2);
    await clock.run(sender.send(request()));
    assert.equal(script.sent, 3);
  });

  it('are not shared between credentials', async () => {
    const { clock, script, sender } = senderOver(200);
    const other = {
      ...request(),
      authorization: { ...authorization, credential: { scheme: 'token', token: 'another-token' } as const },
    };
    await clock.run(Promise.all([sender.send(request()), sender.send(other)]));
    assert.equal(script.sent, 2);
  });

  it('go on while one caller is left, and are aborted with the last one', async () => {
    const { clock, sender, script } = senderOver('hang');
    const [first, second] = [new AbortController(), new AbortController()];
    const waiting = [
      sender.send(request(), { signal: first.signal }),
      sender.send(request(), { signal: second.signal }),
    ];
    const outcomes = Promise.allSettled(waiting);
    await clock.move(10);
    first.abort(new Error('first left'));
    await clock.move(10);
    assert.equal(script.sent, 1);
    second.abort(new Error('second left'));
    const reasons = (await outcomes).map((outcome) => outcome.status === 'rejected' && String(outcome.reason));
    assert.deepEqual(reasons, ['Error: first left', 'Error: second left']);
  });
});
