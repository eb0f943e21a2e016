import { type Priority, walkPages } from '../../cloudflare';
import type { ResourceKind } from './kind';
import type { Identified, Place, Snapshot } from './snapshot';

export type ListActivity = 'idle' | 'loading' | 'refreshing';

/** The last failure, and which operation *Retry* repeats. */
export interface ListFailure {
  readonly during: 'loading' | 'refreshing';
  readonly error: unknown;
}

/** The part of the list that the shown pages use. */
export interface ShownPagesOwner<T extends Identified> {
  readonly newSnapshot: () => Promise<Snapshot<T>>;
  /** Waits while the reading of the whole list adds pages to this snapshot: two walks over one list would mix up its pages. */
  readonly nextPageOf: (snapshot: Snapshot<T>, shownPages: number, signal: AbortSignal) => Promise<void>;
  /** A refresh replaces the snapshot that is shown. */
  readonly onRefresh: (newer: Snapshot<T>, shownPages: number) => void;
  /** Items, activity or failure changed. */
  readonly onChange: () => void;
}

/** The first pages of a list, which the tree shows and reads one by one. A failure is kept beside the items that were read. */
export class ShownPages<T extends Identified> {
  /** Begins with the shown pages; it may have more, which were read for searching. */
  private shown: Snapshot<T> | undefined;
  private pageCount = 0;
  private running:
    | { readonly what: 'loading' | 'refreshing'; readonly done: Promise<void>; readonly abort: AbortController }
    | undefined;
  private lastFailure: ListFailure | undefined;

  constructor(
    private readonly kind: ResourceKind<T>,
    private readonly owner: ShownPagesOwner<T>,
  ) {}

  /** Items shown. */
  get count(): number {
    return this.shown?.countOfPages(this.pageCount) ?? 0;
  }

  /** The reading that the shown pages belong to; undefined before the first page. */
  get snapshot(): Snapshot<T> | undefined {
    return this.shown;
  }

  /** Shown item `i`, counted from 0. */
  item(i: number): T {
    return this.at(i).item(i);
  }

  /** The server's JSON of shown item `i`. */
  rawText(i: number): string {
    return this.at(i).rawText(i);
  }

  /** Page and row of shown item `i`, which identify an item without an id. */
  place(i: number): Place {
    return this.at(i).place(i);
  }

  /** Index of the shown item with an id. */
  indexOf(id: string): number | undefined {
    const i = this.shown?.indexOf(id);
    return i === undefined || i >= this.count ? undefined : i;
  }

  /** Items of the whole list, where the server says so and the items that were read do not contradict it. */
  get total(): number | undefined {
    return this.shown?.total;
  }

  /** Whether the first page was read, also if it is empty. */
  get hasFirstPage(): boolean {
    return this.shown !== undefined && (this.shown.pageCount > 0 || this.shown.end !== undefined);
  }

  /** Whether the list changed while the shown pages were read, so that items may be missing until a refresh. */
  get isUncertain(): boolean {
    return this.shown !== undefined && !this.shown.isSettled && this.shown.hasMovedWithin(this.pageCount);
  }

  /** Whether all items are shown and there are no more to read. */
  get isComplete(): boolean {
    return this.shown !== undefined && this.shown.isComplete && this.pageCount >= this.shown.pageCount;
  }

  get activity(): ListActivity {
    return this.running?.what ?? 'idle';
  }

  get failure(): ListFailure | undefined {
    return this.lastFailure;
  }

  /** Resolves when the running operation has ended; undefined if there is none. */
  get done(): Promise<void> | undefined {
    return this.running?.done;
  }

  /** Reads the first page if it was not read yet; never rejects (see `failure`). */
  async ensureFirstPage(): Promise<void> {
    if (!this.hasFirstPage && (this.lastFailure === undefined || this.running)) {
      await this.loadMore();
    }
  }

  /**
   * Shows the next page: one that was read already, or the server's. A second call while a page is being read waits for that page; during a
   * refresh the page is read afterwards. Never rejects (see `failure`).
   */
  loadMore(priority: Priority = 'interactive'): Promise<void> {
    if (this.running?.what === 'refreshing') {
      return this.running.done.then(() => this.loadMore(priority));
    }
    return this.running?.done ?? this.run('loading', (signal) => this.showNextPage(signal, priority));
  }

  /**
   * Reads the shown pages again, all at the same time, and replaces them when all have arrived. Aborts a page that is being loaded. Never
   * rejects (see `failure`).
   */
  refresh(): Promise<void> {
    if (this.running?.what === 'refreshing') {
      return this.running.done;
    }
    this.running?.abort.abort();
    return this.run('refreshing', (signal) => this.readAgain(signal));
  }

  /** Aborts the page or refresh that is being read. Loaded items stay, and no failure is recorded. */
  cancel(): void {
    this.running?.abort.abort();
  }

  /** Repeats the operation that failed last. */
  retry(): Promise<void> {
    return this.lastFailure?.during === 'refreshing' ? this.refresh() : this.loadMore();
  }

  private at(i: number): Snapshot<T> {
    if (this.shown === undefined || i >= this.count) {
      throw new RangeError(`No item ${i} among ${this.count}`);
    }
    return this.shown;
  }

  private run(what: 'loading' | 'refreshing', work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const abort = new AbortController();
    const settle = async () => {
      try {
        await work(abort.signal);
        this.lastFailure = undefined;
      } catch (error) {
        if (!abort.signal.aborted) {
          this.lastFailure = { during: what, error };
          // Abort the other pages.
          abort.abort();
        }
      }
      // If a refresh has started meanwhile, it reports its own end.
      if (this.running?.abort === abort) {
        this.running = undefined;
        this.owner.onChange();
      }
    };
    const done = Promise.resolve().then(settle);
    this.running = { what, done, abort };
    this.owner.onChange();
    return done;
  }

  private async showNextPage(signal: AbortSignal, priority: Priority): Promise<void> {
    // Check again: a refresh may have replaced the snapshot meanwhile.
    const created = this.shown ?? (await this.owner.newSnapshot());
    const snapshot = (this.shown ??= created);
    await this.owner.nextPageOf(snapshot, this.pageCount, signal);
    if (snapshot.pageCount <= this.pageCount) {
      const readPage = (page: number) => this.kind.readPage(page, { signal, priority });
      const walk = walkPages(readPage, { from: snapshot.nextPage, memory: snapshot });
      // Keep a page that has arrived even if a refresh has just started: the walk already knows its items.
      const { done, value } = await walk.next();
      snapshot.end = done ? value : undefined;
    }
    if (snapshot === this.shown) {
      this.pageCount = Math.min(this.pageCount + 1, snapshot.pageCount);
    }
  }

  private async readAgain(signal: AbortSignal): Promise<void> {
    const shownPages = Math.max(1, this.pageCount);
    const numbers = Array.from({ length: shownPages }, (_, i) => i + 1);
    const pages = await Promise.all(
      numbers.map((page) => this.kind.readPage(page, { signal, priority: 'interactive' })),
    );
    const snapshot = await this.owner.newSnapshot();
    // Walk over the new pages: items may have moved, been removed, or be listed twice.
    const pageAgain = (number: number) => {
      const page = pages[number - 1];
      return page ? Promise.resolve(page) : Promise.reject(new RangeError(`Page ${number} was not read`));
    };
    const walk = walkPages(pageAgain, { memory: snapshot, cap: pages.length });
    let step = await walk.next();
    for (; !step.done; step = await walk.next());
    snapshot.end = step.value === 'cap' ? undefined : step.value;
    signal.throwIfAborted();
    this.owner.onRefresh(snapshot, shownPages);
    this.shown = snapshot;
    this.pageCount = snapshot.pageCount;
  }
}
