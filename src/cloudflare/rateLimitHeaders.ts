import { type Item, parseList } from 'structured-headers';

/** What an answer says of one limit; every part may be missing. */
export interface ReportedLimit {
  readonly name: string;
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

type Read = (parameter: string) => number | undefined;

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
