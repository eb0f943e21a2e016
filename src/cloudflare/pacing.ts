import type { Clock } from './clock';
import type { BulkDuration, Priority } from './gate';
import { AddressRate, RateBudget, requestsPerSecond } from './rateBudget';
import { type ReportedLimit, reportedLimits } from './rateLimitHeaders';
import { retryAfterMs } from './retryAfter';
import { Scheduler } from './scheduler';
import type { Answer } from './transport';

/** When requests go: what each credential may still send, and what all of them share. */
export class Pacing {
  private readonly scheduler: Scheduler;
  private readonly budgets = new Map<string, RateBudget>();

  constructor(
    private readonly clock: Clock,
    private readonly reserve: () => number,
    onHeldBack: (credential: string, waitMs: number) => void,
  ) {
    this.scheduler = new Scheduler(clock, new AddressRate(clock), (budget, waitMs) => {
      const [credential] = [...this.budgets].find(([, known]) => known === budget) ?? [];
      if (credential !== undefined) {
        onHeldBack(credential, waitMs);
      }
    });
  }

  /** Resolves when a request may be sent; whoever was let through calls `release`. Rejects with the reason of an abort. */
  acquire(credential: string, priority: Priority, signal: AbortSignal): Promise<void> {
    return this.scheduler.acquire(this.budgetOf(credential), priority, signal);
  }

  /** A request has ended, with an answer or without; gives what the answer says of limits. */
  release(credential: string, answer: Answer | undefined): readonly ReportedLimit[] {
    const limits = answer ? reportedLimits(answer.headers) : [];
    const said = answer && { status: answer.status, limits, blockedForMs: retryAfterMs(answer.headers) };
    this.budgetOf(credential).onAnswered(said);
    this.scheduler.release();
    return limits;
  }

  /** How long so many bulk requests take at least, and how much of it is waiting for windows; both in ms. */
  bulkDuration(credential: string, requests: number): BulkDuration {
    const waitMs = this.budgetOf(credential).bulkWaitMs(requests);
    return { waitMs, totalMs: waitMs + (requests / requestsPerSecond) * 1000 };
  }

  private budgetOf(credential: string): RateBudget {
    let budget = this.budgets.get(credential);
    if (budget === undefined) {
      budget = new RateBudget(this.clock, this.reserve);
      this.budgets.set(credential, budget);
    }
    return budget;
  }
}
