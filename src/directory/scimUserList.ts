import { EventEmitter, once } from 'node:events';
import {
  type BulkDuration,
  type CloudflareApi,
  type Priority,
  type ScimUser,
  untilAborted,
  walkPages,
} from '../cloudflare';
import type { Query, Rank } from '../matching';
import { LoadingCancelledError } from './errors';
import { HeldUsers, type Place } from './heldUsers';
import type { IdentityProviderReference } from './reference';
import type { ReadPage } from './wholeList';

export type ListActivity = 'idle' | 'loading' | 'refreshing';

/** What failed last, and which of the two it was: *Retry* does the same thing again. */
export interface ListFailure {
  readonly during: 'loading' | 'refreshing';
  readonly error: unknown;
}

interface Running<T = void> {
  readonly done: Promise<T>;
  readonly abort: AbortController;
}

/** How much of an identity provider a search over what was read covers. */
export interface Coverage {
  /** Users that are searched. */
  readonly count: number;
  /** How many there are, where the server says so. */
  readonly total: number | undefined;
  /** Whether these are all users as of `since`. */
  readonly isComplete: boolean;
  /** When the reading began, ms since 1970; undefined where nothing was read. */
  readonly since: number | undefined;
  /** Whether the list changed while it was read, so that some of it was read again. */
  readonly hasChanged: boolean;
  /** Whether it went on changing, so that somebody may be missing. */
  readonly hasMoved: boolean;
}

/** A reading of the whole list, while it runs. */
export interface Reading {
  /** Users read so far, and how many there are, where the server says so. */
  readonly count: number;
  readonly total: number | undefined;
  /** The list changed while it was read, so it is read again. */
  readonly isAgain: boolean;
}

/** A user that matches; it is decoded when it is looked at. */
export interface ListMatch {
  readonly rank: Rank;
  readonly user: ScimUser;
  readonly place: Place;
}

/**
 * One identity provider's SCIM users, as far as they have been read. Nobody else keeps users or pages. The first pages are *shown*: the
 * tree asks for them one by one. A search looks at everything that was read, which may be the whole list. A failure is kept beside
 * what was loaded and never in its place.
 *
 * Emits `change` whenever something shown is another, and `read` whenever the reading of the whole list went on.
 */
export class ScimUserList extends EventEmitter<{ change: []; read: [] }> {
  /** Begins with the shown pages; there may be more in it, which were read for searching. */
  private front: HeldUsers | undefined;
  private shownPages = 0;
  private running: (Running & { readonly what: 'loading' | 'refreshing' }) | undefined;
  private lastFailure: ListFailure | undefined;

  /** The last reading of the whole list that came to its end; kept until a newer one does. */
  private whole: HeldUsers | undefined;
  private wholeHasChanged = false;
  /** A reading that is under way, or was given up and will be gone on with. */
  private partial: HeldUsers | undefined;
  private readingAll: (Running<boolean> & { isAgain: boolean }) | undefined;
  /** Nobody can have been missed in it. */
  private wholeIsSettled = false;
  private lastReadingError: unknown;
  private readAgain: ReadAgain | undefined;

  constructor(
    private readonly api: CloudflareApi,
    private readonly reference: IdentityProviderReference,
    /** The time, ms since 1970. */
    private readonly now: () => number = Date.now,
  ) {
    super();
  }

  /** Users shown. */
  get count(): number {
    return this.front?.countOfPages(this.shownPages) ?? 0;
  }

  /** Shown user `i`. */
  user(i: number): ScimUser {
    return this.shown(i).user(i);
  }

  /** The server's own text of shown user `i`. */
  rawText(i: number): string {
    return this.shown(i).rawText(i);
  }

  /** Where shown user `i` stands, page and row counted from 1: the key of a user without an id. */
  place(i: number): Place {
    return this.shown(i).place(i);
  }

  /** Index of the user with an id, where it is shown. */
  indexOf(userId: string): number | undefined {
    const i = this.front?.indexOf(userId);
    return i === undefined || i >= this.count ? undefined : i;
  }

  /** The user with an id, where it was read, shown or not. */
  find(userId: string): ScimUser | undefined {
    const newestFirst = [this.front, this.partial, this.whole]
      .filter((held) => held !== undefined)
      .toSorted((a, b) => b.since - a.since);
    for (const held of newestFirst) {
      const i = held.indexOf(userId);
      if (i !== undefined) {
        return held.user(i);
      }
    }
    return undefined;
  }

  /** How many users there are, where the server says so and what was read does not contradict it. */
  get total(): number | undefined {
    return this.front?.total;
  }

  /** Whether anything was read, be it an empty list. */
  get hasFirstPage(): boolean {
    return this.front !== undefined && (this.front.pageCount > 0 || this.front.end !== undefined);
  }

  /**
   * Whether the list changed while the shown pages were read: somebody came twice, or the server's total became another. Then somebody may
   * have been skipped, too, and only a refresh tells.
   */
  get hasMoved(): boolean {
    const { front } = this;
    const isSettled = front === this.whole && this.wholeIsSettled;
    return front !== undefined && !isSettled && front.hasMovedWithin(this.shownPages);
  }

  /** Whether all is shown and there is no more to ask for. */
  get isComplete(): boolean {
    return this.front !== undefined && this.front.isComplete && this.shownPages >= this.front.pageCount;
  }

  get activity(): ListActivity {
    return this.running?.what ?? 'idle';
  }

  get failure(): ListFailure | undefined {
    return this.lastFailure;
  }

  /** Reads the first page where that has not been done; never rejects (see `failure`). */
  async ensureFirstPage(): Promise<void> {
    if (!this.hasFirstPage && (this.lastFailure === undefined || this.running)) {
      await this.loadMore();
    }
  }

  /**
   * Shows the next page: one that was read already, or the server's. A second call while a page is being read waits for that one; during a
   * refresh the page is read after it. Never rejects (see `failure`).
   */
  loadMore(priority: Priority = 'interactive'): Promise<void> {
    if (this.running?.what === 'refreshing') {
      return this.running.done.then(() => this.loadMore(priority));
    }
    return this.running?.done ?? this.run('loading', (signal) => this.showNextPage(signal, priority));
  }

  /**
   * Reads the shown pages again, side by side, and swaps them when all are there. A page that is being loaded meanwhile is given up. What was
   * read for searching stays as it is. Never rejects (see `failure`).
   */
  refresh(): Promise<void> {
    if (this.running?.what === 'refreshing') {
      return this.running.done;
    }
    this.running?.abort.abort();
    return this.run('refreshing', (signal) => this.readShownAgain(signal));
  }

  /** Gives up the page or the refresh that is under way; what was read stays, and nothing counts as failed. */
  cancel(): void {
    this.running?.abort.abort();
  }

  /** Does again what failed last. */
  retry(): Promise<void> {
    return this.lastFailure?.during === 'refreshing' ? this.refresh() : this.loadMore();
  }

  /** How much a search covers. */
  get coverage(): Coverage {
    const fullest = this.sources().toSorted((a, b) => b.count - a.count)[0];
    const whole = this.whole ?? (this.front?.isComplete ? this.front : undefined);
    const { count = 0, total } = whole ?? fullest ?? {};
    const isSettled = whole === this.whole ? this.wholeIsSettled : whole?.agreesWithTotal === true;
    const hasMoved = whole !== undefined && !isSettled && whole.movedPages.size > 0;
    return {
      count,
      total,
      isComplete: whole !== undefined && !hasMoved,
      since: (whole ?? fullest)?.since,
      hasChanged: whole !== undefined && whole === this.whole && this.wholeHasChanged,
      hasMoved,
    };
  }

  /** The reading of the whole list that is under way. */
  get reading(): Reading | undefined {
    const { partial } = this;
    return this.readingAll && { count: partial?.count ?? 0, total: partial?.total, isAgain: this.readingAll.isAgain };
  }

  /** What the last reading of the whole list failed with; undefined after one that did not. */
  get readingError(): unknown {
    return this.lastReadingError;
  }

  /** How long it takes at least to read what is missing of the whole list, as far as the server says how much that is. */
  get readingDuration(): BulkDuration {
    // A list that was read to its end is read anew, from its first page.
    const goesOn = this.partial ?? (this.whole ? undefined : this.front);
    const { lastPageNeeded = 1 } = goesOn ?? this.whole ?? {};
    const pages = goesOn?.isComplete ? 0 : lastPageNeeded + 1 - (goesOn?.nextPage ?? 1);
    return this.api.bulkDuration(Math.max(0, pages));
  }

  /**
   * Reads the whole list for searching, its pages side by side; goes on where an earlier reading was given up or failed, and reads a list anew
   * that was read to its end. Where the list changes meanwhile, what may have been missed is read again. What is shown stays as it is.
   * Never rejects (see `readingError`): whether it came to the list's end.
   */
  loadAll(): Promise<boolean> {
    return this.readingAll?.done ?? this.startReading();
  }

  /** Gives up the reading of the whole list; what came is kept, and a later one goes on there. */
  cancelLoadAll(): void {
    this.readingAll?.abort.abort();
  }

  /** At most `limit` users that were read and match, the best first, those that match as well in the list's order. */
  search(query: Query, limit: number): ListMatch[] {
    const [newer, older] = this.sources();
    const matchesIn = (held: HeldUsers, most: number) =>
      held.search(query, most).map(({ index, rank }) => new LazyMatch(held, index, rank));
    if (newer === undefined || older === undefined) {
      return newer === undefined ? [] : matchesIn(newer, limit);
    }
    // A newer reading of a user hides the older one.
    const hidden = this.indexesReadAgain(newer, older);
    const others = matchesIn(older, limit + hidden.size).filter(({ index }) => !hidden.has(index));
    return [...matchesIn(newer, limit), ...others].toSorted((a, b) => a.rank - b.rank).slice(0, limit);
  }

  /** Ends whatever runs; what was read stays readable. */
  dispose(): void {
    this.running?.abort.abort();
    this.readingAll?.abort.abort();
    this.removeAllListeners();
  }

  /** What a search looks at, the newest first: the fullest reading, and the shown pages where they are newer. */
  private sources(): HeldUsers[] {
    const fullest = this.whole ?? this.partial;
    const shown = this.front === undefined || (fullest && fullest.since > this.front.since) ? [] : [this.front];
    return [...new Set([...shown, ...(fullest ? [fullest] : [])])];
  }

  private indexesReadAgain(newer: HeldUsers, older: HeldUsers): ReadonlySet<number> {
    if (this.readAgain?.newer !== newer || this.readAgain.older !== older) {
      this.readAgain = new ReadAgain(newer, older);
    }
    return this.readAgain.indexes;
  }

  private shown(i: number): HeldUsers {
    if (this.front === undefined || i >= this.count) {
      throw new RangeError(`No user ${i} among ${this.count}`);
    }
    return this.front;
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
          // Pages that are still under way beside the one that failed are of no use any more.
          abort.abort();
        }
      }
      // Whoever took over meanwhile says itself when it is done.
      if (this.running?.abort === abort) {
        this.running = undefined;
        this.emit('change');
      }
    };
    const done = Promise.resolve().then(settle);
    this.running = { what, done, abort };
    this.emit('change');
    return done;
  }

  private async showNextPage(signal: AbortSignal, priority: Priority): Promise<void> {
    const front = (this.front ??= this.emptyHeld());
    // The reading of the whole list brings the page anyway, and two walks over one list would mix up its pages.
    while (this.readingAll && front === this.partial && front.pageCount <= this.shownPages) {
      await once(this, 'read', { signal });
    }
    if (front.pageCount <= this.shownPages) {
      await this.readNextPage(front, signal, priority);
    }
    if (front === this.front) {
      this.shownPages = Math.min(this.shownPages + 1, front.pageCount);
    }
  }

  private async readNextPage(held: HeldUsers, signal: AbortSignal, priority: Priority): Promise<void> {
    const walk = walkPages(this.pageFrom(signal, priority), { from: held.nextPage, memory: held });
    // A page that has arrived is kept, even when a refresh took over at this moment: the walk remembers its users.
    const { done, value } = await walk.next();
    held.end = done ? value : undefined;
  }

  private async readShownAgain(signal: AbortSignal): Promise<void> {
    const shownPages = Math.max(1, this.shownPages);
    const numbers = Array.from({ length: shownPages }, (_, i) => i + 1);
    const pages = await Promise.all(numbers.map(this.pageFrom(signal, 'interactive')));
    const held = this.emptyHeld();
    // The same walk as ever, over pages that are here already: users may have moved, doubled or gone meanwhile.
    const pageAgain = (number: number) => {
      const page = pages[number - 1];
      return page ? Promise.resolve(page) : Promise.reject(new RangeError(`Page ${number} was not read`));
    };
    const walk = walkPages(pageAgain, { memory: held, cap: pages.length });
    let step = await walk.next();
    for (; !step.done; step = await walk.next());
    held.end = step.value === 'cap' ? undefined : step.value;
    signal.throwIfAborted();
    this.showInstead(held, shownPages);
  }

  /** Shows a newer reading of the shown pages. A whole list is kept until all is shown, one that was begun where it has more. */
  private showInstead(held: HeldUsers, shownPages: number): void {
    const hasMore = (older: HeldUsers | undefined) =>
      older !== undefined && (older !== this.front || older.pageCount > shownPages);
    if (!this.readingAll) {
      this.partial = !held.isComplete && hasMore(this.partial) ? this.partial : undefined;
      this.whole = held.isComplete ? undefined : this.whole;
    }
    this.front = held;
    this.shownPages = held.pageCount;
    this.readAgain = undefined;
  }

  private startReading(): Promise<boolean> {
    const abort = new AbortController();
    const settle = async () => {
      let isDone = false;
      this.lastReadingError = undefined;
      try {
        await this.readAll(abort.signal);
        isDone = true;
      } catch (error) {
        this.lastReadingError = abort.signal.aborted ? undefined : error;
      }
      // What was asked for side by side behind the end is of no use any more.
      abort.abort();
      this.readingAll = undefined;
      this.emit('read');
      this.emit('change');
      return isDone;
    };
    const done = Promise.resolve().then(settle);
    this.readingAll = { done, abort, isAgain: false };
    this.emit('read');
    return done;
  }

  private async readAll(signal: AbortSignal): Promise<void> {
    if (!this.hasFirstPage && !this.running) {
      void this.loadMore();
    }
    while (this.running) {
      // It is not this reading's own, which may be given up before.
      await untilAborted(this.running.done, signal);
    }
    if (!this.hasFirstPage) {
      throw (this.lastFailure?.error as Error | undefined) ?? new LoadingCancelledError();
    }
    const held = (this.partial ??= this.whole ? this.emptyHeld() : this.front) ?? this.emptyHeld();
    const readPage = this.pageFrom(signal, 'bulk');
    await this.readToEnd(held, readPage);
    this.whole = held;
    this.wholeHasChanged = held.movedPages.size > 0;
    this.partial = this.readAgain = undefined;
    this.wholeIsSettled = false;
    this.wholeIsSettled = await held.settle(readPage);
    if (!this.wholeIsSettled) {
      await this.readOnceMore(readPage);
    }
  }

  private readToEnd(held: HeldUsers, readPage: ReadPage): Promise<void> {
    return held.readToEnd(readPage, () => this.emit('read'));
  }

  private async readOnceMore(readPage: ReadPage): Promise<void> {
    if (this.readingAll) {
      this.readingAll.isAgain = true;
    }
    const held = (this.partial = this.emptyHeld());
    await this.readToEnd(held, readPage);
    this.wholeIsSettled = await held.settle(readPage);
    this.whole = held;
    this.partial = this.readAgain = undefined;
  }

  private pageFrom(signal: AbortSignal, priority: Priority): ReadPage {
    return (page) => this.api.scimUserPage(this.reference, page, { signal, priority });
  }

  private emptyHeld(): HeldUsers {
    return new HeldUsers(this.now());
  }
}

/** Who of an older reading is in a newer one, too. Kept, since it takes a decoding of the newer one, which is the smaller one. */
class ReadAgain {
  private readonly ids: (string | undefined)[] = [];
  private olderCount = 0;
  private known: ReadonlySet<number> = new Set();

  constructor(
    readonly newer: HeldUsers,
    readonly older: HeldUsers,
  ) {}

  /** Indexes in the older reading. */
  get indexes(): ReadonlySet<number> {
    const { ids, newer, older } = this;
    if (ids.length < newer.count || this.olderCount < older.count) {
      while (ids.length < newer.count) {
        ids.push(newer.user(ids.length).id);
      }
      this.olderCount = older.count;
      this.known = new Set(ids.flatMap((id) => (id === undefined ? [] : (older.indexOf(id) ?? []))));
    }
    return this.known;
  }
}

class LazyMatch implements ListMatch {
  constructor(
    private readonly held: HeldUsers,
    readonly index: number,
    readonly rank: Rank,
  ) {}

  get user(): ScimUser {
    return this.held.user(this.index);
  }

  get place(): Place {
    return this.held.place(this.index);
  }
}
