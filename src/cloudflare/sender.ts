import { EventEmitter } from 'node:events';
import { type Clock, systemClock, untilAborted } from './clock';
import { type Authorization, authorizationHeaders, credentialKey } from './credential';
import { CloudflareError } from './errors';
import { RequestQueue } from './queue';
import type { ReportedLimit } from './rateLimitHeaders';
import type { Answer, ApiRequest, BulkDuration, ClientEvents, Exchange, Priority, SendOptions } from './request';
import { type Attempt, Retries } from './retries';
import type { Transport } from './transport';
import { withoutSecret } from './withoutSecret';

export interface SenderOptions {
  readonly clock?: Clock;
  /** The part of a rate-limit window, 0 to 0.9, that bulk requests leave unused; read each time. Default: 0.1. */
  readonly reserve?: () => number;
  /** Returns 0 to 1, for the length of pauses. */
  readonly random?: () => number;
  /** Retries of one request at most. Default: 3. */
  readonly maxRetries?: number;
  /** Where `exchange` and `heldBack` are emitted. */
  readonly events?: EventEmitter<ClientEvents>;
}

/** A request in flight that several callers may wait for. It is aborted when the last caller leaves. */
interface Shared {
  readonly answer: Promise<Answer>;
  readonly abort: AbortController;
  callers: number;
}

/** Sends every request of the extension: in its turn, once for identical calls, and again after a failure that is worth a retry. */
export class Sender {
  readonly events: EventEmitter<ClientEvents>;
  private readonly clock: Clock;
  private readonly queue: RequestQueue;
  private readonly retries: Retries;
  private readonly underWay = new Map<string, Shared>();

  constructor(
    private readonly transport: Pick<Transport, 'get'>,
    /** The base URL in force, read for each attempt; throws InvalidBaseUrlError. */
    private readonly baseUrl: () => URL,
    {
      clock = systemClock,
      reserve = () => 0.1,
      random = Math.random,
      maxRetries = 3,
      events = new EventEmitter(),
    }: SenderOptions = {},
  ) {
    this.clock = clock;
    this.events = events;
    this.queue = new RequestQueue(clock, reserve, (...heldBack) => events.emit('heldBack', ...heldBack));
    this.retries = new Retries(clock, random, maxRetries);
  }

  /**
   * @returns The answer, whatever its status, after any retries. Identical requests of the same priority are sent once while in flight.
   * Throws CloudflareError, InvalidBaseUrlError or the signal's reason.
   */
  async send(request: ApiRequest, { priority = 'interactive', signal }: SendOptions = {}): Promise<Answer> {
    signal?.throwIfAborted();
    const { path, query, authorization } = request;
    const { credential, origin } = authorization;
    const key = `${priority} ${origin} ${credentialKey(credential)} ${path}?${query.toString()}`;
    const shared = this.underWay.get(key) ?? this.start(key, request, priority);
    shared.callers++;
    try {
      return await untilAborted(shared.answer, signal);
    } finally {
      shared.callers--;
      if (shared.callers === 0) {
        this.forget(key, shared);
        shared.abort.abort(signal?.reason);
      }
    }
  }

  /** The least time that this many bulk requests take. */
  bulkDuration({ credential }: Authorization, requests: number): BulkDuration {
    return this.queue.bulkDuration(credentialKey(credential), requests);
  }

  /** Sends the next interactive request with a credential at once, whatever its rate limits say: the user asks for it. */
  sendNext({ credential }: Authorization): void {
    this.queue.sendNext(credentialKey(credential));
  }

  /** Lets requests use the reserve of the current rate-limit windows. */
  useReserve(): void {
    this.queue.useReserve();
  }

  private start(key: string, request: ApiRequest, priority: Priority): Shared {
    const abort = new AbortController();
    const answer = this.retries.run(() => this.attempt(request, priority, abort.signal), abort.signal);
    const shared = { answer, abort, callers: 0 };
    this.underWay.set(key, shared);
    const done = () => this.forget(key, shared);
    answer.then(done, done);
    return shared;
  }

  private forget(key: string, shared: Shared): void {
    if (this.underWay.get(key) === shared) {
      this.underWay.delete(key);
    }
  }

  private async attempt(request: ApiRequest, priority: Priority, signal: AbortSignal): Promise<Attempt> {
    const { credential } = request.authorization;
    const key = credentialKey(credential);
    // Checked before the turn, so that a request that must not be sent takes nothing from the rate limit, and again when it is sent.
    this.address(request);
    await this.queue.acquire(key, priority, signal);
    const start = this.clock.now();
    let attempt: Attempt;
    try {
      const headers = authorizationHeaders(credential);
      const answer = await this.transport.get(this.address(request), headers, request.endpoint, signal);
      attempt = { answer: withoutSecret(answer, credential) };
    } catch (error) {
      attempt = { error };
    }
    const limits = this.queue.release(key, priority, 'answer' in attempt ? attempt.answer : undefined);
    const milliseconds = this.clock.now() - start;
    this.events.emit('exchange', exchange(request, signal.aborted ? 'cancelled' : attempt, limits, milliseconds));
    signal.throwIfAborted();
    return attempt;
  }

  private address({ endpoint, path, query, authorization }: ApiRequest): URL {
    const base = this.baseUrl();
    // A credential is sent only to the origin that it was verified against, even if the setting has changed since.
    if (base.origin !== authorization.origin) {
      throw new CloudflareError({ reason: 'otherOrigin', endpoint });
    }
    const url = new URL(base.href.replace(/\/$/, '') + path);
    url.search = query.toString();
    return url;
  }
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
