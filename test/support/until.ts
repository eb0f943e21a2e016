import { setImmediate } from 'node:timers/promises';
import { patience } from './patience';

/** Milliseconds of real time after which what does not come is given up: far more than anything takes. */
const longEnoughMs = patience(10_000);

/**
 * Waits, turn by turn of the event loop, until `look` gives something, and gives that.
 * @param what It, in words, for the error that says that it never came.
 */
export async function until<T>(what: string, look: () => T): Promise<NonNullable<T>> {
  const started = performance.now();
  for (;;) {
    const seen = look();
    if (seen) {
      return seen;
    }
    if (performance.now() - started > longEnoughMs) {
      throw new Error(`In ${longEnoughMs / 1000} seconds there was no sign of this: ${what}`);
    }
    await setImmediate();
  }
}
