import type { Clock } from './clock';
import type { Priority } from './gate';
import type { ReportedLimit } from './rateLimitHeaders';

/** Assumed where an answer says nothing: 1,200 requests in 5 minutes for a credential [docs]. */
const assumedQuota = 1200;
const assumedWindowMs = 300_000;

/** The part of a window that bulk work leaves to others, from the setting in percent, 0 to 90; anything else is the default, 10. */
export function reservedPart(percent: unknown): number {
  return typeof percent === 'number' && percent >= 0 && percent <= 90 ? percent / 100 : 0.1;
}

/** `t` counts whole seconds, up or down [unknown]: a second more, and no request comes before its window. */
const roundingMs = 1000;

/** Nobody is kept waiting for longer, whatever a server says: Cloudflare's own windows have 5 minutes. */
const longestWaitMs = 3_600_000;

/**
 * What one credential may still send in the current window. The credential is shared with Terraform, the dashboard and everything
 * else, so the server's word counts, and bulk work leaves a part of the window to the others.
 */
export class RateBudget {
  private quota = assumedQuota;
  private windowMs = assumedWindowMs;
  /** Requests left, as the server said last or as counted here. */
  private left = assumedQuota;
  private resetsAt: number | undefined;
  /** Nothing is sent before this moment: a 429 asked for it. */
  private blockedUntil: number | undefined;
  private inFlight = 0;

  constructor(
    private readonly clock: Clock,
    /** The part of a window, 0 to 0.9, that bulk work leaves to others. */
    private readonly reserve: () => number,
  ) {}

  /** Milliseconds until a request of this priority may be sent; 0 for now. */
  waitMs(priority: Priority): number {
    this.startWindowWhenDue();
    if (this.blockedUntil !== undefined) {
      return this.blockedUntil - this.clock.now();
    }
    if (this.left > this.kept(priority)) {
      return 0;
    }
    return this.untilNextWindow();
  }

  /** Milliseconds that bulk work of so many requests has to wait for windows in all; 0 where it fits into this one. */
  bulkWaitMs(requests: number): number {
    this.startWindowWhenDue();
    const kept = this.kept('bulk');
    const now = this.blockedUntil === undefined ? Math.max(0, this.left - kept) : 0;
    if (requests <= now) {
      return 0;
    }
    const windows = Math.ceil((requests - now) / (this.quota - kept));
    const first = this.blockedUntil === undefined ? this.untilNextWindow() : this.blockedUntil - this.clock.now();
    return first + (windows - 1) * this.windowMs;
  }

  /** Requests of a window that stay for others; bulk work gets at least one. */
  private kept(priority: Priority): number {
    return priority === 'bulk' ? Math.min(Math.ceil(this.quota * this.reserve()), this.quota - 1) : 0;
  }

  private untilNextWindow(): number {
    return Math.max(1, (this.resetsAt ?? this.clock.now() + this.windowMs) - this.clock.now());
  }

  onSent(): void {
    this.startWindowWhenDue();
    this.resetsAt ??= this.clock.now() + this.windowMs;
    this.left--;
    this.inFlight++;
  }

  /**
   * Takes over what an answer says; undefined for a request that got none. `blockedForMs` is how long a 429 asks to wait, where it does.
   */
  onAnswered(
    answer:
      | {
          readonly status: number;
          readonly limits: readonly ReportedLimit[];
          readonly blockedForMs?: number | undefined;
        }
      | undefined,
  ): void {
    this.inFlight--;
    if (answer === undefined) {
      return;
    }
    this.startWindowWhenDue();
    // Of several limits the one that leaves the least is the one to wait for.
    const [limit] = answer.limits.toSorted((a, b) => (a.remaining ?? Infinity) - (b.remaining ?? Infinity));
    if (limit) {
      const { remaining, resetSeconds, quota, windowSeconds } = limit;
      // A quota of nothing would never let anything through.
      this.quota = quota !== undefined && quota >= 1 ? quota : this.quota;
      this.windowMs = windowSeconds === undefined ? this.windowMs : Math.min(windowSeconds * 1000, longestWaitMs);
      if (resetSeconds !== undefined) {
        this.resetsAt = this.clock.now() + Math.min(resetSeconds * 1000 + roundingMs, longestWaitMs);
      }
      if (remaining !== undefined) {
        // Within a window the number only falls: a larger one comes from an answer that was overtaken. What is in flight may be
        // counted in it or not, so it is taken off; the last answer of a burst has it right.
        this.left = Math.min(this.left, remaining - this.inFlight);
      }
    }
    if (answer.status === 429) {
      this.blockedUntil = this.clock.now() + Math.min(answer.blockedForMs ?? this.untilReset(), longestWaitMs);
    }
  }

  private untilReset(): number {
    return this.resetsAt === undefined ? this.windowMs : Math.max(roundingMs, this.resetsAt - this.clock.now());
  }

  private startWindowWhenDue(): void {
    // A block ends with a new window, whatever answers that were under way beside it said since.
    const due = this.blockedUntil ?? this.resetsAt;
    if (due !== undefined && this.clock.now() >= due) {
      this.left = this.quota - this.inFlight;
      this.resetsAt = this.blockedUntil = undefined;
    }
  }
}

/** Requests a second for an address, whatever the credentials [docs]. */
export const requestsPerSecond = 200;
/** A second, and a little for requests that the network delays: the server counts when they arrive. */
const secondMs = 1025;

/** The limit per address: never more than 200 requests in any second. */
export class AddressRate {
  private readonly sentAt: number[] = [];
  private next = 0;

  constructor(private readonly clock: Clock) {}

  /** Milliseconds until a request may be sent; 0 for now. */
  waitMs(): number {
    const oldest = this.sentAt[this.next];
    return oldest === undefined ? 0 : Math.max(0, oldest + secondMs - this.clock.now());
  }

  onSent(): void {
    this.sentAt[this.next] = this.clock.now();
    this.next = (this.next + 1) % requestsPerSecond;
  }
}
