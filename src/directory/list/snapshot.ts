import { type Clock, type ListPage, type WalkEnd, WalkMemory } from '../../cloudflare';
import type { Match, Query } from '../../matching';
import { CompressedTexts, LastChunk } from './compressedTexts';

/** An item of a list. Paging needs only its id. */
export interface Identified {
  readonly id?: string | undefined;
}

/** The search index over the items of a snapshot. */
export interface ItemIndex<T> {
  /** Items in the index; the next one gets this number. */
  readonly count: number;
  add(item: T): void;
  indexOfId(id: string): number | undefined;
  /** At most `limit` items that match, best first. */
  search(query: Query, limit: number): Match[];
  /** Makes searches faster until `isOver` says to stop; returns whether there is no more to do. */
  sign(isOver: () => boolean): boolean;
}

interface SnapshotPage<T> {
  readonly number: number;
  /** Index of its first item in the snapshot. */
  readonly first: number;
  /** Rows of the page, counted from 0, whose items are in the snapshot. */
  readonly rows: readonly number[];
  readonly texts: CompressedTexts;
  readonly parse: ListPage<T>['parse'];
}

/** Page and row in the server's list, counted from 1. */
export interface Place {
  readonly page: number;
  readonly row: number;
}

/** The number of decoded items that are kept: about the rows of a few key presses. */
const mostDecoded = 500;

/** Milliseconds without a new page before the index is signed: longer than the pauses between pages while a whole list is read. */
const idleMs = 1000;
/** Milliseconds of signing at a time. */
const sliceMs = 8;

/** Row numbers of a page whose items are all new: one array for all pages of the same length. */
const allRows = Array.from({ length: 101 }, (_, length) => Array.from({ length }, (_, row) => row));

/**
 * The items that one walk over a list has read, in the list's order: raw JSON, deflated in chunks of 25 items, plus a search index. Items are
 * decoded on demand. It is also the walk's memory of ids, so that no item is kept twice.
 */
export class Snapshot<T extends Identified> {
  /** Why the walk ended; undefined while there may be more pages. */
  end: WalkEnd | undefined;
  /** Whether no item can be missing although the list changed while it was read; set by the reading of the whole list. */
  isSettled = false;
  /** Whether the list changed while it was read and was read again. */
  isRepaired = false;
  /** Resolves when all pages so far are compressed. */
  packed: Promise<void> = Promise.resolve();

  private readonly pages: SnapshotPage<T>[] = [];
  private readonly lastChunk = new LastChunk();
  private readonly decoded = new Map<number, T>();
  private readonly idsOfPage = new Set<string>();
  private readonly memory = new WalkMemory({
    has: (id) => this.idsOfPage.has(id) || this.index.indexOfId(id) !== undefined,
    add: (id) => this.idsOfPage.add(id),
  });
  private lastPage: Pick<ListPage<T>, 'number' | 'perPage' | 'totalCount'> & { readonly size: number } = {
    number: 0,
    perPage: 0,
    size: 0,
    totalCount: undefined,
  };
  private readonly moved = new Set<number>();
  private firstMovedPage = Infinity;
  private cancelSigning: (() => void) | undefined;

  constructor(
    private readonly index: ItemIndex<T>,
    private readonly clock: Clock,
    /** When the walk began, ms since 1970. */
    readonly since: number,
  ) {}

  get count(): number {
    return this.index.count;
  }

  get pageCount(): number {
    return this.pages.length;
  }

  /** Items of the first pages. */
  countOfPages(pageCount: number): number {
    return this.pages[pageCount]?.first ?? this.count;
  }

  /** The page that the walk continues with. */
  get nextPage(): number {
    return this.lastPage.number + 1;
  }

  /**
   * The last page that a walk to the end needs, by the server's total: the first page that is not full, which may be empty. Without a total it
   * is twice the last page that was read.
   */
  get lastPageNeeded(): number {
    const { number, perPage, totalCount } = this.lastPage;
    return totalCount === undefined || perPage === 0 ? number * 2 : Math.floor(totalCount / perPage) + 1;
  }

  /** Items of the whole list, where the server says so and the items that were read do not contradict it. */
  get total(): number | undefined {
    const { totalCount } = this.lastPage;
    if (this.end !== undefined) {
      return this.count;
    }
    return totalCount === undefined || totalCount < this.count ? undefined : totalCount;
  }

  /**
   * Whether there is no more to read: the walk ended, or the last page was not full and the server's total agrees. Neither a short page nor a
   * total is proof alone: servers clamp pages, and totals can be wrong.
   */
  get isComplete(): boolean {
    const { perPage, size, number } = this.lastPage;
    return this.end !== undefined || (number > 0 && size < perPage && this.total === this.count);
  }

  /** Whether a page lies beyond the end of the list, by the server's total; undefined without a total. */
  isBeyondTotal(page: number): boolean | undefined {
    const { perPage, totalCount } = this.lastPage;
    return totalCount === undefined || perPage === 0 ? undefined : (page - 1) * perPage >= totalCount;
  }

  /** Items of the whole list by the server's total, if that is more than were read. */
  get announced(): number | undefined {
    const { totalCount } = this.lastPage;
    return totalCount !== undefined && totalCount > this.count ? totalCount : undefined;
  }

  /** Whether the number of items equals the server's last total; undefined where the server sent none. */
  get agreesWithTotal(): boolean | undefined {
    const { totalCount } = this.lastPage;
    return totalCount === undefined ? undefined : totalCount === this.count;
  }

  /** Pages beside which the list changed: an item came twice, or the server's total changed. Items may have been skipped there. */
  get movedPages(): ReadonlySet<number> {
    return this.moved;
  }

  /** Whether one of the first `pageCount` pages is such a page. */
  hasMovedWithin(pageCount: number): boolean {
    const last = pageCount < this.pageCount ? (this.pages[pageCount - 1]?.number ?? 0) : Infinity;
    return this.moved.size > 0 && this.firstMovedPage <= last;
  }

  /** Adds the new items of the walk's next page, and returns their rows, counted from 0. */
  admit(page: ListPage<T>): readonly number[] {
    const { number, totalCount } = this.lastPage;
    const size = page.items.length;
    const rows = this.add(page);
    // A page without new items ends the walk. That alone does not mean that the list changed, but another total does.
    const isEnd = rows.length === 0;
    const hasOtherTotal = number > 0 && totalCount !== page.totalCount && !(isEnd && page.totalCount === undefined);
    // A page of known items ends the walk, too: too early, if the list is longer.
    const endsEarly = isEnd && size > 0 && (page.totalCount ?? totalCount ?? 0) > this.count;
    if (hasOtherTotal || endsEarly || (rows.length < size && !isEnd)) {
      this.moved.add(Math.max(1, number)).add(page.number);
      this.firstMovedPage = Math.min(this.firstMovedPage, page.number);
    }
    this.lastPage = isEnd
      ? { ...this.lastPage, totalCount: page.totalCount ?? totalCount }
      : { number: page.number, perPage: page.perPage, size, totalCount: page.totalCount };
    return rows;
  }

  /** Adds the new items of a page that was read again. Items without an id cannot be told from known ones and are left out. */
  admitAgain(page: ListPage<T>): void {
    this.add(page, (row) => page.items[row]?.id !== undefined);
    this.lastPage = { ...this.lastPage, totalCount: page.totalCount };
  }

  private add(page: ListPage<T>, isWanted: (row: number) => boolean = () => true): readonly number[] {
    this.idsOfPage.clear();
    const fresh = this.memory.admit(page).filter(isWanted);
    if (fresh.length > 0) {
      const texts = new CompressedTexts(page, fresh, this.lastChunk);
      const rows = fresh.length === page.items.length ? (allRows[fresh.length] ?? fresh) : fresh;
      this.packed = this.packed.then(() => texts.packed);
      this.pages.push({ number: page.number, first: this.count, rows, texts, parse: page.parse });
      for (const row of fresh) {
        const item = page.items[row];
        if (item) {
          this.index.add(item);
        }
      }
      this.signAfter(idleMs);
    }
    return fresh;
  }

  /** At most `limit` items that match, best first; equal ranks in the list's order. */
  search(query: Query, limit: number): Match[] {
    return this.index.search(query, limit);
  }

  /** Index of the item with an id. */
  indexOf(id: string): number | undefined {
    return this.index.indexOfId(id);
  }

  /** Item `i`. Recently decoded items are kept, since the next key press often finds them again. */
  item(i: number): T {
    const known = this.decoded.get(i);
    if (known !== undefined) {
      return known;
    }
    const item = this.pageOf(i).parse(this.rawText(i));
    this.decoded.set(i, item);
    const [oldest] = this.decoded.keys();
    if (this.decoded.size > mostDecoded && oldest !== undefined) {
      this.decoded.delete(oldest);
    }
    return item;
  }

  /** The server's JSON of item `i`. */
  rawText(i: number): string {
    const page = this.pageOf(i);
    return page.texts.at(i - page.first);
  }

  place(i: number): Place {
    const { number, first, rows } = this.pageOf(i);
    return { page: number, row: (rows[i - first] ?? 0) + 1 };
  }

  /** Whether the whole index is signed. */
  get isSigned(): boolean {
    return this.cancelSigning === undefined;
  }

  /** Stops signing the index in the background. */
  dispose(): void {
    this.cancelSigning?.();
    this.cancelSigning = undefined;
  }

  /** Signs the index in short slices, so that neither loading nor the extension host waits for it. */
  private signAfter(milliseconds: number): void {
    this.cancelSigning?.();
    this.cancelSigning = this.clock.after(milliseconds, () => {
      this.cancelSigning = undefined;
      const end = this.clock.now() + sliceMs;
      if (!this.index.sign(() => this.clock.now() >= end)) {
        this.signAfter(0);
      }
    });
  }

  private pageOf(i: number): SnapshotPage<T> {
    if (!Number.isInteger(i) || i < 0 || i >= this.count) {
      throw new RangeError(`No item ${i} among ${this.count}`);
    }
    let [low, high] = [0, this.pages.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.pages[middle]?.first ?? Infinity) <= i) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    const page = this.pages[low];
    if (page === undefined) {
      throw new RangeError(`No item ${i} among ${this.count}`);
    }
    return page;
  }
}
