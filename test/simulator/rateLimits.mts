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

/** Counts requests per credential and writes the headers that say how many are left. */
export class RateLimits {
  readonly #windows = new Map<string, Window>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The headers of an answer that is not counted. */
  static get freeHeaders(): Record<string, string> {
    return headers(quota - 1, windowSeconds);
  }

  /** Counts one request of a credential: the headers for its answer and, past the quota, the refusal. */
  count(credential: string): { headers: Record<string, string>; refusal?: Answer } {
    const now = this.#now();
    let window = this.#windows.get(credential);
    if (!window || now >= window.endsAt) {
      window = { endsAt: now + windowSeconds * 1000, used: 0, isBlocked: false };
    }

    window.used += 1;
    if (window.used > quota && !window.isBlocked) {
      window = { endsAt: now + windowSeconds * 1000, used: window.used, isBlocked: true };
    }
    this.#windows.set(credential, window);

    const seconds = Math.ceil((window.endsAt - now) / 1000);
    const answerHeaders = headers(Math.max(0, quota - window.used), seconds);
    return window.isBlocked
      ? { headers: answerHeaders, refusal: tooManyRequests(String(seconds)) }
      : { headers: answerHeaders };
  }
}

/** A 429 as Cloudflare words it; `Retry-After` in seconds or as an HTTP date, or left out. */
export function tooManyRequests(retryAfter: string | undefined): Answer {
  const answer = failure(429, { code: 971, message: 'Please wait and consider throttling your request speed' });
  return retryAfter === undefined ? answer : { ...answer, headers: { ...answer.headers, 'retry-after': retryAfter } };
}

function headers(remaining: number, seconds: number): Record<string, string> {
  return {
    ratelimit: `"default";r=${remaining};t=${seconds}`,
    'ratelimit-policy': `"default";q=${quota};w=${windowSeconds}`,
  };
}
