/**
 * Milliseconds to wait, from `Retry-After`: seconds, or an HTTP date. A date is measured against the answer's own `Date`, so that a
 * wrong clock on this machine changes nothing. Undefined where there is none, or none that can be read.
 */
export function retryAfterMs(headers: Headers, wallClock: () => number = Date.now): number | undefined {
  const value = headers.get('retry-after')?.trim();
  if (value === undefined || value === '') {
    return undefined;
  }
  if (/^\d+$/.test(value)) {
    return Math.min(Number(value) * 1000, Number.MAX_SAFE_INTEGER);
  }
  // `Date.parse` takes almost anything for a date, `-5` among it.
  const until = value.endsWith(' GMT') ? Date.parse(value) : NaN;
  const sent = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(until) ? undefined : Math.max(0, until - (Number.isNaN(sent) ? wallClock() : sent));
}
