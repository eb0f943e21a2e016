import type { Clock } from './clock';
import type { Priority } from './gate';
import type { AddressRate, RateBudget } from './rateBudget';

/** How many requests run at once; the extension host's `fetch` drops the agent's own limit on connections. */
export const maxRequestsInFlight = 8;

interface Waiting {
  readonly budget: RateBudget;
  readonly priority: Priority;
  readonly start: () => void;
}

/**
 * Decides when each request goes: at most 8 at once, at most 200 in a second, within the budget of its credential; what a person waits
 * for first, otherwise in the order asked. A request that its credential's budget holds back lets those of other credentials pass.
 */
export class Scheduler {
  private readonly waiting: Record<Priority, Set<Waiting>> = { interactive: new Set(), bulk: new Set() };
  private inFlight = 0;
  private cancelWake: (() => void) | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly rate: AddressRate,
    /** Told how many milliseconds a budget still holds back what a person waits for, 0 once it does not. */
    private readonly onHeldBack: (budget: RateBudget, waitMs: number) => void,
  ) {}

  /** Resolves when a request may be sent; whoever was let through calls `release`. Rejects with the reason of an abort. */
  acquire(budget: RateBudget, priority: Priority, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason as Error);
        return;
      }
      const queue = this.waiting[priority];
      const leave = () => {
        queue.delete(entry);
        this.pump();
        reject(signal?.reason as Error);
      };
      const entry: Waiting = {
        budget,
        priority,
        start: () => {
          signal?.removeEventListener('abort', leave);
          queue.delete(entry);
          this.inFlight++;
          this.rate.onSent();
          budget.onSent();
          resolve();
        },
      };
      signal?.addEventListener('abort', leave, { once: true });
      queue.add(entry);
      this.pump();
    });
  }

  release(): void {
    this.inFlight--;
    this.pump();
  }

  /** Lets through what may go, and sets a timer for what may go later. */
  private pump(): void {
    this.cancelWake?.();
    this.cancelWake = undefined;
    const heldBack = new Map<RateBudget, number>();
    let wakeMs = Infinity;

    for (const entry of [...this.waiting.interactive, ...this.waiting.bulk]) {
      if (this.inFlight >= maxRequestsInFlight) {
        break;
      }
      const rateMs = this.rate.waitMs();
      if (rateMs > 0) {
        wakeMs = Math.min(wakeMs, rateMs);
        break;
      }
      const budgetMs = entry.budget.waitMs(entry.priority);
      if (budgetMs > 0) {
        if (entry.priority === 'interactive') {
          heldBack.set(entry.budget, budgetMs);
        }
        wakeMs = Math.min(wakeMs, budgetMs);
      } else {
        entry.start();
      }
    }
    if (wakeMs < Infinity) {
      this.cancelWake = this.clock.after(Math.ceil(wakeMs), () => this.pump());
    }
    this.tell(heldBack);
  }

  private told = new Set<RateBudget>();

  private tell(heldBack: ReadonlyMap<RateBudget, number>): void {
    for (const [budget, waitMs] of heldBack) {
      this.onHeldBack(budget, waitMs);
    }
    for (const budget of this.told) {
      if (!heldBack.has(budget)) {
        this.onHeldBack(budget, 0);
      }
    }
    this.told = new Set(heldBack.keys());
  }
}
