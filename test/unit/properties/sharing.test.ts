import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Coalescer } from '../../../src/cloudflare/coalesce';
import { settled } from '../../support/fakes';
import { holds, patienceMs } from '../../support/properties';

const key = fc.constantFrom('a', 'b');
const event = fc.oneof(
  fc.record({ kind: fc.constant('ask' as const), key, canLeave: fc.boolean() }),
  fc.record({ kind: fc.constant('leave' as const), who: fc.nat() }),
  fc.record({ kind: fc.constantFrom('answer' as const, 'fail' as const), key }),
);

interface Work {
  readonly signal: AbortSignal;
  readonly result: PromiseWithResolvers<string>;
}

interface Asker {
  readonly work: Work;
  readonly abort: AbortController | undefined;
  outcome: string | undefined;
}

/** Who asks, who leaves and what is answered, in any order; the works that are under way are kept by key. */
class Play {
  readonly works: Work[] = [];
  readonly askers: Asker[] = [];
  readonly underWay = new Map<string, Work>();
  private readonly coalescer = new Coalescer<string>();

  ask(name: string, canLeave: boolean): void {
    const before = this.works.length;
    const abort = canLeave ? new AbortController() : undefined;
    const promise = this.coalescer.run(name, abort?.signal, (signal) => {
      const work = { signal, result: Promise.withResolvers<string>() };
      this.works.push(work);
      return work.result.promise;
    });
    const isShared = this.underWay.has(name);
    assert.equal(this.works.length - before, isShared ? 0 : 1, 'works that were begun');
    const work = isShared ? this.underWay.get(name) : this.works.at(-1);
    assert.ok(work);
    this.underWay.set(name, work);
    const asker: Asker = { work, abort, outcome: undefined };
    this.askers.push(asker);
    promise.then(
      (value) => (asker.outcome = value),
      (error: unknown) => (asker.outcome = error instanceof Error ? error.message : String(error)),
    );
  }

  leave(who: number): void {
    const waiting = this.askers.filter(({ outcome, abort }) => outcome === undefined && abort);
    const asker = waiting[who % Math.max(1, waiting.length)];
    asker?.abort?.abort(new Error('left'));
  }

  end(name: string, how: 'answer' | 'fail'): void {
    const work = this.underWay.get(name);
    if (how === 'answer') {
      work?.result.resolve('answered');
    } else {
      work?.result.reject(new Error('failed'));
    }
    this.underWay.delete(name);
  }

  /** A work that nobody waits for any more is told, and forgotten. */
  tidy(): void {
    for (const [name, work] of this.underWay) {
      const isWaitedFor = this.askers.some((asker) => asker.work === work && asker.outcome === undefined);
      assert.equal(work.signal.aborted, !isWaitedFor);
      if (!isWaitedFor) {
        this.underWay.delete(name);
      }
    }
  }
}

describe('Sharing a request that is under way', () => {
  it('asks once for all who wait, tells each what came of it, and stops when the last one leaves', () =>
    holds(
      fc.asyncProperty(fc.array(event, { maxLength: 25, size: 'max' }), async (events) => {
        const play = new Play();
        for (const one of events) {
          if (one.kind === 'ask') {
            play.ask(one.key, one.canLeave);
          } else if (one.kind === 'leave') {
            play.leave(one.who);
          } else {
            play.end(one.key, one.kind);
          }
          await settled();
          play.tidy();
        }
        for (const name of play.underWay.keys()) {
          play.end(name, 'answer');
        }
        await settled();
        for (const { outcome } of play.askers) {
          assert.ok(
            outcome !== undefined && ['answered', 'failed', 'left'].includes(outcome),
            outcome ?? 'left hanging',
          );
        }
      }),
    )).timeout(patienceMs);
});
