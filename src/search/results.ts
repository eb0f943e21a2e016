import { isDeepStrictEqual } from 'node:util';
import type { FoundRow } from '../directory';
import type { Query } from '../matching';
import type { Rows, SearchItem, UserItem, WordsItem } from './rows';

/** Rows from the users that were read, and as many again from the server: painting more takes longer than typing. */
export const mostRows = 100;

/**
 * The rows that belong to one text, in the order in which they are shown. What was found is only ever appended, or replaced in its place; what
 * is said about it stands below.
 */
export class Results {
  /** Users, and failures of those that could not be asked. */
  readonly found: SearchItem[] = [];
  /** Words below what was found, with a key each. */
  private below: readonly WordsItem[] = [];
  /** Matches among the users that were read, those without a row included. */
  loadedCount = 0;
  /** Every row of this text that VS Code was handed, those that were replaced included. */
  readonly handed = new Set<SearchItem>();
  readonly abort = new AbortController();
  isDone = false;
  /** Whether the server found users that there is no room for. */
  isFull = false;
  /** Where each user's row stands, by path. */
  private readonly places = new Map<string, number>();
  private readonly room = { loaded: mostRows, server: mostRows };

  constructor(
    readonly value: string,
    readonly query: Query,
    private readonly rows: Rows,
  ) {}

  get users(): UserItem[] {
    return this.found.filter((item) => 'user' in item);
  }

  get hasFailed(): boolean {
    return this.found.length > this.users.length;
  }

  get items(): SearchItem[] {
    return [...this.found, ...this.below];
  }

  /** Says something else below; words that are the same stay the same rows. */
  say(below: readonly WordsItem[]): void {
    if (JSON.stringify(below) !== JSON.stringify(this.below)) {
      this.below = below;
    }
  }

  /** The row that stands for one that was shown before among others. */
  successor(row: SearchItem, others: readonly SearchItem[]): SearchItem | undefined {
    if (!this.handed.has(row)) {
      return undefined;
    }
    return 'key' in row ? this.below.find(({ key }) => key === row.key) : this.found[others.indexOf(row)];
  }

  add(source: 'loaded' | 'server', found: FoundRow): void {
    const { path, reference, place: inList } = found.user;
    // Where a user without an id was found on the server nothing tells it from others.
    const place = (reference ?? inList) ? this.places.get(path) : undefined;
    if (place !== undefined) {
      if (source === 'server') {
        this.replace(place, found);
      }
    } else if (this.room[source] > 0) {
      this.room[source]--;
      this.places.set(path, this.found.length);
      this.found.push(this.rows.user(found, this.query));
    } else if (source === 'server') {
      this.isFull = true;
    }
  }

  /** A newer answer takes the place of an older one, where it is another. */
  private replace(place: number, found: FoundRow): void {
    const known = this.found[place];
    if (known && 'user' in known && !isDeepStrictEqual(known.user.user, found.user.user)) {
      this.found[place] = this.rows.user(found, this.query);
    }
  }
}
