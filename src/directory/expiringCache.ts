/** Answers kept at most; the oldest goes first. */
const mostEntries = 50;

interface Entry<T> {
  readonly value: T;
  readonly until: number;
}

/** Answers that are good for a while. A failure is not kept. */
export class ExpiringCache<T> {
  private entries = new Map<string, Entry<T>>();

  constructor(
    private readonly lifeMs: number,
    /** A clock that only goes forward, ms. */
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** The answer that is kept under a key, or a new one. */
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

  /** Forgets all answers, those that are under way included. */
  clear(): void {
    this.entries = new Map();
  }
}
