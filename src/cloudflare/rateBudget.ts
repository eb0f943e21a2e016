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

/** Limits that are kept of one credential; Cloudflare names one or two. */
const mostLimits = 8;

/** One limit of a credential, and what is left of its window. */
class Limit {
  private quota = assumedQuota;
  private windowMs = assumedWindowMs;
  /** Requests left, as the server said last or as counted here. */
  private left = assumedQuota;
  private resetsAt: number | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly reserve: () => number,
    /** What was counted by before. */
    before?: Limit,
  ) {
    if (before) {
      ({ left: this.left, resetsAt: this.resetsAt } = before);
    }
  }

  waitMs(priority: Priority): number {
    if (this.left > this.kept(priority)) {
      return 0;
    }
    // What was still under way as the window began may have used it up.
    this.resetsAt ??= this.clock.now() + this.windowMs;
    return this.untilReset();
  }

  bulkWaitMs(requests: number, blockedMs: number | undefined): number {
    const kept = this.kept('bulk');
    const now = blockedMs === undefined ? Math.max(0, this.left - kept) : 0;
    if (requests <= now) {
      return 0;
    }
    const windows = Math.ceil((requests - now) / (this.quota - kept));
    return (blockedMs ?? this.untilReset()) + (windows - 1) * this.windowMs;
  }

  /** Requests of a window that stay for others; bulk work gets at least one. */
  private kept(priority: Priority): number {
    return priority === 'bulk' ? Math.min(Math.ceil(this.quota * this.reserve()), this.quota - 1) : 0;
  }

  untilReset(): number {
    return Math.max(1, (this.resetsAt ?? this.clock.now() + this.windowMs) - this.clock.now());
  }

  onSent(): void {
    this.resetsAt ??= this.clock.now() + this.windowMs;
    this.left--;
  }

  /** Takes over what an answer says. */
  report({ remaining, resetSeconds, quota, windowSeconds }: ReportedLimit, inFlight: number, isNew: boolean): void {
    const before = this.quota;
    // A quota of nothing would never let anything through.
    this.quota = quota !== undefined && quota >= 1 ? quota : this.quota;
    this.windowMs = windowSeconds === undefined ? this.windowMs : Math.min(windowSeconds * 1000, longestWaitMs);
    const latest = this.clock.now() + this.windowMs;
    if (resetSeconds !== undefined) {
      this.resetsAt = this.clock.now() + Math.min(resetSeconds * 1000 + roundingMs, longestWaitMs);
    } else if (this.resetsAt !== undefined) {
      this.resetsAt = Math.min(this.resetsAt, latest);
    }
    if (remaining !== undefined) {
      // Within a window the number only falls: a larger one comes from an answer that was overtaken. What is in flight may be
      // counted in it or not, so it is taken off; the last answer of a burst has it right.
      this.left = Math.min(isNew ? Infinity : this.left, remaining - inFlight);
    } else {
      // What was sent so far counts in the smaller window, too.
      this.left -= Math.max(0, before - this.quota);
    }
  }

  get isUsedUp(): boolean {
    return this.left <= 0;
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
 * What one credential may still send in the current windows of its limits. The credential is shared with Terraform, the dashboard and
 * everything else, so the server's word counts, and bulk work leaves a part of each window to the others.
 */
export class RateBudget {
  /** By the name that the server gives each; one without a name is assumed until it does. */
  private readonly limits = new Map<string | undefined, Limit>();
  /** Nothing is sent before this moment: a 429 asked for it. */
  private blockedUntil: number | undefined;
  private inFlight = 0;

  constructor(
    private readonly clock: Clock,
    /** The part of a window, 0 to 0.9, that bulk work leaves to others. */
    private readonly reserve: () => number,
  ) {
    this.limits.set(undefined, new Limit(clock, reserve));
  }

  /** Milliseconds until a request of this priority may be sent; 0 for now. */
  waitMs(priority: Priority): number {
    this.startWindowsWhenDue();
    return this.blockedMs ?? Math.max(...this.each((limit) => limit.waitMs(priority)));
  }

  /** Milliseconds that bulk work of so many requests has to wait for windows in all; 0 where it fits into these. */
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
    this.startWindowsWhenDue();
    const assumed = this.limits.get(undefined);
    for (const reported of answer.limits) {
      const known = this.limits.get(reported.name);
      if (known ?? this.limits.size <= mostLimits) {
        const limit = known ?? new Limit(this.clock, this.reserve, assumed);
        limit.report(reported, this.inFlight, known === undefined);
        this.limits.set(reported.name, limit);
        this.limits.delete(undefined);
      }
    }
    if (answer.status === 429) {
      const wait = Math.min(answer.blockedForMs ?? this.untilReset(), longestWaitMs);
      this.blockedUntil = this.clock.now() + wait;
    }
  }

  /** What a 429 that says nothing is waited for: the windows that are used up, or all, since it does not say which. */
  private untilReset(): number {
    const usedUp = [...this.limits.values()].filter(({ isUsedUp }) => isUsedUp);
    const waits = (usedUp.length > 0 ? usedUp : [...this.limits.values()]).map((limit) => limit.untilReset());
    return Math.max(roundingMs, ...waits);
  }

  private get blockedMs(): number | undefined {
    return this.blockedUntil === undefined ? undefined : this.blockedUntil - this.clock.now();
  }

  private startWindowsWhenDue(): void {
    // A block ends with new windows, whatever answers that were under way beside it said since.
    const isUnblocked = this.blockedUntil !== undefined && this.clock.now() >= this.blockedUntil;
    if (this.blockedUntil === undefined || isUnblocked) {
      this.blockedUntil = undefined;
      this.each((limit) => limit.startWindowWhenDue(this.inFlight, isUnblocked));
    }
  }

  private each<T>(work: (limit: Limit) => T): T[] {
    return [...this.limits.values()].map(work);
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
