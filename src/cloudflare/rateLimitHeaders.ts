import { type Item, parseList } from 'structured-headers';

/** What a response says about one rate limit; any part may be missing. */
export interface ReportedLimit {
  readonly name: string;
  /** Requests left in the window (`Ratelimit`, parameter r). */
  readonly remaining: number | undefined;
  /** Seconds until the next window (`Ratelimit`, parameter t). */
  readonly resetSeconds: number | undefined;
  /** Requests in a whole window (`Ratelimit-Policy`, parameter q). */
  readonly quota: number | undefined;
  /** Length of a window in seconds (`Ratelimit-Policy`, parameter w). */
  readonly windowSeconds: number | undefined;
}

/**
 * Reads `Ratelimit: "default";r=50;t=30` and `Ratelimit-Policy: "default";q=100;w=60`, which are lists of structured fields (RFC 9651),
 * and joins them by name. A header that cannot be parsed is ignored.
 */
export function reportedLimits(headers: Headers): ReportedLimit[] {
  const now = parameters(headers.get('ratelimit'));
  const policy = parameters(headers.get('ratelimit-policy'));
  return [...new Set([...now.keys(), ...policy.keys()])].map((name) => ({
    name,
    remaining: now.get(name)?.('r'),
    resetSeconds: now.get(name)?.('t'),
    quota: policy.get(name)?.('q'),
    windowSeconds: policy.get(name)?.('w'),
  }));
}

/** The value of a parameter. */
type Read = (parameter: string) => number | undefined;

/** The items of a header by their names. */
function parameters(header: string | null): Map<string, Read> {
  try {
    const items = parseList(header ?? '') as Item[];
    return new Map(items.map(([name, values]) => [String(name), (parameter) => amount(values.get(parameter))]));
  } catch {
    return new Map();
  }
}

function amount(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 && Number.isFinite(value) ? value : undefined;
}

/**
 * Milliseconds to wait by `Retry-After`, which has seconds or an HTTP date; undefined if the header is missing or malformed. A date is
 * compared with the response's own `Date`, so a wrong system time does not matter.
 */
export function retryAfterMs(headers: Headers, wallClock: () => number = Date.now): number | undefined {
  const value = headers.get('retry-after')?.trim();
  if (value === undefined || value === '') {
    return undefined;
  }
  // RFC 9110 has whole seconds only, but some gateways send fractions.
  if (/^\d+(\.\d+)?$/.test(value)) {
    return Math.min(Math.ceil(Number(value) * 1000), Number.MAX_SAFE_INTEGER);
  }
  // `Date.parse` accepts almost anything, for example `-5`; an HTTP date ends with GMT.
  const until = value.endsWith(' GMT') ? Date.parse(value) : NaN;
  const sent = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(until) ? undefined : Math.max(0, until - (Number.isNaN(sent) ? wallClock() : sent));
}
