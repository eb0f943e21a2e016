import type { Clock } from './clock';
import { RateLimit, roundingMs } from './rateLimit';
import { type ReportedLimit, reportedLimits, retryAfterMs } from './rateLimitHeaders';
import type { Answer, Priority } from './request';

/** The part of a window that bulk requests leave unused, from the setting in percent, 0 to 90. Any other value means 10. */
export function reservedPart(percent: unknown): number {
  return typeof percent === 'number' && percent >= 0 && percent <= 90 ? percent / 100 : 0.1;
}

/** No wait after a 429 is longer, whatever the server says. */
const longestWaitMs = 3_600_000;

/** Named limits that are kept for a credential. Cloudflare names one or two. */
const mostLimits = 8;

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
  /** Whether the next request is sent at once, whatever the limits say. */
  private isNextSent = false;

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
    if (this.isNextSent && priority !== 'bulk') {
      return 0;
    }
    return this.blockedMs ?? Math.max(...this.each((limit) => limit.waitMs(priority)));
  }

  /** Whether requests of this priority wait only because a reserve is kept. */
  isKept(priority: Priority): boolean {
    const limits = [...this.limits.values()];
    return (
      this.blockedMs === undefined &&
      limits.some((limit) => limit.isKept(priority)) &&
      limits.every((limit) => limit.isKept(priority) || limit.waitMs(priority) === 0)
    );
  }

  /** Lets requests use the reserve until the next window. */
  useReserve(): void {
    this.each((limit) => limit.useReserve());
  }

  /** Sends the next interactive request at once, whatever the limits say: the user asks for it, and what the server said may be wrong. */
  sendNext(): void {
    this.isNextSent = true;
  }

  /** Bulk requests that may be sent before the next window. */
  get bulkNow(): number {
    this.startWindowsWhenDue();
    return Math.min(...this.each((limit) => limit.bulkNow(this.blockedMs)));
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
    this.isNextSent = false;
  }

  /** A request has ended. @returns What its response says; undefined stands for a request without a response. */
  onAnswered(answer: Pick<Answer, 'status' | 'headers'> | undefined): readonly ReportedLimit[] {
    this.inFlight--;
    if (answer === undefined) {
      return [];
    }
    this.startWindowsWhenDue();
    const reported = reportedLimits(answer.headers);
    this.onReported(reported, answer.status === 429);
    this.each((limit) => limit.onAnswered());
    if (answer.status === 429) {
      const wait = Math.min(retryAfterMs(answer.headers) ?? this.untilReset(), longestWaitMs);
      this.blockedUntil = this.clock.now() + wait;
    }
    return reported;
  }

  private onReported(reported: readonly ReportedLimit[], isRefused: boolean): void {
    const assumed = this.limits.get(undefined);
    for (const one of reported) {
      const known = this.limits.get(one.name);
      if (known ?? this.limits.size <= mostLimits) {
        const limit = known ?? new RateLimit(this.clock, this.reserve, assumed);
        limit.onReported(one, { inFlight: this.inFlight, isNew: known === undefined, isRefused });
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
