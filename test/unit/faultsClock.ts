import { setImmediate } from 'node:timers/promises';
import { type Clock, systemClock } from '../../src/cloudflare/clock';

const oneDayMs = 86_400_000;
/** Real milliseconds after which something counts as hanging; far beyond every deadline that a fault sets. */
const patienceMs = 600;

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** Time that passes only while nothing is under way: a wait takes no time, but is counted. */
export class SkippingClock implements Clock {
  private time = 0;
  private readonly timers = new Set<Timer>();

  constructor(private readonly isBusy: () => boolean) {}

  now(): number {
    return this.time;
  }

  after(milliseconds: number, callback: () => void): () => void {
    const timer = { at: this.time + milliseconds, callback };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  get pending(): number {
    return this.timers.size;
  }

  /** The computer sleeps: the time is another, and timers go off late. */
  leap(milliseconds: number): void {
    this.time += milliseconds;
  }

  /** Lets things happen, with sockets and all, until a promise is settled; throws if that takes a day, or for ever. */
  async drive<T>(work: Promise<T>): Promise<T> {
    const state = { isDone: false };
    const done = () => (state.isDone = true);
    work.then(done, done);
    const [start, started] = [this.time, performance.now()];
    while (!state.isDone) {
      await setImmediate();
      if (this.time - start > oneDayMs) {
        throw new Error('It waits for more than a day');
      }
      if (performance.now() - started > patienceMs) {
        throw new Error('It hangs');
      }
      if (!this.isBusy()) {
        this.skip();
      }
    }
    return work;
  }

  private skip(): void {
    const next = [...this.timers].reduce<Timer | undefined>((a, b) => (a && a.at <= b.at ? a : b), undefined);
    if (next !== undefined) {
      this.timers.delete(next);
      this.time = Math.max(this.time, next.at);
      next.callback();
    }
  }
}

/** Real time, with the timers counted that are set. */
export class CountingClock implements Clock {
  pending = 0;

  now(): number {
    return systemClock.now();
  }

  after(milliseconds: number, callback: () => void): () => void {
    let isPending = true;
    this.pending++;
    const over = () => {
      this.pending -= isPending ? 1 : 0;
      isPending = false;
    };
    const cancel = systemClock.after(milliseconds, () => {
      over();
      callback();
    });
    return () => {
      over();
      cancel();
    };
  }
}

/** Waits, in real time and briefly, until something holds; says whether it does. */
export async function becomes(condition: () => boolean): Promise<boolean> {
  const started = performance.now();
  while (!condition() && performance.now() - started < patienceMs) {
    await setImmediate();
  }
  return condition();
}
