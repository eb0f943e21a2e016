import type { NetworkProblem } from './networkProblem';

/**
 * Why a request gave no usable answer. The messages for the user are in ui/.
 * - `network`: no response; `networkCode` is Node's (`ECONNREFUSED`, `ENOTFOUND` …), `networkProblem` its meaning.
 * - `timeout`: the deadline for headers and body has passed.
 * - `redirect`: the response is a redirect. It is never followed, since the credential would go along.
 * - `tooLarge`, `notJson`, `tooDeep`, `tooMany`, `unexpectedShape`: the response cannot be read.
 * - `edge`: Cloudflare's edge, a proxy or a gateway answered instead of the API: an HTML page, or JSON that is no envelope.
 * - `unauthorized`: the credential is unknown or no longer valid. `forbidden`: it may lack a permission.
 * - `location`: the credential is limited to other IP addresses. `notEnabled`: the account has no Zero Trust organization.
 * - `notFound`, `rateLimited`, `server`, `refused`: an error envelope with status 404, 429, 5xx, or any other status.
 * - `otherOrigin`: nothing was sent, because the credential was verified against another origin.
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
  | 'location'
  | 'notEnabled'
  | 'notFound'
  | 'rateLimited'
  | 'server'
  | 'refused'
  | 'otherOrigin';

export interface ApiMessage {
  readonly code: number | undefined;
  readonly message: string | undefined;
}

export interface Failure {
  readonly reason: FailureReason;
  /** Method and path with placeholders for ids, safe to show and to log: `GET /accounts/{account_id}/…`. */
  readonly endpoint: string;
  /** HTTP status, if a response came. */
  readonly status?: number | undefined;
  /** The response's `cf-ray`, which Cloudflare's support can look up. */
  readonly ray?: string | undefined;
  /** Bytes of the body after decompression, if it broke off or was too large. */
  readonly bytes?: number | undefined;
  /** Code of the first error in the envelope. */
  readonly code?: number | undefined;
  /** Message of the first error in the envelope; untrusted. */
  readonly apiMessage?: string | undefined;
  /** `error_chain` of the first error: what caused it; untrusted. */
  readonly causes?: readonly ApiMessage[] | undefined;
  /** Host of the redirect's `Location`; untrusted. */
  readonly redirectHost?: string | undefined;
  /** `documentation_url` of the first error in the envelope; untrusted. */
  readonly documentationUrl?: string | undefined;
  /** Node's code of a connection error, or `HTTP` and the status of a proxy. */
  readonly networkCode?: string | undefined;
  readonly networkProblem?: NetworkProblem | undefined;
  /** Seconds to wait by `Retry-After`. */
  readonly retryAfterSeconds?: number | undefined;
}

/** The only error that requests throw, apart from InvalidBaseUrlError and the reason of the caller's signal. */
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

/** With status 403: Cloudflare does not know the API key, or not with this email. */
export const unknownKeyCode = 9103;

/** The permission that lists of identity providers and users need, as the dashboard names it. */
export const requiredPermission = 'Access: Organizations, Identity Providers, and Groups Read';

/** The permission that a refused request needs. The SCIM update log has its own. */
export function permissionFor({ endpoint }: Pick<Failure, 'endpoint'>): string {
  return endpoint.endsWith('/access/logs/scim/updates') ? 'Access: SCIM Logs Read' : requiredPermission;
}

/** Whether Cloudflare refused the credential or its permissions. A network error says nothing about the credential. */
export function isRefusal(error: unknown): boolean {
  if (!(error instanceof CloudflareError)) {
    return false;
  }
  const { reason, status = 0 } = error.failure;
  // `success: false` with status 200 is a broken answer, and no refusal.
  return ['unauthorized', 'forbidden', 'notFound'].includes(reason) || (reason === 'refused' && status >= 400);
}
