import { failure, type Answer } from './envelope.mts';

/** 1,200 requests in 5 minutes for a credential; one too many and every call is refused for the next 5 minutes. */
export const quota = 1200;
export const windowSeconds = 300;

interface Window {
  /** When the window ends and a new one may begin (Unix time in milliseconds). */
  readonly endsAt: number;
  used: number;
  isBlocked: boolean;
}

/**
 * What is counted: `cloudflare` in fixed windows, `sliding` in a window that each request leaves after its length, `off` with a quota that
 * nobody reaches.
 */
export type RateLimitMode = 'off' | 'cloudflare' | 'sliding';

const quotaIfOff = 1_000_000;

/** Counts requests per credential and writes the headers that say how many are left. */
export class RateLimits {
  readonly #windows = new Map<string, Window>();
  /** When the requests in the sliding window of a credential came (Unix time in milliseconds). */
  readonly #times = new Map<string, number[]>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Counts one request of a credential: the headers for its answer and, past the quota, the refusal. */
  count(credential: string, mode: RateLimitMode = 'cloudflare'): { headers: Record<string, string>; refusal?: Answer } {
    return mode === 'sliding' ? this.#countSliding(credential) : this.#countFixed(credential, mode);
  }

  #countFixed(credential: string, mode: RateLimitMode): { headers: Record<string, string>; refusal?: Answer } {
    const now = this.#now();
    const most = mode === 'off' ? quotaIfOff : quota;
    const key = `${mode} ${credential}`;
    let window = this.#windows.get(key);
    if (!window || now >= window.endsAt) {
      window = { endsAt: now + windowSeconds * 1000, used: 0, isBlocked: false };
    }

    window.used += 1;
    if (window.used > most && !window.isBlocked) {
      window = { endsAt: now + windowSeconds * 1000, used: window.used, isBlocked: true };
    }
    this.#windows.set(key, window);

    const seconds = Math.ceil((window.endsAt - now) / 1000);
    const answerHeaders = headers(most, most - window.used, seconds);
    return window.isBlocked && mode !== 'off'
      ? { headers: answerHeaders, refusal: tooManyRequests(String(seconds)) }
      : { headers: answerHeaders };
  }

  #countSliding(credential: string): { headers: Record<string, string>; refusal?: Answer } {
    const now = this.#now();
    const times = (this.#times.get(credential) ?? []).filter((time) => time > now - windowSeconds * 1000);
    this.#times.set(credential, times);
    times.push(now);
    const answerHeaders = headers(quota, quota - times.length, windowSeconds);
    return times.length > quota
      ? { headers: answerHeaders, refusal: tooManyRequests(String(windowSeconds)) }
      : { headers: answerHeaders };
  }
}

/** A 429 as Cloudflare words it; `Retry-After` in seconds or as an HTTP date, or left out. */
export function tooManyRequests(retryAfter: string | undefined): Answer {
  const answer = failure(429, { code: 971, message: 'Please wait and consider throttling your request speed' });
  return retryAfter === undefined ? answer : { ...answer, headers: { ...answer.headers, 'retry-after': retryAfter } };
}

function headers(quota: number, remaining: number, seconds: number): Record<string, string> {
  return {
    ratelimit: `"default";r=${Math.max(0, remaining)};t=${seconds}`,
    'ratelimit-policy': `"default";q=${quota};w=${windowSeconds}`,
  };
}
