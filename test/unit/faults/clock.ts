import { setImmediate } from 'node:timers/promises';
import { type Clock, systemClock } from '../../../src/cloudflare/clock';
import { VirtualClock } from '../../support/virtualClock';

const oneDayMs = 86_400_000;
/** Real milliseconds after which something counts as hanging; far beyond every deadline that a fault sets. */
const patienceMs = 600;

/** Time that passes only while nothing is under way: a wait takes no time, but is counted. */
export class SkippingClock extends VirtualClock {
  constructor(private readonly isBusy: () => boolean) {
    super();
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
        this.jump();
      }
    }
    return work;
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
