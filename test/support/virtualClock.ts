import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../src/cloudflare/clock';
import { longEnoughMs } from './until';

const oneDayMs = 86_400_000;

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** A clock that stands still until a test moves it; nothing really waits. */
export class VirtualClock implements Clock {
  private time = 0;
  private readonly timers = new Set<Timer>();

  /** @param isBusy Whether something happens that takes no time, such as an answer on its way: time passes only while nothing does. */
  constructor(private readonly isBusy: () => boolean = () => false) {}

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

  /** Lets everything happen until a promise is settled, jumping from timer to timer; throws if that takes a day, or never comes. */
  async run<T>(work: Promise<T>): Promise<T> {
    const state = { isDone: false };
    const done = () => (state.isDone = true);
    work.then(done, done);
    const [from, started] = [this.time, performance.now()];
    for (;;) {
      await setImmediate();
      if (state.isDone) {
        return work;
      }
      if (this.time - from > oneDayMs) {
        throw new Error('It waits for more than a day');
      }
      if (performance.now() - started > longEnoughMs) {
        throw new Error(`It hangs, with ${this.pending} timers set, ${this.isBusy() ? 'busy' : 'nothing under way'}`);
      }
      if (!this.isBusy()) {
        this.jump();
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

  /** To the next timer, which goes off; late ones where the time is beyond theirs. */
  private jump(): void {
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
