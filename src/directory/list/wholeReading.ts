import type { BulkDuration } from '../../cloudflare';
import type { ResourceKind } from './kind';
import { readToEnd, settleMoved } from './readToEnd';
import type { Identified, Snapshot } from './snapshot';

/** The progress of a reading of the whole list. */
export interface ReadingProgress {
  /** Items read so far, and how many there are, where the server says so. */
  readonly count: number;
  readonly total: number | undefined;
  /** Whether the list is read a second time because it changed during the first. */
  readonly isAgain: boolean;
}

/** The part of the list that the reading uses. */
export interface WholeReadingOwner<T extends Identified> {
  readonly newSnapshot: () => Promise<Snapshot<T>>;
  /** The snapshot of the shown pages. */
  readonly shown: () => Snapshot<T> | undefined;
  /** Waits until the first page is shown; throws its error. */
  readonly ensureFirstPage: (signal: AbortSignal) => Promise<void>;
  /** The progress changed. `true`: the reading has ended. */
  readonly onRead: (isEnd: boolean) => void;
}

interface Running {
  readonly done: Promise<boolean>;
  readonly abort: AbortController;
  isAgain: boolean;
}

/** The reading of the whole list, for searching. The last complete reading is kept until a newer one is complete. */
export class WholeReading<T extends Identified> {
  /** The last complete reading. */
  private complete: Snapshot<T> | undefined;
  /** A reading that runs, or that was cancelled or failed and can be continued. */
  private partial: Snapshot<T> | undefined;
  private running: Running | undefined;
  private lastError: unknown;

  constructor(
    private readonly kind: ResourceKind<T>,
    private readonly owner: WholeReadingOwner<T>,
  ) {}

  /** The last complete reading, and one that is not complete. */
  get snapshots(): { readonly complete: Snapshot<T> | undefined; readonly partial: Snapshot<T> | undefined } {
    return { complete: this.complete, partial: this.partial };
  }

  /** Undefined while no reading runs. */
  get progress(): ReadingProgress | undefined {
    const { partial, running } = this;
    return running && { count: partial?.count ?? 0, total: partial?.total, isAgain: running.isAgain };
  }

  /** The error of the last reading; undefined if it succeeded. */
  get error(): unknown {
    return this.lastError;
  }

  /** The minimum time that reading the rest of the list takes. It is a guess if the server does not say how long the list is. */
  get duration(): BulkDuration {
    return this.kind.bulkDuration(this.pagesLeft);
  }

  /** Requests that reading the rest of the list takes; undefined if the server has not said how long the list is. */
  get requests(): number | undefined {
    const read = this.partial ?? this.complete ?? this.owner.shown();
    return read?.isComplete || read?.total !== undefined ? this.pagesLeft : undefined;
  }

  private get pagesLeft(): number {
    // After a complete reading the list is read again from its first page.
    const continued = this.partial ?? (this.complete ? undefined : this.owner.shown());
    const { lastPageNeeded = 1 } = continued ?? this.complete ?? {};
    const pages = continued?.isComplete ? 0 : lastPageNeeded + 1 - (continued?.nextPage ?? 1);
    return Math.max(0, pages);
  }

  /** Whether the running reading adds pages to this snapshot. */
  isReading(snapshot: Snapshot<T>): boolean {
    return this.running !== undefined && snapshot === this.partial;
  }

  /**
   * Reads the whole list, several pages at a time. It continues a reading that was cancelled or failed, and reads a complete list again. Pages
   * beside which the list changed are read again. Never rejects (see `error`); returns whether it reached the end of the list.
   */
  read(): Promise<boolean> {
    return this.running?.done ?? this.start();
  }

  /** Aborts the reading. Its pages are kept, and the next reading continues there. */
  cancel(): void {
    this.running?.abort.abort();
  }

  /** A refresh replaces the shown snapshot: a complete newer one replaces older readings; older ones that have more are kept. */
  onRefresh(newer: Snapshot<T>, shownPages: number): void {
    if (this.running) {
      return;
    }
    const { partial } = this;
    const hasMore = partial !== undefined && (partial !== this.owner.shown() || partial.pageCount > shownPages);
    this.partial = !newer.isComplete && hasMore ? partial : undefined;
    this.complete = newer.isComplete ? undefined : this.complete;
  }

  private start(): Promise<boolean> {
    const abort = new AbortController();
    const settle = async () => {
      let isDone = false;
      this.lastError = undefined;
      try {
        await this.readAll(abort.signal);
        isDone = true;
      } catch (error) {
        this.lastError = abort.signal.aborted ? undefined : error;
      }
      // Abort the requests for pages beyond the end of the list.
      abort.abort();
      this.running = undefined;
      this.owner.onRead(true);
      return isDone;
    };
    const done = Promise.resolve().then(settle);
    this.running = { done, abort, isAgain: false };
    this.owner.onRead(false);
    return done;
  }

  private async readAll(signal: AbortSignal): Promise<void> {
    await this.owner.ensureFirstPage(signal);
    const readPage = (page: number) => this.kind.readPage(page, { signal, priority: 'bulk' });
    const onPage = () => this.owner.onRead(false);
    let snapshot = (this.partial ??=
      (this.complete ? undefined : this.owner.shown()) ?? (await this.owner.newSnapshot()));
    await readToEnd(snapshot, readPage, onPage);
    const hasChanged = snapshot.movedPages.size > 0;
    this.complete = snapshot;
    this.partial = undefined;
    snapshot.isSettled = await settleMoved(snapshot, readPage);
    snapshot.isRepaired = snapshot.isSettled && hasChanged;
    if (snapshot.isSettled) {
      return;
    }
    if (this.running) {
      this.running.isAgain = true;
    }
    snapshot = this.partial = await this.owner.newSnapshot();
    await readToEnd(snapshot, readPage, onPage);
    snapshot.isSettled = await settleMoved(snapshot, readPage);
    snapshot.isRepaired = hasChanged;
    this.complete = snapshot;
    this.partial = undefined;
  }
}
