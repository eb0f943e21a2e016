import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Answer } from '../../../src/cloudflare/request';
import { Sender } from '../../../src/cloudflare/sender';
import { answer, authorization, baseUrl, settled } from '../../support/fakes';
import { holds, patienceMs } from '../../support/properties';

const path = fc.constantFrom('/a', '/b');
const event = fc.oneof(
  fc.record({ kind: fc.constant('call' as const), path, canLeave: fc.boolean() }),
  fc.record({ kind: fc.constant('leave' as const), who: fc.nat() }),
  fc.record({ kind: fc.constantFrom('answer' as const, 'fail' as const), path }),
);

/** A request in flight, as the transport sees it. */
interface InFlight {
  readonly path: string;
  readonly signal: AbortSignal;
  readonly result: PromiseWithResolvers<Answer>;
}

interface Caller {
  readonly request: InFlight;
  readonly abort: AbortController | undefined;
  outcome: string | undefined;
}

/** Calls, aborts and answers in any order; the requests in flight are kept by path. */
class Play {
  readonly callers: Caller[] = [];
  readonly inFlight = new Map<string, InFlight>();
  private readonly sent: InFlight[] = [];
  private readonly sender = new Sender(
    {
      get: (url, _headers, _endpoint, signal) => {
        assert.ok(signal);
        const request = { path: url.pathname, signal, result: Promise.withResolvers<Answer>() };
        this.sent.push(request);
        return request.result.promise;
      },
    },
    () => new URL(baseUrl),
    { maxRetries: 0 },
  );

  async call(name: string, canLeave: boolean): Promise<void> {
    const before = this.sent.length;
    const abort = canLeave ? new AbortController() : undefined;
    const query = new URLSearchParams();
    const promise = this.sender.send(
      { endpoint: `GET ${name}`, path: name, query, authorization },
      { signal: abort?.signal },
    );
    const outcome = promise.then(
      ({ text }) => text,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    await settled();
    const isShared = this.inFlight.has(name);
    assert.equal(this.sent.length - before, isShared ? 0 : 1, 'requests that were sent');
    const request = this.inFlight.get(name) ?? this.sent.at(-1);
    assert.ok(request);
    this.inFlight.set(name, request);
    const caller: Caller = { request, abort, outcome: undefined };
    this.callers.push(caller);
    void outcome.then((text) => (caller.outcome = text));
  }

  leave(who: number): void {
    const waiting = this.callers.filter(({ outcome, abort }) => outcome === undefined && abort);
    const caller = waiting[who % Math.max(1, waiting.length)];
    caller?.abort?.abort(new Error('left'));
  }

  end(name: string, how: 'answer' | 'fail'): void {
    const request = this.inFlight.get(name);
    if (how === 'answer') {
      request?.result.resolve(answer('answered'));
    } else {
      request?.result.reject(new Error('failed'));
    }
    this.inFlight.delete(name);
  }

  /** A request that all callers have left is aborted; the transport ends it. */
  endAborted(): void {
    for (const [name, request] of this.inFlight) {
      const isWaitedFor = this.callers.some((caller) => caller.request === request && caller.outcome === undefined);
      assert.equal(request.signal.aborted, !isWaitedFor);
      if (!isWaitedFor) {
        request.result.reject(request.signal.reason);
        this.inFlight.delete(name);
      }
    }
  }
}

describe('Identical requests in flight', () => {
  it('are sent once; every caller gets the outcome; the request is aborted when the last caller leaves', () =>
    holds(
      fc.asyncProperty(fc.array(event, { maxLength: 25, size: 'max' }), async (events) => {
        const play = new Play();
        for (const one of events) {
          if (one.kind === 'call') {
            await play.call(one.path, one.canLeave);
          } else if (one.kind === 'leave') {
            play.leave(one.who);
          } else {
            play.end(one.path, one.kind);
          }
          await settled();
          play.endAborted();
        }
        for (const name of play.inFlight.keys()) {
          play.end(name, 'answer');
        }
        await settled();
        for (const { outcome } of play.callers) {
          assert.ok(outcome !== undefined && ['answered', 'failed', 'left'].includes(outcome), outcome ?? 'no outcome');
        }
      }),
    )).timeout(patienceMs);
});
