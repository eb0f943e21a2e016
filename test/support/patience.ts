/**
 * The one factor on what real time remains in the tests: `TEST_PATIENCE=3` lets a machine take three times as long
 * before a test counts as hung. No result depends on it.
 */
const factor = Number(process.env.TEST_PATIENCE ?? 1);

if (!(factor > 0)) {
  throw new Error(`TEST_PATIENCE has to be a number above 0, not "${process.env.TEST_PATIENCE ?? ''}".`);
}

/** Milliseconds of real time, scaled by TEST_PATIENCE (default 1). */
export function patience(milliseconds: number): number {
  return milliseconds * factor;
}
