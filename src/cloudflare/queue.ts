import type { Clock } from './clock';
import type { ReportedLimit } from './rateLimitHeaders';
import { RateLimits } from './rateLimits';
import type { Answer, BulkDuration, Priority } from './request';

/** Maximum number of requests in flight. The extension host's `fetch` ignores the agent's own limit on connections. */
const maxRequestsInFlight = 8;

/** Places beside bulk requests, so that the user does not wait for bulk requests that get no answer. */
const placesBesideBulk = 2;

/** Places for the verification of credentials beside all other requests. */
const placesForVerification = 2;

/** Requests per second from one address, whatever the credentials [docs]. */
const requestsPerSecond = 200;
/** The server counts requests as they arrive, and the network may delay some: the second is taken as a little longer, ms. */
const secondMs = 1040;

/** Smaller changes of a wait emit no event, ms: whole seconds are shown. */
const noticeableMs = 500;

interface Waiting {
  readonly credential: string;
  readonly priority: Priority;
  readonly start: () => void;
}

/**
 * Decides when each request is sent: at most 8 in flight and 2 interactive ones beside bulk ones, at most 200 in any second, within the rate
 * limits of its credential. Interactive requests go before bulk ones, and otherwise in the order of their calls. A request that its
 * credential's rate limit delays does not delay those of other credentials. Credentials are named by their `credentialKey`.
 */
export class RequestQueue {
  private readonly waiting: Record<Priority, Set<Waiting>> = {
    verification: new Set(),
    interactive: new Set(),
    bulk: new Set(),
  };
  private readonly limits = new Map<string, RateLimits>();
  private readonly inFlight: Record<Priority, number> = { verification: 0, interactive: 0, bulk: 0 };
  /** When the last 200 requests were sent, in a ring: the oldest is at `oldestSent`. */
  private readonly sentAt: number[] = [];
  private oldestSent = 0;
  private cancelWake: (() => void) | undefined;
  /** By credential: the end of the wait that `onHeldBack` was last called with. */
  private readonly announced = new Map<string, number>();

  constructor(
    private readonly clock: Clock,
    /** The part of a rate-limit window, 0 to 0.9, that bulk requests leave unused; read each time. */
    private readonly reserve: () => number,
    /** Called with the milliseconds that a rate limit delays interactive requests, and with 0 once it no longer does. */
    private readonly onHeldBack: (credential: string, waitMs: number, isKept: boolean) => void,
  ) {}

  /** Resolves when the request may be sent; call `release` when it has ended. Rejects with the signal's reason. */
  acquire(credential: string, priority: Priority, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason as Error);
        return;
      }
      const queue = this.waiting[priority];
      const onAbort = () => {
        queue.delete(entry);
        this.startRequests();
        reject(signal.reason as Error);
      };
      const entry: Waiting = {
        credential,
        priority,
        start: () => {
          signal.removeEventListener('abort', onAbort);
          queue.delete(entry);
          this.onSent(credential, priority);
          resolve();
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      queue.add(entry);
      this.startRequests();
    });
  }

  /** @returns The rate limits that the response reports. @param answer Undefined for a request that got no response. */
  release(
    credential: string,
    priority: Priority,
    answer: Pick<Answer, 'status' | 'headers'> | undefined,
  ): readonly ReportedLimit[] {
    const reported = this.limitsOf(credential).onAnswered(answer);
    this.inFlight[priority]--;
    this.startRequests();
    return reported;
  }

  /** The least time that this many bulk requests of a credential take. */
  bulkDuration(credential: string, requests: number): BulkDuration {
    const limits = this.limitsOf(credential);
    const waitMs = limits.bulkWaitMs(requests);
    return {
      waitMs,
      totalMs: waitMs + (requests / requestsPerSecond) * 1000,
      now: Math.min(requests, limits.bulkNow),
      pauseMs: limits.waitMs('bulk'),
      isKept: limits.isKept('bulk'),
    };
  }

  /** Sends the next interactive request of a credential at once, whatever its rate limits say. */
  sendNext(credential: string): void {
    this.limitsOf(credential).sendNext();
    this.startRequests();
  }

  /** Lets requests of all credentials use the reserve of the current windows. */
  useReserve(): void {
    this.limits.forEach((limits) => limits.useReserve());
    this.startRequests();
  }

  /** Starts the requests that may be sent now, and sets a timer for the next one. */
  private startRequests(): void {
    this.cancelWake?.();
    this.cancelWake = undefined;
    let wakeMs = Infinity;

    for (const entry of [...this.waiting.verification, ...this.waiting.interactive, ...this.waiting.bulk]) {
      if (!this.hasPlace(entry.priority)) {
        break;
      }
      const rateMs = this.untilRateAllows();
      if (rateMs > 0) {
        wakeMs = Math.min(wakeMs, rateMs);
        break;
      }
      const limitMs = this.limitsOf(entry.credential).waitMs(entry.priority);
      if (limitMs > 0) {
        wakeMs = Math.min(wakeMs, limitMs);
      } else {
        entry.start();
      }
    }
    // Also while 8 requests are in flight: the countdown of a credential's wait goes on.
    const heldBack = this.heldBack();
    wakeMs = Math.min(wakeMs, ...heldBack.values());
    if (wakeMs < Infinity) {
      this.cancelWake = this.clock.after(Math.ceil(wakeMs), () => this.startRequests());
    }
    this.announce(heldBack);
  }

  private hasPlace(priority: Priority): boolean {
    const { verification, interactive, bulk } = this.inFlight;
    switch (priority) {
      case 'bulk':
        return interactive + bulk < maxRequestsInFlight;
      case 'interactive':
        return interactive + bulk < maxRequestsInFlight + Math.min(bulk, placesBesideBulk);
      case 'verification':
        return verification < placesForVerification;
    }
  }

  private onSent(credential: string, priority: Priority): void {
    this.inFlight[priority]++;
    this.sentAt[this.oldestSent] = this.clock.now();
    this.oldestSent = (this.oldestSent + 1) % requestsPerSecond;
    this.limitsOf(credential).onSent();
  }

  /** Milliseconds until the limit per second lets a request through; 0 for now. */
  private untilRateAllows(): number {
    const oldest = this.sentAt[this.oldestSent];
    return oldest === undefined ? 0 : Math.max(0, oldest + secondMs - this.clock.now());
  }

  /** The milliseconds that interactive requests wait for a rate limit, by credential. */
  private heldBack(): ReadonlyMap<string, number> {
    const waiting = [...this.waiting.verification, ...this.waiting.interactive];
    const credentials = new Set(waiting.map(({ credential }) => credential));
    const waits = [...credentials].map(
      (credential) => [credential, this.limitsOf(credential).waitMs('interactive')] as const,
    );
    return new Map(waits.filter(([, waitMs]) => waitMs > 0));
  }

  private announce(heldBack: ReadonlyMap<string, number>): void {
    for (const [credential, waitMs] of heldBack) {
      const end = this.clock.now() + waitMs;
      if (Math.abs(end - (this.announced.get(credential) ?? -Infinity)) >= noticeableMs) {
        this.announced.set(credential, end);
        this.onHeldBack(credential, waitMs, this.limitsOf(credential).isKept('interactive'));
      }
    }
    for (const credential of this.announced.keys()) {
      if (!heldBack.has(credential)) {
        this.announced.delete(credential);
        this.onHeldBack(credential, 0, false);
      }
    }
  }

  private limitsOf(credential: string): RateLimits {
    let limits = this.limits.get(credential);
    if (limits === undefined) {
      limits = new RateLimits(this.clock, this.reserve);
      this.limits.set(credential, limits);
    }
    return limits;
  }
}
