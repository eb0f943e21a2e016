import type { Clock } from './clock';
import { type ReportedLimit, reportedLimits, retryAfterMs } from './rateLimitHeaders';
import type { Answer, Priority } from './request';

/** The documented limit of a credential [docs], assumed until a response names one: 1,200 requests in 5 minutes. */
const documentedQuota = 1200;
const documentedWindowMs = 300_000;

/** The part of a window that bulk requests leave unused, from the setting in percent, 0 to 90. Any other value means 10. */
export function reservedPart(percent: unknown): number {
  return typeof percent === 'number' && percent >= 0 && percent <= 90 ? percent / 100 : 0.1;
}

/** `t` is in whole seconds; whether it is rounded up or down is not documented. With one more no request comes too early. */
const roundingMs = 1000;

/** No wait is longer, whatever the server says. Cloudflare's own windows last 5 minutes. */
const longestWaitMs = 3_600_000;

/** Named limits that are kept for a credential. Cloudflare names one or two. */
const mostLimits = 8;

/** One rate limit of a credential and the state of its current window. */
class RateLimit {
  private quota = documentedQuota;
  private windowMs = documentedWindowMs;
  /** Requests left: the server's number, less the requests sent since. */
  private left = documentedQuota;
  /** When the next window begins; undefined until a request starts the window. */
  private resetsAt: number | undefined;

  /** @param assumed The limit that was assumed before the server named this one: requests sent since then count. */
  constructor(
    private readonly clock: Clock,
    private readonly reserve: () => number,
    assumed?: RateLimit,
  ) {
    if (assumed) {
      ({ left: this.left, resetsAt: this.resetsAt } = assumed);
    }
  }

  get isUsedUp(): boolean {
    return this.left <= 0;
  }

  waitMs(priority: Priority): number {
    if (this.left > this.reserved(priority)) {
      return 0;
    }
    // A window may be used up before its first request, by requests that were in flight when it began.
    this.resetsAt ??= this.clock.now() + this.windowMs;
    return this.untilReset();
  }

  /** @param blockedMs How long a 429 still blocks all requests. */
  bulkWaitMs(requests: number, blockedMs: number | undefined): number {
    const reserved = this.reserved('bulk');
    const now = blockedMs === undefined ? Math.max(0, this.left - reserved) : 0;
    if (requests <= now) {
      return 0;
    }
    const windows = Math.ceil((requests - now) / (this.quota - reserved));
    return (blockedMs ?? this.untilReset()) + (windows - 1) * this.windowMs;
  }

  /** Requests of a window that are kept back. Bulk work gets at least one request a window. */
  private reserved(priority: Priority): number {
    return priority === 'bulk' ? Math.min(Math.ceil(this.quota * this.reserve()), this.quota - 1) : 0;
  }

  untilReset(): number {
    return Math.max(1, (this.resetsAt ?? this.clock.now() + this.windowMs) - this.clock.now());
  }

  onSent(): void {
    this.resetsAt ??= this.clock.now() + this.windowMs;
    this.left--;
  }

  onReported({ remaining, resetSeconds, quota, windowSeconds }: ReportedLimit, inFlight: number, isNew: boolean): void {
    const before = this.quota;
    // A quota of 0 would block all requests for ever.
    this.quota = quota !== undefined && quota >= 1 ? quota : this.quota;
    this.windowMs = windowSeconds === undefined ? this.windowMs : Math.min(windowSeconds * 1000, longestWaitMs);
    const latest = this.clock.now() + this.windowMs;
    if (resetSeconds !== undefined) {
      this.resetsAt = this.clock.now() + Math.min(resetSeconds * 1000 + roundingMs, longestWaitMs);
    } else if (this.resetsAt !== undefined) {
      this.resetsAt = Math.min(this.resetsAt, latest);
    }
    if (remaining !== undefined) {
      // Within a window the number only falls: a larger one is from a response that arrived out of order. The server may or may not
      // have counted the requests in flight, so they are subtracted; the last response of a burst is exact.
      this.left = Math.min(isNew ? Infinity : this.left, remaining - inFlight);
    } else {
      // Requests sent under a larger assumed quota count towards the smaller one.
      this.left -= Math.max(0, before - this.quota);
    }
  }

  startWindowWhenDue(inFlight: number, isUnblocked: boolean): void {
    const isDue = this.resetsAt !== undefined && this.clock.now() >= this.resetsAt;
    if (isDue || (isUnblocked && this.isUsedUp)) {
      this.left = this.quota - inFlight;
      this.resetsAt = undefined;
    }
  }
}

/**
 * The rate limits of one credential, which Terraform, the dashboard and others use as well. So the server's numbers count, and bulk
 * requests leave a part of each window unused.
 */
export class RateLimits {
  /** By the server's names. Until the server names one: the documented limit, under `undefined`. */
  private readonly limits = new Map<string | undefined, RateLimit>();
  /** The end of the wait that a 429 asks for. */
  private blockedUntil: number | undefined;
  private inFlight = 0;

  constructor(
    private readonly clock: Clock,
    /** The part of a window, 0 to 0.9, that bulk requests leave unused. */
    private readonly reserve: () => number,
  ) {
    this.limits.set(undefined, new RateLimit(clock, reserve));
  }

  /** Milliseconds until a request of this priority may be sent; 0 for now. */
  waitMs(priority: Priority): number {
    this.startWindowsWhenDue();
    return this.blockedMs ?? Math.max(...this.each((limit) => limit.waitMs(priority)));
  }

  /** Milliseconds that this many bulk requests wait for windows in all. */
  bulkWaitMs(requests: number): number {
    this.startWindowsWhenDue();
    const { blockedMs } = this;
    return Math.max(...this.each((limit) => limit.bulkWaitMs(requests, blockedMs)));
  }

  onSent(): void {
    this.startWindowsWhenDue();
    this.each((limit) => limit.onSent());
    this.inFlight++;
  }

  /** A request has ended. @returns What its response says; undefined stands for a request without a response. */
  onAnswered(answer: Pick<Answer, 'status' | 'headers'> | undefined): readonly ReportedLimit[] {
    this.inFlight--;
    if (answer === undefined) {
      return [];
    }
    this.startWindowsWhenDue();
    const reported = reportedLimits(answer.headers);
    this.onReported(reported);
    if (answer.status === 429) {
      const wait = Math.min(retryAfterMs(answer.headers) ?? this.untilReset(), longestWaitMs);
      this.blockedUntil = this.clock.now() + wait;
    }
    return reported;
  }

  private onReported(reported: readonly ReportedLimit[]): void {
    const assumed = this.limits.get(undefined);
    for (const one of reported) {
      const known = this.limits.get(one.name);
      if (known ?? this.limits.size <= mostLimits) {
        const limit = known ?? new RateLimit(this.clock, this.reserve, assumed);
        limit.onReported(one, this.inFlight, known === undefined);
        this.limits.set(one.name, limit);
        this.limits.delete(undefined);
      }
    }
  }

  /** The wait after a 429 without `Retry-After`: for the limits that are used up; for all if none is, since one of them must be. */
  private untilReset(): number {
    const limits = [...this.limits.values()];
    const usedUp = limits.filter(({ isUsedUp }) => isUsedUp);
    const waits = (usedUp.length > 0 ? usedUp : limits).map((limit) => limit.untilReset());
    return Math.max(roundingMs, ...waits);
  }

  private get blockedMs(): number | undefined {
    return this.blockedUntil === undefined ? undefined : this.blockedUntil - this.clock.now();
  }

  private startWindowsWhenDue(): void {
    // New windows begin when a block ends, whatever the responses to requests that were in flight meanwhile said.
    const isUnblocked = this.blockedUntil !== undefined && this.clock.now() >= this.blockedUntil;
    if (this.blockedUntil === undefined || isUnblocked) {
      this.blockedUntil = undefined;
      this.each((limit) => limit.startWindowWhenDue(this.inFlight, isUnblocked));
    }
  }

  private each<T>(work: (limit: RateLimit) => T): T[] {
    return [...this.limits.values()].map(work);
  }
}
