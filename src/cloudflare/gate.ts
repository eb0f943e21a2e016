import { EventEmitter } from 'node:events';
import { type Clock, sleep, systemClock } from './clock';
import { Coalescer } from './coalesce';
import { type Authorization, authorizationHeaders, credentialKey } from './credential';
import { CloudflareError } from './errors';
import { Pacing } from './pacing';
import { requestsPerSecond } from './rateBudget';
import type { ReportedLimit } from './rateLimitHeaders';
import { type Attempt, backoffMs, isConnectionReset, isRetryable, RetryBudget } from './retries';
import { retryAfterMs } from './retryAfter';
import type { Answer, Transport } from './transport';
import { withoutSecret } from './withoutSecret';

/** What is asked. Path parts are encoded already; `endpoint` is the same path with placeholders, for words and logs. */
export interface ApiRequest {
  readonly endpoint: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authorization: Authorization;
}

/** A person waits for `interactive` requests; they go before `bulk` ones, which also leave a reserve of the rate limit. */
export type Priority = 'interactive' | 'bulk';

export interface SendOptions {
  readonly priority?: Priority;
  readonly signal?: AbortSignal | undefined;
}

/** One request as it went, for the log: nothing of it is secret or personal but the query, which the log masks. */
export interface Exchange {
  readonly endpoint: string;
  readonly query: URLSearchParams;
  /** HTTP status; or what failed, with the status where one had come; or `cancelled`. */
  readonly outcome: string;
  readonly milliseconds: number;
  /** Bytes of the body after decompression; 0 where none came. */
  readonly bytes: number;
  readonly ray: string | undefined;
  /** Requests left in the window of the credential that has the fewest, where the answer says so. */
  readonly remaining: number | undefined;
}

export interface GateOptions {
  readonly clock?: Clock;
  /** The part of a rate-limit window, 0 to 0.9, that bulk work leaves to others; read anew each time. */
  readonly reserve?: () => number;
  readonly random?: () => number;
  /** Retries of one request at most. */
  readonly maxRetries?: number;
}

/** Before a request is repeated nobody waits longer, whatever `Retry-After` says; a rate limit is waited for by its window. */
const longestPauseMs = 60_000;

export interface BulkDuration {
  readonly waitMs: number;
  readonly totalMs: number;
}

interface GateEvents {
  exchange: [Exchange];
  /** A credential's rate limit holds back what a person waits for, for some milliseconds; 0 once it does not. */
  heldBack: [authorization: string, waitMs: number];
}

/**
 * The one way out: every request of the extension passes here. It decides when a request goes, whether it is repeated, and sends
 * identical ones once.
 */
export class Gate extends EventEmitter<GateEvents> {
  private readonly clock: Clock;
  private readonly random: () => number;
  private readonly reserve: () => number;
  private readonly maxRetries: number;
  private pacing: Pacing | undefined;
  private readonly retries = new RetryBudget();
  private readonly underWay = new Coalescer<Answer>();

  constructor(
    private readonly transport: Transport,
    /** The address in force, read anew for each request; throws InvalidBaseUrlError. */
    private readonly baseUrl: () => URL,
    { clock = systemClock, reserve = () => 0.1, random = Math.random, maxRetries = 3 }: GateOptions = {},
  ) {
    super();
    this.maxRetries = maxRetries;
    this.clock = clock;
    this.reserve = reserve;
    this.random = random;
  }

  /** The origin that requests go to now; throws InvalidBaseUrlError. */
  get origin(): string {
    return this.baseUrl().origin;
  }

  /** The answer, whatever its status, after as many attempts as it is worth; throws CloudflareError, or the reason of an abort. */
  async send(request: ApiRequest, { priority = 'interactive', signal }: SendOptions = {}): Promise<Answer> {
    const { path, query, authorization } = request;
    const { credential, origin } = authorization;
    const key = `${priority} ${origin} ${credentialKey(credential)} ${path}?${query.toString()}`;
    return this.underWay.run(key, signal, (shared) => this.sendRepeatedly(request, priority, shared));
  }

  /**
   * How long so many bulk requests on behalf of a credential take at least, in ms, and how much of it is waiting for the windows of its
   * rate limit, of which nothing is known before the first request.
   */
  bulkDuration(authorization: Authorization, requests: number): BulkDuration {
    const atOnce = { waitMs: 0, totalMs: (requests / requestsPerSecond) * 1000 };
    return this.pacing?.bulkDuration(credentialKey(authorization.credential), requests) ?? atOnce;
  }

  private address({ endpoint, path, query, authorization }: ApiRequest): URL {
    const base = this.baseUrl();
    // A credential goes nowhere but to the origin that it was verified against, whatever the setting says since.
    if (base.origin !== authorization.origin) {
      throw new CloudflareError({ reason: 'otherOrigin', endpoint });
    }
    const url = new URL(base.href.replace(/\/$/, '') + path);
    url.search = query.toString();
    return url;
  }

  private async sendRepeatedly(request: ApiRequest, priority: Priority, signal: AbortSignal): Promise<Answer> {
    let wasReset = false;
    for (let retry = 0; ; retry++) {
      const attempt = await this.attempt(request, priority, signal);
      if (!isRetryable(attempt)) {
        if (retry === 0) {
          this.retries.onFirstAnswer();
        }
        return settled(attempt);
      }
      if (retry === this.maxRetries || !this.retries.take()) {
        return settled(attempt);
      }
      if (isConnectionReset(attempt) && !wasReset) {
        wasReset = true;
      } else {
        const pauseMs = this.delayMs(attempt, retry);
        if (pauseMs > 0) {
          await sleep(this.clock, pauseMs, signal);
        }
      }
    }
  }

  /** A rate limit is waited for in the scheduler, by its window; everything else here. */
  private delayMs(attempt: Attempt, retry: number): number {
    if ('answer' in attempt) {
      const { status, headers } = attempt.answer;
      return status === 429 ? 0 : Math.min(retryAfterMs(headers) ?? backoffMs(retry, this.random), longestPauseMs);
    }
    return backoffMs(retry, this.random);
  }

  private async attempt(request: ApiRequest, priority: Priority, signal: AbortSignal): Promise<Attempt> {
    const { credential } = request.authorization;
    const key = credentialKey(credential);
    // What may go nowhere takes no turn.
    this.address(request);
    const pacing = (this.pacing ??= new Pacing(this.clock, this.reserve, (of, waitMs) => {
      this.emit('heldBack', of, waitMs);
    }));
    await pacing.acquire(key, priority, signal);
    const start = this.clock.now();
    let attempt: Attempt;
    try {
      const headers = authorizationHeaders(credential);
      const answer = await this.transport.get(this.address(request), headers, request.endpoint, signal);
      attempt = { answer: withoutSecret(answer, credential) };
    } catch (error) {
      attempt = { error };
    }
    const limits = pacing.release(key, 'answer' in attempt ? attempt.answer : undefined);
    const milliseconds = this.clock.now() - start;
    this.emit('exchange', exchange(request, signal.aborted ? 'cancelled' : attempt, limits, milliseconds));
    signal.throwIfAborted();
    return attempt;
  }
}

function settled(attempt: Attempt): Answer {
  if ('error' in attempt) {
    throw attempt.error;
  }
  return attempt.answer;
}

function exchange(
  { endpoint, query }: ApiRequest,
  attempt: Attempt | 'cancelled',
  limits: readonly ReportedLimit[],
  milliseconds: number,
): Exchange {
  const asked = { endpoint, query, milliseconds, bytes: 0, ray: undefined, remaining: undefined };
  if (attempt === 'cancelled') {
    return { ...asked, outcome: attempt };
  }
  if ('error' in attempt) {
    const failure = attempt.error instanceof CloudflareError ? attempt.error.failure : undefined;
    const { status, bytes = 0, ray } = failure ?? {};
    const what = failure?.networkCode ?? failure?.reason ?? 'error';
    return { ...asked, outcome: status === undefined ? what : `${what} (status ${status})`, bytes, ray };
  }
  const { status, headers, bytes } = attempt.answer;
  const left = limits.flatMap(({ remaining }) => remaining ?? []);
  return {
    ...asked,
    outcome: String(status),
    bytes,
    ray: headers.get('cf-ray') ?? undefined,
    remaining: left.length > 0 ? Math.min(...left) : undefined,
  };
}
