import { EventEmitter } from 'node:events';
import { type Clock, sleep, systemClock } from './clock';
import { Coalescer } from './coalesce';
import { type Authorization, authorizationHeaders, type Credential, credentialKey } from './credential';
import { CloudflareError } from './errors';
import { AddressRate, RateBudget, requestsPerSecond } from './rateBudget';
import { type ReportedLimit, reportedLimits, retryAfterMs } from './rateLimitHeaders';
import { type Attempt, backoffMs, isConnectionReset, isRetryable, RetryBudget } from './retries';
import { Scheduler } from './scheduler';
import type { Answer, Transport } from './transport';

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
  /** HTTP status, or what failed. */
  readonly outcome: string;
  readonly milliseconds: number;
  /** Bytes of the body after decompression; 0 where none came. */
  readonly bytes: number;
  readonly ray: string | undefined;
  /** Requests left in the credential's window, where the answer says so. */
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
  private readonly scheduler: Scheduler;
  private readonly retries = new RetryBudget();
  private readonly budgets = new Map<string, RateBudget>();
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
    this.scheduler = new Scheduler(clock, new AddressRate(clock), (budget, waitMs) => this.onHeldBack(budget, waitMs));
  }

  /** The origin that requests go to now; throws InvalidBaseUrlError. */
  get origin(): string {
    return this.baseUrl().origin;
  }

  /** The answer, whatever its status, after as many attempts as it is worth; throws CloudflareError, or the reason of an abort. */
  async send(request: ApiRequest, { priority = 'interactive', signal }: SendOptions = {}): Promise<Answer> {
    const { path, query, authorization } = request;
    const key = `${priority} ${credentialKey(authorization.credential)} ${path}?${query.toString()}`;
    return this.underWay.run(key, signal, (shared) => this.sendRepeatedly(request, priority, shared));
  }

  /**
   * How long so many bulk requests on behalf of a credential take at least, in ms, and how much of it is waiting for the windows of its
   * rate limit.
   */
  bulkDuration(authorization: Authorization, requests: number): BulkDuration {
    const waitMs = this.budgetOf(authorization).bulkWaitMs(requests);
    return { waitMs, totalMs: waitMs + (requests / requestsPerSecond) * 1000 };
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
    const budget = this.budgetOf(request.authorization);
    let wasReset = false;
    for (let retry = 0; ; retry++) {
      const attempt = await this.attempt(request, budget, priority, signal);
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
        await sleep(this.clock, this.delayMs(attempt, retry), signal);
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

  private async attempt(
    request: ApiRequest,
    budget: RateBudget,
    priority: Priority,
    signal: AbortSignal,
  ): Promise<Attempt> {
    const { parseList } = await import('./network.js');
    await this.scheduler.acquire(budget, priority, signal);
    const start = this.clock.now();
    let attempt: Attempt;
    try {
      const headers = authorizationHeaders(request.authorization.credential);
      const answer = await this.transport.get(this.address(request), headers, request.endpoint, signal);
      attempt = { answer: withoutSecret(answer, request.authorization.credential) };
    } catch (error) {
      attempt = { error };
    }
    const answer = 'answer' in attempt ? attempt.answer : undefined;
    const limits = answer ? reportedLimits(answer.headers, parseList) : [];
    budget.onAnswered(answer && { status: answer.status, limits, blockedForMs: retryAfterMs(answer.headers) });
    this.scheduler.release();
    signal.throwIfAborted();
    this.emit('exchange', exchange(request, attempt, limits, this.clock.now() - start));
    return attempt;
  }

  private budgetOf({ credential }: Authorization): RateBudget {
    const key = credentialKey(credential);
    let budget = this.budgets.get(key);
    if (budget === undefined) {
      budget = new RateBudget(this.clock, this.reserve);
      this.budgets.set(key, budget);
    }
    return budget;
  }

  private onHeldBack(budget: RateBudget, waitMs: number): void {
    for (const [key, known] of this.budgets) {
      if (known === budget) {
        this.emit('heldBack', key, waitMs);
      }
    }
  }
}

/** An answer in which the credential that was sent is repeated by nobody: what an answer says may be shown, logged and kept. */
function withoutSecret(answer: Answer, credential: Credential): Answer {
  const secret = credential.scheme === 'token' ? credential.token : credential.key;
  const isRepeated =
    answer.text.includes(secret) || [...answer.headers.values()].some((value) => value.includes(secret));
  if (!isRepeated) {
    return answer;
  }
  const headers = new Headers([...answer.headers].map(([name, value]) => [name, value.replaceAll(secret, '[secret]')]));
  return { ...answer, headers, text: answer.text.replaceAll(secret, '[secret]') };
}

function settled(attempt: Attempt): Answer {
  if ('error' in attempt) {
    throw attempt.error;
  }
  return attempt.answer;
}

function exchange(
  { endpoint, query }: ApiRequest,
  attempt: Attempt,
  limits: readonly ReportedLimit[],
  milliseconds: number,
): Exchange {
  if ('error' in attempt) {
    const failure = attempt.error instanceof CloudflareError ? attempt.error.failure : undefined;
    const outcome = failure?.networkCode ?? failure?.reason ?? 'error';
    return { endpoint, query, outcome, milliseconds, bytes: 0, ray: failure?.ray, remaining: undefined };
  }
  const { status, headers, bytes } = attempt.answer;
  const [limit] = limits;
  const ray = headers.get('cf-ray') ?? undefined;
  return { endpoint, query, outcome: String(status), milliseconds, bytes, ray, remaining: limit?.remaining };
}
