import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../src/cloudflare/clock';
import { patience } from '../../tools/patience.mts';

const oneDayMs = 86_400_000;
/** What is quiet for both has nothing left that could go on by itself. */
const manyTurns = 10_000;
const momentMs = patience(1000);
/** Real milliseconds in which everything ends that ends at all: a little less than mocha's limit. */
const longestMs = patience(50_000);

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** A clock that stands still until a test moves it; nothing really waits. */
export class VirtualClock implements Clock {
  private readonly timers = new Set<Timer>();

  /**
   * @param isBusy Whether something happens that takes no time, such as an answer on its way: time passes only while nothing does.
   * @param time Milliseconds that the clock shows at first.
   */
  constructor(
    private readonly isBusy: () => boolean = () => false,
    private time = 0,
  ) {}

  now(): number {
    return this.time;
  }

  after(milliseconds: number, callback: () => void): () => void {
    const timer = { at: this.time + milliseconds, callback };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  /** Timers that were set and have not gone off. */
  get pending(): number {
    return this.timers.size;
  }

  /**
   * Lets everything happen until a promise is settled, jumping from timer to timer. Throws if that takes a day of this clock, or hangs:
   * for many turns of the event loop, and more than a moment, nothing is under way and no timer is set.
   */
  async run<T>(work: Promise<T>): Promise<T> {
    const state = { isDone: false };
    const done = () => (state.isDone = true);
    work.then(done, done);
    const [from, started] = [this.time, performance.now()];
    let [quietTurns, quietSince] = [0, performance.now()];
    for (;;) {
      await setImmediate();
      if (state.isDone) {
        return work;
      }
      if (this.time - from > oneDayMs) {
        throw new Error('It waits for more than a day');
      }
      if (performance.now() - started > longestMs) {
        throw new Error('It is busy for ever');
      }
      if (this.isBusy() || this.jump()) {
        quietTurns = 0;
      } else if (quietTurns++ === 0) {
        quietSince = performance.now();
      } else if (quietTurns > manyTurns && performance.now() - quietSince > momentMs) {
        throw new Error('It hangs: nothing is under way, and no timer is set');
      }
    }
  }

  /** Moves on by some milliseconds, timers on the way included. */
  async move(milliseconds: number): Promise<void> {
    const until = this.time + milliseconds;
    for (;;) {
      await setImmediate();
      const next = this.next();
      if (next === undefined || next.at > until) {
        break;
      }
      this.jump();
    }
    this.time = until;
    await setImmediate();
  }

  /** The computer sleeps: the time is another, and timers go off late. */
  leap(milliseconds: number): void {
    this.time += milliseconds;
  }

  /** To the next timer, which goes off; late ones where the time is beyond theirs. False where there is none. */
  private jump(): boolean {
    const next = this.next();
    if (next === undefined) {
      return false;
    }
    this.time = Math.max(this.time, next.at);
    this.timers.delete(next);
    next.callback();
    return true;
  }

  private next(): Timer | undefined {
    let earliest: Timer | undefined;
    for (const timer of this.timers) {
      if (earliest === undefined || timer.at < earliest.at) {
        earliest = timer;
      }
    }
    return earliest;
  }
}
