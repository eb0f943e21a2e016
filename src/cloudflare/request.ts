import type { Authorization } from './credential';

/** A GET request to the API. */
export interface ApiRequest {
  /** Method and path with placeholders for ids, for messages and the log: `GET /accounts/{account_id}/…`. */
  readonly endpoint: string;
  /** The path below the base URL, its parts encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authorization: Authorization;
}

/**
 * `interactive`: the user is waiting. These requests go before `bulk` ones, which also leave a reserve of the rate limit unused. `verification`
 * of a credential goes first, since it decides about pending requests.
 */
export type Priority = 'verification' | 'interactive' | 'bulk';

export interface SendOptions {
  /** Default: `interactive`. */
  readonly priority?: Priority;
  readonly signal?: AbortSignal | undefined;
}

/** An HTTP response whose body was read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The body, decoded as UTF-8. */
  readonly text: string;
  /** Bytes of the body after decompression. */
  readonly bytes: number;
}

/** One attempt at a request, for the log. Only the query may hold personal data; the log masks it. */
export interface Exchange {
  readonly endpoint: string;
  readonly query: URLSearchParams;
  /** The HTTP status; or a network code or failure reason, with the status if one came; or `cancelled`. */
  readonly outcome: string;
  readonly milliseconds: number;
  /** Bytes of the body after decompression; 0 without a body. */
  readonly bytes: number;
  readonly ray: string | undefined;
  /** Requests left in the credential's rate-limit window, the smallest number if the response names several. */
  readonly remaining: number | undefined;
}

/** The least time that a number of bulk requests takes, ms. */
export interface BulkDuration {
  /** The part of it that is spent waiting for rate-limit windows. */
  readonly waitMs: number;
  readonly totalMs: number;
  /** Requests that may be sent before a wait. */
  readonly now: number;
  /** The wait before the next request, and whether it only keeps the reserve. */
  readonly pauseMs: number;
  readonly isKept: boolean;
}

export interface ClientEvents {
  /** An attempt at a request has ended. */
  exchange: [Exchange];
  /**
   * A credential's rate limit delays interactive requests by this many milliseconds; 0 once it no longer does. `isKept`: only because the last
   * requests are left to other clients. `credential` is the `credentialKey`.
   */
  heldBack: [credential: string, waitMs: number, isKept: boolean];
}
