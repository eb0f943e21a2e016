import type { NetworkProblem } from './networkProblem';

/**
 * Why a request gave no usable answer. The words that a person reads for each are in ui/; here are only facts.
 * - `network`: no answer came; `networkCode` is Node's (`ECONNREFUSED`, `ENOTFOUND` …), `networkProblem` what it means.
 * - `timeout`: the deadline over headers and body passed.
 * - `redirect`: the answer points elsewhere; it is never followed, since it would carry the credential along.
 * - `tooLarge`, `notJson`, `tooDeep`, `tooMany`, `unexpectedShape`: an answer that cannot be read, and in which way.
 * - `edge`: Cloudflare's edge, a proxy or a gateway answered in place of the API: a page for browsers, or JSON that is no envelope.
 * - `unauthorized`: the credential is not known or no longer good. `forbidden`: it lacks a permission.
 * - `notFound`, `rateLimited`, `server`, `refused`: an error envelope with status 404, 429, 5xx, or any other.
 * - `otherOrigin`: nothing was sent, because the credential was verified against another address.
 */
export type FailureReason =
  | 'network'
  | 'timeout'
  | 'redirect'
  | 'tooLarge'
  | 'notJson'
  | 'tooDeep'
  | 'tooMany'
  | 'unexpectedShape'
  | 'edge'
  | 'unauthorized'
  | 'forbidden'
  | 'notFound'
  | 'rateLimited'
  | 'server'
  | 'refused'
  | 'otherOrigin';

export interface Failure {
  readonly reason: FailureReason;
  /** What was asked, with placeholders for ids: `GET /accounts/{account_id}/…`. Safe to show and to log. */
  readonly endpoint: string;
  /** HTTP status, where an answer came. */
  readonly status?: number | undefined;
  /** Cloudflare's `cf-ray`, which its support can look up. */
  readonly ray?: string | undefined;
  /** Bytes of the body that came, after decompression, where it did not come to its end. */
  readonly bytes?: number | undefined;
  /** The first error of the envelope: its code, and its text, which is untrusted. */
  readonly code?: number | undefined;
  readonly apiMessage?: string | undefined;
  /** The first error's `documentation_url`, untrusted. */
  readonly documentationUrl?: string | undefined;
  /** Node's code of a connection error, or what a proxy answered. */
  readonly networkCode?: string | undefined;
  /** What the connection error means. */
  readonly networkProblem?: NetworkProblem | undefined;
  /** Seconds until it makes sense to ask again, from `Retry-After`. */
  readonly retryAfterSeconds?: number | undefined;
}

/** The only error that leaves this folder, apart from the abort reason of a caller's own signal. */
export class CloudflareError extends Error {
  constructor(
    readonly failure: Failure,
    options?: ErrorOptions,
  ) {
    const { endpoint, reason, status, code } = failure;
    const facts = [status && `status ${status}`, code && `code ${code}`, failure.networkCode]
      .filter(Boolean)
      .join(', ');
    super(`${endpoint}: ${reason}${facts && ` (${facts})`}`, options);
    this.name = 'CloudflareError';
  }

  get reason(): FailureReason {
    return this.failure.reason;
  }
}

/** With status 403: Cloudflare does not know the API key, or not with that email. */
export const unknownKeyCode = 9103;

/** Which failure an error answer is, by status and the code of its first error (codes: public reports, see README). */
export function reasonForStatus(status: number, code: number | undefined): FailureReason {
  if (
    status === 401 ||
    (status === 400 && (code === 6003 || code === 6111 || code === 1001)) ||
    (status === 403 && code === unknownKeyCode)
  ) {
    return 'unauthorized';
  }
  if (status === 403) {
    return 'forbidden';
  }
  if (status === 404) {
    return 'notFound';
  }
  if (status === 429) {
    return 'rateLimited';
  }
  return status >= 500 ? 'server' : 'refused';
}

/** Whether Cloudflare answered, and said no to the credential: an answer about it, and not about the network. */
export function isRefusal(error: unknown): boolean {
  if (!(error instanceof CloudflareError)) {
    return false;
  }
  const { reason, status = 0 } = error.failure;
  // `success: false` with status 200 is an answer gone wrong, and says nothing of the credential.
  return ['unauthorized', 'forbidden', 'notFound'].includes(reason) || (reason === 'refused' && status >= 400);
}
