import { setImmediate, setTimeout } from 'node:timers/promises';
import { patience } from '../../tools/patience.mts';

/** Milliseconds of real time after which a condition counts as one that never holds. */
const longEnoughMs = patience(60_000);

/** Looks in as many turns of the event loop, then the next ones with pauses, which leave the processor to what is waited for. */
const turns = 10;
const pauseMs = 20;

/**
 * Waits until `look` gives something, and gives that.
 * @param what It, in words, for the error that says that it never came.
 */
export async function until<T>(what: string, look: () => T | Promise<T>): Promise<NonNullable<T>> {
  const started = performance.now();
  for (let looks = 1; ; looks++) {
    const seen = await look();
    if (seen) return seen;
    if (performance.now() - started > longEnoughMs) {
      throw new Error(`In ${longEnoughMs / 1000} seconds there was no sign of this: ${what}`);
    }
    await (looks < turns ? setImmediate() : setTimeout(pauseMs));
  }
}
