import type { Item, parseList } from 'structured-headers';

/** What an answer says of one limit; every part may be missing. */
export interface ReportedLimit {
  /** Requests left in the window (`Ratelimit`, r). */
  readonly remaining: number | undefined;
  /** Seconds until the next window (`Ratelimit`, t). */
  readonly resetSeconds: number | undefined;
  /** Requests in a whole window (`Ratelimit-Policy`, q). */
  readonly quota: number | undefined;
  /** Seconds of a whole window (`Ratelimit-Policy`, w). */
  readonly windowSeconds: number | undefined;
}

/**
 * The limits of an answer, by `Ratelimit: "default";r=50;t=30` and `Ratelimit-Policy: "default";q=100;w=60`: lists of structured
 * fields (RFC 9651), joined by name. Headers that cannot be read say nothing.
 */
export function reportedLimits(headers: Headers, parse: typeof parseList): ReportedLimit[] {
  const now = parameters(headers.get('ratelimit'), parse);
  const policy = parameters(headers.get('ratelimit-policy'), parse);
  return [...new Set([...now.keys(), ...policy.keys()])].map((name) => ({
    remaining: now.get(name)?.('r'),
    resetSeconds: now.get(name)?.('t'),
    quota: policy.get(name)?.('q'),
    windowSeconds: policy.get(name)?.('w'),
  }));
}

type Read = (parameter: string) => number | undefined;

function parameters(header: string | null, parse: typeof parseList): Map<string, Read> {
  try {
    const items = parse(header ?? '') as Item[];
    return new Map(items.map(([name, values]) => [String(name), (parameter) => amount(values.get(parameter))]));
  } catch {
    return new Map();
  }
}

function amount(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 && Number.isFinite(value) ? value : undefined;
}

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
