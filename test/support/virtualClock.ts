import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../src/cloudflare/clock';
import { patience } from '../../tools/patience.mts';

const oneDayMs = 86_400_000;
/** If nothing happens for this many turns and this long, the work hangs. */
const manyTurns = 10_000;
const momentMs = patience(1000);
/** Real milliseconds for all work: a little less than mocha's limit. */
const longestMs = patience(50_000);

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** A clock that only a test moves: no real time passes in pauses. */
export class VirtualClock implements Clock {
  private readonly timers = new Set<Timer>();

  /**
   * @param isBusy Whether something is under way that takes real time, such as a response: the clock stands still meanwhile.
   * @param time The time at the start, ms.
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

  /** Timers that are set. */
  get pending(): number {
    return this.timers.size;
  }

  /**
   * Waits until a promise is settled, jumping from timer to timer meanwhile. Throws if that takes a day of this clock, or if the work hangs:
   * nothing is under way and no timer is set.
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

  /** Moves the time by some milliseconds, and runs the timers that are due. */
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

  /** Moves the time without running timers, as when the computer sleeps. */
  leap(milliseconds: number): void {
    this.time += milliseconds;
  }

  /** Moves the time to the next timer and runs it. @returns False if no timer is set. */
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
