import { untilAborted } from './abort';

/** A promise that several wait for; what makes it is aborted only when nobody waits any more. */
interface Shared<T> {
  readonly promise: Promise<T>;
  readonly abort: AbortController;
  waiting: number;
}

/** Does what is asked for under the same key once, as long as it is under way. */
export class Coalescer<T> {
  private readonly underWay = new Map<string, Shared<T>>();

  /** The result for a key; `work` is called only where nobody else waits for the same. Rejects with the reason of the own signal's abort. */
  async run(key: string, signal: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    signal?.throwIfAborted();
    const shared = this.underWay.get(key) ?? this.start(key, work);
    shared.waiting++;

    try {
      return await untilAborted(shared.promise, signal);
    } finally {
      shared.waiting--;
      if (shared.waiting === 0) {
        this.forget(key, shared);
        shared.abort.abort(signal?.reason);
      }
    }
  }

  private start(key: string, work: (signal: AbortSignal) => Promise<T>): Shared<T> {
    const abort = new AbortController();
    const shared: Shared<T> = { promise: work(abort.signal), abort, waiting: 0 };
    this.underWay.set(key, shared);
    const done = () => this.forget(key, shared);
    // Those who wait are told themselves; this one is only there to forget it.
    shared.promise.then(done, done);
    return shared;
  }

  private forget(key: string, shared: Shared<T>): void {
    if (this.underWay.get(key) === shared) {
      this.underWay.delete(key);
    }
  }
}
