import fc from 'fast-check';

const { FAST_CHECK_RUNS, FAST_CHECK_SEED, FAST_CHECK_PATH } = process.env;

/**
 * Tries a property with 1,000 random cases (`FAST_CHECK_RUNS`). A failure prints seed and path; with these in `FAST_CHECK_SEED` and
 * `FAST_CHECK_PATH` it comes again.
 */
export function holds<T>(property: fc.IRawProperty<T>): Promise<void> {
  return Promise.resolve(
    fc.assert(property, {
      numRuns: Number(FAST_CHECK_RUNS ?? 1000),
      ...(FAST_CHECK_SEED === undefined ? {} : { seed: Number(FAST_CHECK_SEED) }),
      ...(FAST_CHECK_PATH === undefined ? {} : { path: FAST_CHECK_PATH }),
    }),
  );
}

/** Milliseconds for one property: the bench tries ten times as many cases. */
export const patienceMs = 120_000;
