import type { Clock } from './clock';
import type { ReportedLimit } from './rateLimitHeaders';
import type { Priority } from './request';

/** The documented limit of a credential [docs], assumed until a response names one: 1,200 requests in 5 minutes. */
const documentedQuota = 1200;
const documentedWindowMs = 300_000;

/** `t` is in whole seconds; whether it is rounded up or down is not documented. With one more no request comes too early. */
export const roundingMs = 1000;

/** No window is longer, whatever the server says: Cloudflare's own last 5 minutes. */
const longestWindowMs = 300_000;

/** Milliseconds between two reports that show whether the end of a window moves, although each may be wrong by a second. */
const comparableMs = 2200;

/** Requests of the reserve that interactive requests leave unused as well, for Terraform and the dashboard. */
const interactiveReserve = 20;

/** Maximum number of times of requests that are kept. */
const mostTimes = 10_000;

/** What else is known when a response reports a limit. */
interface ReportContext {
  readonly inFlight: number;
  /** Whether it is the first report of this limit. */
  readonly isNew: boolean;
  /** Whether the response is a 429, whose window may be another one. */
  readonly isRefused: boolean;
}

/**
 * One rate limit of a credential and the state of its current window. Servers count in fixed windows, whose end stays the same, or in a sliding
 * one, which each request leaves after the length of the window. The reports of the responses tell which it is.
 */
export class RateLimit {
  private quota = documentedQuota;
  private windowMs = documentedWindowMs;
  /** Requests left: the server's number, less the requests sent since. */
  private left = documentedQuota;
  /** When a fixed window ends; undefined until a request starts the window. */
  private resetsAt: number | undefined;
  /** The smallest number of requests left that was reported since nothing was in flight. */
  private lowest = Infinity;
  /** Undefined until reports show it: until then as careful as for a sliding window. */
  private form: 'fixed' | 'sliding' | undefined;
  /** Requests sent since the last window began. */
  private sent = 0;
  /** The first report of the current window: when it came, and the end of the window by it. */
  private first: { readonly at: number; readonly reset: number } | undefined;
  /** When requests were answered, oldest first: they leave a sliding window in this order. */
  private readonly answeredAt: number[] = [];
  /** Whether the first report of a window is due that followed another one: it shows whether all requests have left the window. */
  private isNewWindow = false;
  /** Whether the user lets requests use the reserve of this window. */
  private isReserveUsed = false;

  /** @param assumed The limit that was assumed before the server named this one: requests sent since then count. */
  constructor(
    private readonly clock: Clock,
    private readonly reserve: () => number,
    assumed?: RateLimit,
  ) {
    if (assumed) {
      ({ left: this.left, resetsAt: this.resetsAt, isReserveUsed: this.isReserveUsed } = assumed);
    }
  }

  get isUsedUp(): boolean {
    return this.left <= 0;
  }

  waitMs(priority: Priority): number {
    const reserved = this.reserved(priority);
    if (this.left > reserved) {
      return 0;
    }
    // A window may be used up before its first request, by requests that were in flight when it began.
    this.resetsAt ??= this.clock.now() + this.windowMs;
    const leaving = this.form === 'fixed' ? undefined : this.answeredAt[reserved - this.left];
    return leaving === undefined ? this.untilReset() : Math.max(1, leaving + this.windowMs - this.clock.now());
  }

  /** Whether requests wait only because a reserve is kept. */
  isKept(priority: Priority): boolean {
    return this.left > 0 && this.left <= this.reserved(priority);
  }

  /** Lets requests use the reserve until the next window. */
  useReserve(): void {
    this.isReserveUsed = true;
  }

  /** @param blockedMs How long a 429 still blocks all requests. */
  bulkWaitMs(requests: number, blockedMs: number | undefined): number {
    const reserved = this.reserved('bulk');
    const now = this.bulkNow(blockedMs);
    if (requests <= now) {
      return 0;
    }
    const windows = Math.ceil((requests - now) / (this.quota - reserved));
    return (blockedMs ?? this.untilReset()) + (windows - 1) * this.windowMs;
  }

  /** Bulk requests that may be sent before the next window. */
  bulkNow(blockedMs: number | undefined): number {
    return blockedMs === undefined ? Math.max(0, this.left - this.reserved('bulk')) : 0;
  }

  /** Requests of a window that are kept back. Bulk requests get at least one request a window. */
  private reserved(priority: Priority): number {
    if (priority === 'verification' || this.isReserveUsed) {
      return 0;
    }
    const reserved = Math.min(Math.ceil(this.quota * this.reserve()), this.quota - 1);
    return priority === 'bulk' ? reserved : Math.min(Math.floor(reserved / 2), interactiveReserve);
  }

  untilReset(): number {
    return Math.max(1, (this.resetsAt ?? this.clock.now() + this.windowMs) - this.clock.now());
  }

  onSent(): void {
    this.resetsAt ??= this.clock.now() + this.windowMs;
    this.left--;
    this.sent++;
  }

  onAnswered(): void {
    this.answeredAt.push(this.clock.now());
    if (this.answeredAt.length > mostTimes) {
      this.answeredAt.shift();
    }
  }

  onReported(report: ReportedLimit, { inFlight, isNew, isRefused }: ReportContext): void {
    const { remaining, resetSeconds, quota, windowSeconds } = report;
    const before = this.quota;
    // A quota of 0 would block all requests for ever.
    this.quota = quota !== undefined && quota >= 1 ? quota : this.quota;
    if (windowSeconds !== undefined) {
      this.windowMs = Math.min(Math.max(windowSeconds * 1000, roundingMs), longestWindowMs);
    }
    const isOtherWindow = this.onReset(resetSeconds, isRefused);
    const isFirst = remaining !== undefined && this.isNewWindow && !isRefused;
    if (isFirst) {
      this.form ??= remaining >= this.quota - this.sent ? 'fixed' : 'sliding';
      this.isNewWindow = false;
    }
    if (remaining === undefined) {
      // Requests sent under a larger assumed quota count towards the smaller one.
      this.left -= Math.max(0, before - this.quota);
      return;
    }
    this.lowest = Math.min(isOtherWindow || isFirst ? Infinity : this.lowest, remaining);
    if (inFlight === 0) {
      // Responses may arrive out of order: the smallest number is that of the request that the server counted last.
      this.left = this.lowest;
      this.lowest = Infinity;
    } else {
      // The server may or may not have counted the requests in flight, so they are subtracted.
      const most = isNew || isOtherWindow || isFirst ? Infinity : this.left;
      this.left = Math.min(most, remaining - inFlight);
    }
  }

  /** Notes when the window ends by a report. Returns whether it is another window than before. */
  private onReset(resetSeconds: number | undefined, isRefused: boolean): boolean {
    const now = this.clock.now();
    if (resetSeconds === undefined) {
      this.resetsAt = this.resetsAt === undefined ? undefined : Math.min(this.resetsAt, now + this.windowMs);
      return false;
    }
    const untilReset = Math.min(resetSeconds * 1000, longestWindowMs);
    const reset = now + untilReset;
    // A window that has just begun ends exactly after its length.
    const end = reset + (untilReset === this.windowMs && untilReset > 0 ? 0 : roundingMs);
    if (isRefused) {
      this.first = undefined;
      this.resetsAt = end;
      return false;
    }
    const isFull = untilReset > this.windowMs - roundingMs;
    if (!isFull) {
      // A sliding window is never empty before its length has passed since the request.
      this.form = 'fixed';
    }
    const isOtherWindow = this.first !== undefined && this.form !== 'sliding' && now >= this.first.reset;
    if (this.first === undefined || isOtherWindow) {
      this.first = { at: now, reset };
      this.resetsAt = end;
      return isOtherWindow;
    }
    if (isFull && now - this.first.at >= comparableMs && reset - this.first.reset > comparableMs / 2) {
      this.form = 'sliding';
    }
    const known = this.form === 'sliding' ? Infinity : (this.resetsAt ?? Infinity);
    this.resetsAt = Math.min(known, end);
    return false;
  }

  startWindowWhenDue(inFlight: number, isUnblocked: boolean): void {
    const now = this.clock.now();
    let gone = 0;
    while ((this.answeredAt[gone] ?? Infinity) + this.windowMs <= now) {
      gone++;
    }
    this.answeredAt.splice(0, gone);
    if (this.form !== 'fixed') {
      this.left = Math.min(this.quota - inFlight, this.left + gone);
    }
    const isDue = this.resetsAt !== undefined && now >= this.resetsAt;
    if (isDue || (isUnblocked && this.isUsedUp)) {
      const inWindow = this.form === 'fixed' || isUnblocked ? 0 : this.answeredAt.length;
      this.left = this.quota - inFlight - inWindow;
      this.resetsAt = undefined;
      this.isNewWindow = inWindow > 0;
      this.first = undefined;
      this.sent = inFlight;
      this.isReserveUsed = false;
    }
  }
}
