import { type Clock, sleep } from './clock';
import { CloudflareError } from './errors';
import { isLasting } from './networkProblem';
import { retryAfterMs } from './rateLimitHeaders';
import type { Answer } from './request';

/** The outcome of one attempt at a request. */
export type Attempt = { readonly answer: Answer } | { readonly error: unknown };

/**
 * Whether a GET request is worth repeating: after connection errors and timeouts, 408, 429, 5xx, and an HTML page in place of JSON. Not
 * after any other 4xx, an answer with the wrong content, or a problem with a certificate or a proxy.
 */
export function isRetryable(attempt: Attempt): boolean {
  if ('error' in attempt) {
    const { error } = attempt;
    return (
      error instanceof CloudflareError &&
      ['network', 'timeout'].includes(error.reason) &&
      !isLasting(error.failure.networkProblem)
    );
  }
  const { status, headers, text } = attempt.answer;
  const isPage = status < 400 && /^text\/html\b/i.test(headers.get('content-type') ?? '') && !/^\s*\{/.test(text);
  return status === 408 || status === 429 || status >= 500 || isPage;
}

/** Whether a kept-alive connection was closed as it was reused: that says nothing about the server. */
function isConnectionReset(attempt: Attempt): boolean {
  const code =
    'error' in attempt && attempt.error instanceof CloudflareError ? attempt.error.failure.networkCode : undefined;
  return code === 'ECONNRESET' || code === 'EPIPE' || code === 'UND_ERR_SOCKET';
}

const baseDelayMs = 500;
const maxDelayMs = 8000;
/** The longest pause before a retry, whatever `Retry-After` says, except after a 429. */
const longestPauseMs = 60_000;

/** Milliseconds before a retry, `retry` counted from 0: exponential with full jitter. `random` returns 0 to 1. */
export function backoffMs(retry: number, random: () => number): number {
  return random() * Math.min(maxDelayMs, baseDelayMs * 2 ** retry);
}

/** A 429 needs no pause here: the queue holds the request back until the rate limit allows it. */
function pauseMs(attempt: Attempt, retry: number, random: () => number): number {
  if ('answer' in attempt) {
    const { status, headers } = attempt.answer;
    return status === 429 ? 0 : Math.min(retryAfterMs(headers) ?? backoffMs(retry, random), longestPauseMs);
  }
  return backoffMs(retry, random);
}

/** Size of the token bucket, and the tokens that a request adds that needed no retry. */
const capacity = 10;
const refill = 0.1;

/**
 * Repeats requests. A token bucket that all requests share, as in the standard retry mode of the AWS SDKs, keeps retries from multiplying
 * the load in an outage: of any number of requests at most 10 % plus 10 are sent again.
 */
export class Retries {
  private tokens = capacity;

  constructor(
    private readonly clock: Clock,
    /** Returns 0 to 1. */
    private readonly random: () => number,
    /** Retries of one request at most. */
    private readonly maxRetries: number,
  ) {}

  /** Makes attempts until one is not worth repeating, or no retry is left. @returns The last answer; throws the last error. */
  async run(attempt: () => Promise<Attempt>, signal: AbortSignal): Promise<Answer> {
    let wasReset = false;
    for (let retry = 0; ; retry++) {
      const outcome = await attempt();
      if (!isRetryable(outcome)) {
        if (retry === 0) {
          this.tokens = Math.min(capacity, this.tokens + refill);
        }
        return answerOf(outcome);
      }
      if (retry === this.maxRetries || this.tokens < 1) {
        return answerOf(outcome);
      }
      this.tokens--;
      if (isConnectionReset(outcome) && !wasReset) {
        // The first reset is followed by a new connection at once.
        wasReset = true;
        continue;
      }
      const milliseconds = pauseMs(outcome, retry, this.random);
      if (milliseconds > 0) {
        await sleep(this.clock, milliseconds, signal);
      }
    }
  }
}

function answerOf(attempt: Attempt): Answer {
  if ('error' in attempt) {
    throw attempt.error;
  }
  return attempt.answer;
}
