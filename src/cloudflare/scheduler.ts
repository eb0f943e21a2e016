import type { Clock } from './clock';
import type { Priority } from './gate';
import type { AddressRate, RateBudget } from './rateBudget';

/** How many requests run at once; the extension host's `fetch` drops the agent's own limit on connections. */
export const maxRequestsInFlight = 8;

/** Of a change by less, in ms, nobody is told: whole seconds are shown. */
const noticeableMs = 500;

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
        wakeMs = Math.min(wakeMs, budgetMs);
      } else {
        entry.start();
      }
    }
    // Whatever else keeps a request back, its budget is what a person is told of.
    const heldBack = this.heldBack();
    wakeMs = Math.min(wakeMs, ...heldBack.values());
    if (wakeMs < Infinity) {
      this.cancelWake = this.clock.after(Math.ceil(wakeMs), () => this.pump());
    }
    this.tell(heldBack);
  }

  private heldBack(): ReadonlyMap<RateBudget, number> {
    const budgets = new Set([...this.waiting.interactive].map(({ budget }) => budget));
    const waits = [...budgets].map((budget) => [budget, budget.waitMs('interactive')] as const);
    return new Map(waits.filter(([, waitMs]) => waitMs > 0));
  }

  /** When each wait that was told of ends. */
  private readonly told = new Map<RateBudget, number>();

  private tell(heldBack: ReadonlyMap<RateBudget, number>): void {
    for (const [budget, waitMs] of heldBack) {
      const end = this.clock.now() + waitMs;
      if (Math.abs(end - (this.told.get(budget) ?? -Infinity)) >= noticeableMs) {
        this.told.set(budget, end);
        this.onHeldBack(budget, waitMs);
      }
    }
    for (const budget of this.told.keys()) {
      if (!heldBack.has(budget)) {
        this.told.delete(budget);
        this.onHeldBack(budget, 0);
      }
    }
  }
}
