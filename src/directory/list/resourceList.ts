import { EventEmitter, once } from 'node:events';
import { untilAborted } from '../../cloudflare';
import type { Query, Rank } from '../../matching';
import { LoadingCancelledError } from '../errors';
import type { ResourceKind } from './kind';
import { ShownPages } from './shownPages';
import type { Identified, Place, Snapshot } from './snapshot';
import { WholeReading } from './wholeReading';

/**
 * How far a list is loaded.
 * - `partial`: it was not read to its end.
 * - `complete`: it was read to its end and did not change meanwhile.
 * - `repaired`: it changed while it was read; the changed pages were read again, and no item can be missing.
 * - `uncertain`: items may be missing. It changed again while it was read again, or the server announced more items than it sent.
 */
export type CoverageState = 'partial' | 'complete' | 'repaired' | 'uncertain';

/** How much of a list a search of the loaded items covers. */
export interface Coverage {
  /** Items that are searched. */
  readonly count: number;
  /** Items of the whole list, where the server says so. */
  readonly total: number | undefined;
  /** When the reading began, ms since 1970; undefined before the first page. */
  readonly since: number | undefined;
  readonly state: CoverageState;
}

/** Whether a search covers all items as of `since`. */
export function isWholeList({ state }: Coverage): boolean {
  return state === 'complete' || state === 'repaired';
}

/** An item that matches; it is decoded when `item` is read. */
export interface ListMatch<T> {
  readonly rank: Rank;
  readonly item: T;
  readonly place: Place;
}

/**
 * The loaded part of a list of the API: the pages that the tree shows, and the reading of the whole list for searching.
 *
 * Emits `change` when the shown pages, their activity or their failure change, `read` when the reading of the whole list makes progress,
 * and `whole` when it has ended.
 */
export class ResourceList<T extends Identified> extends EventEmitter<{ change: []; read: []; whole: [] }> {
  readonly shown: ShownPages<T>;
  readonly whole: WholeReading<T>;
  private readAgain: ReadAgain<T> | undefined;

  constructor(
    kind: ResourceKind<T>,
    /** Returns ms since 1970. */
    now: () => number = Date.now,
  ) {
    super();
    const newSnapshot = () => kind.newSnapshot(now());
    this.shown = new ShownPages(kind, {
      newSnapshot,
      nextPageOf: async (snapshot, shownPages, signal) => {
        while (this.whole.isReading(snapshot) && snapshot.pageCount <= shownPages) {
          await once(this, 'read', { signal });
        }
      },
      onRefresh: (newer, shownPages) => {
        this.whole.onRefresh(newer, shownPages);
        this.readAgain = undefined;
      },
      onChange: () => this.emit('change'),
    });
    this.whole = new WholeReading(kind, {
      newSnapshot,
      shown: () => this.shown.snapshot,
      ensureFirstPage: (signal) => this.ensureFirstPage(signal),
      onRead: (isEnd) => {
        this.emit('read');
        if (isEnd) {
          this.readAgain = undefined;
          this.emit('change');
          this.emit('whole');
        }
      },
    });
  }

  /** How much a search of the loaded items covers. */
  get coverage(): Coverage {
    const { complete } = this.whole.snapshots;
    const shown = this.shown.snapshot;
    const whole = complete ?? (shown?.isComplete ? shown : undefined);
    const { count = 0, total, since } = whole ?? this.sources().toSorted((a, b) => b.count - a.count)[0] ?? {};
    if (whole === undefined) {
      return { count, total, since, state: 'partial' };
    }
    const isSettled = whole === complete ? whole.isSettled : whole.agreesWithTotal === true;
    const { announced } = whole;
    const isUncertain = announced !== undefined || (!isSettled && whole.movedPages.size > 0);
    const state = isUncertain ? 'uncertain' : whole.isRepaired ? 'repaired' : 'complete';
    return { count, total: announced ?? total, since, state };
  }

  /** The loaded item with an id, shown or not. */
  find(id: string): T | undefined {
    const found = this.locate(id);
    return found?.snapshot.item(found.index);
  }

  /** The server's JSON of the loaded item with an id. */
  rawText(id: string): string | undefined {
    const found = this.locate(id);
    return found?.snapshot.rawText(found.index);
  }

  /** All loaded items, those of the newest reading first. */
  *loaded(): Generator<LoadedItem<T>> {
    const sources = this.sources();
    const [newer, older] = sources;
    const hidden = newer && older ? this.indexesReadAgain(newer, older) : new Set();
    for (const snapshot of sources) {
      for (let i = 0; i < snapshot.count; i++) {
        if (snapshot !== older || !hidden.has(i)) {
          yield new LoadedItem(snapshot, i);
        }
      }
    }
  }

  private locate(id: string): { readonly snapshot: Snapshot<T>; readonly index: number } | undefined {
    const { partial, complete } = this.whole.snapshots;
    const newestFirst = [this.shown.snapshot, partial, complete]
      .filter((snapshot) => snapshot !== undefined)
      .toSorted((a, b) => b.since - a.since);
    for (const snapshot of newestFirst) {
      const index = snapshot.indexOf(id);
      if (index !== undefined) {
        return { snapshot, index };
      }
    }
    return undefined;
  }

  /** At most `limit` loaded items that match, best first; equal ranks in the list's order. */
  search(query: Query, limit: number): ListMatch<T>[] {
    const [newer, older] = this.sources();
    const matchesIn = (snapshot: Snapshot<T>, most: number) =>
      snapshot.search(query, most).map(({ index, rank }) => new LazyMatch(snapshot, index, rank));
    if (newer === undefined || older === undefined) {
      return newer === undefined ? [] : matchesIn(newer, limit);
    }
    // A newer snapshot hides the same item of an older one.
    const hidden = this.indexesReadAgain(newer, older);
    const others = matchesIn(older, limit + hidden.size).filter(({ index }) => !hidden.has(index));
    return [...matchesIn(newer, limit), ...others].toSorted((a, b) => a.rank - b.rank).slice(0, limit);
  }

  /** Aborts all work. The loaded items stay readable. */
  dispose(): void {
    this.shown.cancel();
    this.whole.cancel();
    this.sources().forEach((snapshot) => snapshot.dispose());
    this.removeAllListeners();
  }

  private async ensureFirstPage(signal: AbortSignal): Promise<void> {
    const { shown } = this;
    if (!shown.hasFirstPage && !shown.done) {
      void shown.loadMore();
    }
    while (shown.done) {
      // The reading of the shown pages goes on if this one is cancelled.
      await untilAborted(shown.done, signal);
    }
    if (!shown.hasFirstPage) {
      throw (shown.failure?.error as Error | undefined) ?? new LoadingCancelledError();
    }
  }

  /** The snapshots that a search covers, newest first: the whole list, and the shown pages if they are newer. */
  private sources(): Snapshot<T>[] {
    const { complete, partial } = this.whole.snapshots;
    const fullest = complete ?? partial;
    const shown = this.shown.snapshot;
    const newer = shown === undefined || (fullest && fullest.since > shown.since) ? [] : [shown];
    return [...new Set([...newer, ...(fullest ? [fullest] : [])])];
  }

  private indexesReadAgain(newer: Snapshot<T>, older: Snapshot<T>): ReadonlySet<number> {
    if (this.readAgain?.newer !== newer || this.readAgain.older !== older) {
      this.readAgain = new ReadAgain(newer, older);
    }
    return this.readAgain.indexes;
  }
}

/** The items of an older snapshot that are in a newer one as well. The result is kept, since computing it decodes all items of the newer one. */
class ReadAgain<T extends Identified> {
  private readonly ids: (string | undefined)[] = [];
  private olderCount = 0;
  private known: ReadonlySet<number> = new Set();

  constructor(
    readonly newer: Snapshot<T>,
    readonly older: Snapshot<T>,
  ) {}

  /** Their indexes in the older snapshot. */
  get indexes(): ReadonlySet<number> {
    const { ids, newer, older } = this;
    if (ids.length < newer.count || this.olderCount < older.count) {
      while (ids.length < newer.count) {
        ids.push(newer.item(ids.length).id);
      }
      this.olderCount = older.count;
      this.known = new Set(ids.flatMap((id) => (id === undefined ? [] : (older.indexOf(id) ?? []))));
    }
    return this.known;
  }
}

/** A loaded item; it is decoded when `item` is read. */
export class LoadedItem<T extends Identified> {
  constructor(
    protected readonly snapshot: Snapshot<T>,
    readonly index: number,
  ) {}

  get item(): T {
    return this.snapshot.item(this.index);
  }

  /** The server's JSON. */
  get rawText(): string {
    return this.snapshot.rawText(this.index);
  }
}

class LazyMatch<T extends Identified> extends LoadedItem<T> implements ListMatch<T> {
  constructor(
    snapshot: Snapshot<T>,
    index: number,
    readonly rank: Rank,
  ) {
    super(snapshot, index);
  }

  get place(): Place {
    return this.snapshot.place(this.index);
  }
}
