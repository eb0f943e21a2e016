import { CloudflareError } from './errors';
import { isLasting } from './networkProblem';
import type { Answer } from './transport';

const baseDelayMs = 500;
const maxDelayMs = 8000;

/** What an attempt came to. */
export type Attempt = { readonly answer: Answer } | { readonly error: unknown };

/**
 * Whether a GET that went like this is worth repeating: connection errors and timeouts, 408, 429, 5xx, and pages for browsers in
 * place of an answer. Never another 4xx, never an answer that is merely wrong, never what a certificate or a proxy forbids.
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

/** Whether a kept connection was closed just as it was used again, which says nothing of the server. */
export function isConnectionReset(attempt: Attempt): boolean {
  const code =
    'error' in attempt && attempt.error instanceof CloudflareError ? attempt.error.failure.networkCode : undefined;
  return code === 'ECONNRESET' || code === 'EPIPE' || code === 'UND_ERR_SOCKET';
}

/** Milliseconds before retry number `retry`, counted from 0: exponential, with full jitter. `random` gives 0 to 1. */
export function backoffMs(retry: number, random: () => number = Math.random): number {
  return random() * Math.min(maxDelayMs, baseDelayMs * 2 ** retry);
}

/** Retries that are in the bucket at most, and what each request that needed none puts back. */
const capacity = 10;
const refill = 0.1;

/**
 * A token bucket for the retries of all requests together, after the AWS SDKs' standard mode: an outage is not multiplied. Over any
 * stretch the requests sent stay within 1.1 times those needed, and 10.
 */
export class RetryBudget {
  private tokens = capacity;

  /** Whether one more retry may be sent. */
  take(): boolean {
    if (this.tokens < 1) {
      return false;
    }
    this.tokens--;
    return true;
  }

  /** A request was answered at its first attempt. */
  onFirstAnswer(): void {
    this.tokens = Math.min(capacity, this.tokens + refill);
  }
}
