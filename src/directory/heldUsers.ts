import { type ListPage, type ScimUser, type WalkEnd, WalkMemory } from '../cloudflare';
import { type Match, type Query, UserIndex } from '../matching';
import { CompressedTexts, LastChunk } from './compressedTexts';
import { type ReadPage, readToEnd, settleMoved } from './wholeList';

interface HeldPage {
  readonly number: number;
  /** Index of its first user among all that are held. */
  readonly first: number;
  /** The row on the page, counted from 0, of each user that had not been met before. */
  readonly rows: readonly number[];
  readonly texts: CompressedTexts;
  readonly parse: ListPage<ScimUser>['parse'];
}

/** Page and row in the server's list, counted from 1. */
export interface Place {
  readonly page: number;
  readonly row: number;
}

/** Users that are kept as objects: the rows of a few keys. */
const mostDecoded = 500;

/** Rows of a page of which nobody was known before: one array for all such pages of a length. */
const allRows = Array.from({ length: 101 }, (_, length) => Array.from({ length }, (_, row) => row));

/**
 * The SCIM users that one walk over a list brought, in the list's order: their texts compressed, and an index over them; no
 * objects. A user is decoded when it is shown. It is the walk's memory, too, so nobody is held twice.
 */
export class HeldUsers {
  /** Why the walk ended; undefined while there may be more. */
  end: WalkEnd | undefined;

  private readonly index = new UserIndex();
  private readonly pages: HeldPage[] = [];
  private readonly lastChunk = new LastChunk();
  private readonly decoded = new Map<number, ScimUser>();
  private readonly onThisPage = new Set<string>();
  private readonly memory = new WalkMemory({
    has: (id) => this.onThisPage.has(id) || this.index.indexOfId(id) !== undefined,
    add: (id) => this.onThisPage.add(id),
  });
  private lastPage: Pick<ListPage<ScimUser>, 'number' | 'perPage' | 'totalCount'> & { readonly size: number } = {
    number: 0,
    perPage: 0,
    size: 0,
    totalCount: undefined,
  };
  private readonly moved = new Set<number>();
  /** Resolves when all pages so far are compressed. */
  packed: Promise<void> = Promise.resolve();
  /** The first page that did not fit to the one before. */
  private firstMovedPage = Infinity;

  constructor(
    /** When the walk began, ms since 1970. */
    readonly since: number,
  ) {}

  get count(): number {
    return this.index.count;
  }

  get pageCount(): number {
    return this.pages.length;
  }

  /** How many users the first pages hold. */
  countOfPages(pageCount: number): number {
    return this.pages[pageCount]?.first ?? this.count;
  }

  /** The page that a walk goes on with. */
  get nextPage(): number {
    return this.lastPage.number + 1;
  }

  /**
   * The last page that a walk to the end needs, as far as the server's total says: the one that is not full, be it empty. Where the server
   * says nothing it is guessed by what there was so far.
   */
  get lastPageNeeded(): number {
    const { number, perPage, totalCount } = this.lastPage;
    return totalCount === undefined || perPage === 0 ? number * 2 : Math.floor(totalCount / perPage) + 1;
  }

  /** How many users there are, where the server says so and what was read does not contradict it. */
  get total(): number | undefined {
    const { totalCount } = this.lastPage;
    if (this.end !== undefined) {
      return this.count;
    }
    return totalCount === undefined || totalCount < this.count ? undefined : totalCount;
  }

  /**
   * Whether there is no more to ask for: the walk ended, or the last page was not full and the server's total agrees.
   * Neither of the two is proof alone: servers clamp pages, and totals lie.
   */
  get isComplete(): boolean {
    const { perPage, size, number } = this.lastPage;
    return this.end !== undefined || (number > 0 && size < perPage && this.total === this.count);
  }

  /** What the server's last total says of the number of users that are held; undefined where it says nothing. */
  get agreesWithTotal(): boolean | undefined {
    const { totalCount } = this.lastPage;
    return totalCount === undefined ? undefined : totalCount === this.count;
  }

  /**
   * Pages beside which the list changed while it was read: somebody came twice, or the server's total became another. Somebody may have
   * been skipped there.
   */
  get movedPages(): ReadonlySet<number> {
    return this.moved;
  }

  /** Whether such a page is among the first ones. */
  hasMovedWithin(pageCount: number): boolean {
    const last = pageCount < this.pageCount ? (this.pages[pageCount - 1]?.number ?? 0) : Infinity;
    return this.moved.size > 0 && this.firstMovedPage <= last;
  }

  /** Holds the users of the walk's next page that are new, and returns their rows, counted from 0. */
  admit(page: ListPage<ScimUser>): readonly number[] {
    const { number, totalCount } = this.lastPage;
    const size = page.items.length;
    const rows = this.hold(page);
    // A page without anyone new ends the walk; that alone says nothing about the list, but another total does.
    const isEnd = rows.length === 0;
    const saysOtherTotal = number > 0 && totalCount !== page.totalCount && !(isEnd && page.totalCount === undefined);
    // A page of users who are all known ends the walk, too: too early, where there should be more.
    const endsEarly = isEnd && size > 0 && (page.totalCount ?? totalCount ?? 0) > this.count;
    if (saysOtherTotal || endsEarly || (rows.length < size && !isEnd)) {
      this.moved.add(Math.max(1, number)).add(page.number);
      this.firstMovedPage = Math.min(this.firstMovedPage, page.number);
    }
    this.lastPage = isEnd
      ? { ...this.lastPage, totalCount: page.totalCount ?? totalCount }
      : { number: page.number, perPage: page.perPage, size, totalCount: page.totalCount };
    return rows;
  }

  /** Holds who is new on a page that was read again. Who has no id cannot be told from whoever was there before. */
  admitAgain(page: ListPage<ScimUser>): void {
    this.hold(page, (row) => page.items[row]?.id !== undefined);
    this.lastPage = { ...this.lastPage, totalCount: page.totalCount };
  }

  /** See `wholeList.ts`, which is bundled with this. */
  readToEnd(readPage: ReadPage, onPage: () => void): Promise<void> {
    return readToEnd(this, readPage, onPage);
  }

  settle(readPage: ReadPage): Promise<boolean> {
    return settleMoved(this, readPage);
  }

  private hold(page: ListPage<ScimUser>, isWanted: (row: number) => boolean = () => true): readonly number[] {
    this.onThisPage.clear();
    const fresh = this.memory.admit(page).filter(isWanted);
    if (fresh.length > 0) {
      const texts = new CompressedTexts(page, fresh, this.lastChunk);
      const rows = fresh.length === page.items.length ? (allRows[fresh.length] ?? fresh) : fresh;
      this.packed = this.packed.then(() => texts.packed);
      this.pages.push({ number: page.number, first: this.count, rows, texts, parse: page.parse });
      fresh.forEach((row) => this.index.add(page.items[row] ?? { emails: [] }));
    }
    return fresh;
  }

  /** At most `limit` users that match, the best first, those that match as well in the list's order. */
  search(query: Query, limit: number): Match[] {
    return this.index.search(query, limit);
  }

  /** Index of the user with an id. */
  indexOf(userId: string): number | undefined {
    return this.index.indexOfId(userId);
  }

  /** User `i`; those that were looked at last are at hand, since the next key often finds them again. */
  user(i: number): ScimUser {
    let user = this.decoded.get(i);
    if (user === undefined) {
      user = this.pageOf(i).parse(this.rawText(i));
      this.decoded.set(i, user);
      const [oldest] = this.decoded.keys();
      if (this.decoded.size > mostDecoded && oldest !== undefined) {
        this.decoded.delete(oldest);
      }
    }
    return user;
  }

  /** The server's own text of user `i`. */
  rawText(i: number): string {
    const page = this.pageOf(i);
    return page.texts.at(i - page.first);
  }

  place(i: number): Place {
    const { number, first, rows } = this.pageOf(i);
    return { page: number, row: (rows[i - first] ?? 0) + 1 };
  }

  private pageOf(i: number): HeldPage {
    if (!Number.isInteger(i) || i < 0 || i >= this.count) {
      throw new RangeError(`No user ${i} among ${this.count}`);
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
      throw new RangeError(`No user ${i} among ${this.count}`);
    }
    return page;
  }
}
