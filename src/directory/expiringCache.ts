/** Maximum number of answers; the oldest is dropped first. */
const mostEntries = 50;

interface Entry<T> {
  readonly value: T;
  readonly until: number;
}

/** Keeps answers for a limited time. Failures are not kept. */
export class ExpiringCache<T> {
  private entries = new Map<string, Entry<T>>();

  constructor(
    private readonly lifeMs: number,
    /** A monotonic clock, ms. */
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** The kept answer of a key, or a new one. */
  async get(key: string, ask: () => Promise<T>): Promise<T> {
    const { entries } = this;
    const known = entries.get(key);
    if (known !== undefined && this.now() < known.until) {
      return known.value;
    }
    const value = await ask();
    entries.delete(key);
    entries.set(key, { value, until: this.now() + this.lifeMs });
    for (const [oldest, { until }] of entries) {
      if (entries.size <= mostEntries && this.now() < until) {
        break;
      }
      entries.delete(oldest);
    }
    return value;
  }

  /** Drops all answers, also those of pending requests. */
  clear(): void {
    this.entries = new Map();
  }
}
