import fc from 'fast-check';
import { patience } from '../../tools/patience.mts';

const { FAST_CHECK_RUNS, FAST_CHECK_SEED, FAST_CHECK_PATH } = process.env;

/**
 * Tries a property with random cases: as many as `runs`, or `FAST_CHECK_RUNS`. A failure prints seed and path; with these in
 * `FAST_CHECK_SEED` and `FAST_CHECK_PATH` it comes again.
 */
export function holds<T>(property: fc.IRawProperty<T>, runs = 1000): Promise<void> {
  return Promise.resolve(
    fc.assert(property, {
      numRuns: Number(FAST_CHECK_RUNS ?? runs),
      ...(FAST_CHECK_SEED === undefined ? {} : { seed: Number(FAST_CHECK_SEED) }),
      ...(FAST_CHECK_PATH === undefined ? {} : { path: FAST_CHECK_PATH }),
    }),
  );
}

/** Milliseconds for one property: the bench tries ten times as many cases and more. */
export const patienceMs = patience(300_000);
