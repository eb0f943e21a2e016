import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../src/cloudflare/clock';

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** A clock that stands still until a test moves it; nothing really waits. */
export class VirtualClock implements Clock {
  private readonly timers = new Set<Timer>();

  /** @param time Milliseconds that the clock shows at first. */
  constructor(protected time = 0) {}

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

  /** Lets everything happen until a promise is settled, jumping from timer to timer. */
  async run<T>(work: Promise<T>): Promise<T> {
    const state = { isDone: false };
    const done = () => (state.isDone = true);
    work.then(done, done);
    for (;;) {
      await setImmediate();
      if (state.isDone) {
        return work;
      }
      this.jump();
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

  /** To the next timer, which goes off; late ones where the time is beyond theirs. */
  protected jump(): void {
    const next = this.next();
    if (next === undefined) {
      return;
    }
    this.time = Math.max(this.time, next.at);
    this.timers.delete(next);
    next.callback();
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
