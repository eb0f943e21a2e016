import { isDeepStrictEqual } from 'node:util';
import type { FoundRow, Inquiry, ServerField, ServerPlan } from '../lookup';
import type { Query } from '../matching';
import type { FoundItem, Rows, SearchItem } from './rows';

/** Rows of loaded users or groups, and as many again of the server: painting more takes longer than typing. */
export const mostRows = 100;

/** Where a row stands among the rows of one text: by its position among the found ones, or by its key below them. */
type Position = { readonly found: number } | { readonly key: string };

/** The rows of one text, in the order in which they are shown. Found rows are appended, or replaced where they stand. */
export class Results {
  /** Users or groups, and failures of identity providers that could not be asked. */
  readonly found: SearchItem[] = [];
  /** Rows below the found ones, with a key each. */
  private below: readonly SearchItem[] = [];
  /** Loaded users or groups that match, with or without a row. */
  loadedCount = 0;
  /** Aborted when another search begins. */
  readonly abort = new AbortController();
  /** Aborted when the server is to be asked without waiting for the user to stop typing. */
  readonly hurry = new AbortController();
  /** Whether the server will be asked when the user has stopped typing. */
  isScheduled = false;
  /** How many times the server is being asked now. */
  asking = 0;
  /** Whether the user has asked for everything that the server can be asked. */
  isRequested = false;
  /** Fields that servers have compared. */
  readonly compared = new Set<ServerField>();
  /** Whether the server found more than there are rows for. */
  isFull = false;
  /** Index in `found` of each row, by the path of its user or group. */
  private readonly indexes = new Map<string, number>();
  private readonly asked = new Set<string>();
  private readonly room = { loaded: mostRows, server: mostRows };

  constructor(
    readonly value: string,
    readonly plan: ServerPlan,
    private readonly rows: Rows,
  ) {}

  get query(): Query {
    return this.plan.query;
  }

  /** Whether these are the rows of an empty box. */
  get isHistory(): boolean {
    return this.value.trim() === '';
  }

  get isDone(): boolean {
    return this.asking === 0 && !this.isScheduled;
  }

  /** The rows of users and groups. */
  get resources(): FoundItem[] {
    return this.found.filter((item): item is FoundItem => item.resource !== undefined);
  }

  get hasFailed(): boolean {
    return this.found.length > this.resources.length;
  }

  get items(): SearchItem[] {
    return [...this.found, ...this.below];
  }

  /** Replaces the rows below the found ones. Rows that say the same stay the same objects. */
  setBelow(below: readonly SearchItem[]): void {
    if (JSON.stringify(below) !== JSON.stringify(this.below)) {
      this.below = below;
    }
  }

  /** The position of a row that was painted among `painted`. */
  position(row: SearchItem, painted: readonly SearchItem[]): Position {
    return row.key === undefined ? { found: painted.indexOf(row) } : { key: row.key };
  }

  at(position: Position): SearchItem | undefined {
    return 'found' in position ? this.found[position.found] : this.below.find(({ key }) => key === position.key);
  }

  isAsked(inquiry: Inquiry): boolean {
    return this.asked.has(keyOf(inquiry));
  }

  addAsked(inquiries: readonly Inquiry[]): void {
    inquiries.forEach((inquiry) => this.asked.add(keyOf(inquiry)));
  }

  addAnswer(rows: readonly FoundRow[], fields: readonly ServerField[]): void {
    rows.forEach((row) => this.add('server', row));
    fields.forEach((field) => this.compared.add(field));
  }

  add(source: 'loaded' | 'server', found: FoundRow): void {
    const { path, reference, place } = found.resource;
    // A user or group without an id that the server found cannot be told from others.
    const index = (reference ?? place) ? this.indexes.get(path) : undefined;
    if (index !== undefined) {
      if (source === 'server') {
        this.replace(index, found);
      }
    } else if (this.room[source] > 0) {
      this.room[source]--;
      this.indexes.set(path, this.found.length);
      this.found.push(this.rows.found(found, this.query));
    } else if (source === 'server') {
      this.isFull = true;
    }
  }

  /** Replaces a row by a newer answer, where that differs. */
  private replace(index: number, found: FoundRow): void {
    const known = this.found[index]?.resource;
    if (known && !isDeepStrictEqual(known.data, found.resource.data)) {
      this.found[index] = this.rows.found(found, this.query);
    }
  }
}

function keyOf({ provider, field, text }: Inquiry): string {
  const { accountId, identityProviderId } = provider.reference;
  return JSON.stringify([accountId, identityProviderId, field, text]);
}
