import { CloudflareError } from './errors';
import type { Span } from './json';

/** Elements of a page to ask for: the API's maximum for SCIM users [OpenAPI schema]. A server may send fewer, and says so. */
export const pageSize = 100;

/** One page of a list: decoded elements, with the JSON that the server sent for each. */
export class ListPage<T> {
  constructor(
    /** Counted from 1. */
    readonly number: number,
    readonly items: readonly T[],
    private readonly text: string,
    private readonly spans: readonly Span[],
    /** Elements that a full page has, as the server says; it may be fewer than were asked for. */
    readonly perPage: number,
    /** `result_info.total_count`. On a filtered list it may count all elements, so it does not tell where the list ends. */
    readonly totalCount: number | undefined,
    /** Decodes an element from its raw JSON, as `items` were. Keeps nothing of the page in memory. */
    readonly parse: (rawText: string) => T,
    /** For a response with null in place of the list: the error that this is if the list has more elements. */
    readonly nullError?: CloudflareError,
  ) {}

  /** The server's JSON of element `i`, not re-encoded: large numbers, key order and duplicate keys are unchanged. */
  rawText(i: number): string {
    const span = this.spans[i];
    return span === undefined ? '' : this.text.slice(...span);
  }

  /** The server's JSON from element `first` to the end of element `last`, and the positions of the elements in it. */
  rawRange(first: number, last: number): { readonly text: string; readonly spans: readonly Span[] } {
    const spans = this.spans.slice(first, last + 1);
    const [start, end] = [spans[0]?.[0] ?? 0, spans.at(-1)?.[1] ?? 0];
    return { text: this.text.slice(start, end), spans: spans.map(([from, to]) => [from - start, to - start]) };
  }
}

/**
 * Why a walk ended: at an empty page, as in the official SDK; at a page without new elements, since some servers repeat the last page for
 * ever; or at the largest number of pages.
 */
export type WalkEnd = 'emptyPage' | 'nothingNew' | 'cap';

/** Remembers the elements of a walk. `admit` is called with each page, also an empty one, and returns the indexes of the new elements. */
interface PageMemory<T> {
  admit(page: ListPage<T>): readonly number[];
  /** Whether a page lies beyond the end of the list, by the server's total; undefined without a total. */
  isBeyondTotal?(page: number): boolean | undefined;
}

/** The ids that a walk has met: a `Set`, or a store that keeps the users anyway. */
interface KnownIds {
  has(id: string): boolean;
  add(id: string): unknown;
}

/** Remembers the elements of a walk by id. A new walk with the same memory goes on where the old one failed. */
export class WalkMemory {
  /** The raw JSON of the last page's elements, if any had no id. */
  private before: readonly string[] = [];

  constructor(private readonly ids: KnownIds = new Set()) {}

  /**
   * Returns the indexes of the elements that are new, in order. Elements without an id count as new, unless the page has the same JSON as
   * the one before.
   */
  admit<T extends { readonly id?: string | undefined }>(page: ListPage<T>): number[] {
    const texts = page.items.some(({ id }) => id === undefined) ? page.items.map((_, i) => page.rawText(i)) : [];
    const isRepeated = texts.length === this.before.length && texts.every((text, i) => text === this.before[i]);
    this.before = texts;
    return page.items.flatMap(({ id }, i) => {
      const isNew = id === undefined ? !isRepeated : !this.ids.has(id);
      if (id !== undefined) {
        this.ids.add(id);
      }
      return isNew ? [i] : [];
    });
  }
}

export interface WalkedPage<T> {
  readonly page: ListPage<T>;
  /** Indexes into `page.items` of the elements that are new to this walk. */
  readonly fresh: readonly number[];
}

export interface WalkOptions<T> {
  /** The first page. Default: 1. */
  readonly from?: number;
  readonly memory?: PageMemory<T>;
  /** Pages at most. */
  readonly cap?: number;
  /** How many pages, 1 or more, may be requested at the same time; called before each page. Default: 1. */
  readonly sideBySide?: () => number;
}

/**
 * Walks a list by page number. Neither a short page nor `total_count` ends it, since servers clamp `per_page` and totals are unreliable.
 * Yields pages in their order, even if several are requested at the same time, and reports no element twice if the list changes meanwhile.
 * @returns Why the walk ended.
 */
export async function* walkPages<T extends { readonly id?: string | undefined }>(
  fetchPage: (number: number) => Promise<ListPage<T>>,
  { from = 1, memory = new WalkMemory(), cap = 10_000, sideBySide = () => 1 }: WalkOptions<T> = {},
): AsyncGenerator<WalkedPage<T>, WalkEnd, undefined> {
  const underWay: Promise<ListPage<T>>[] = [];
  for (let number = from, next = from; number < from + cap; number++) {
    for (; next < from + cap && (next <= number || underWay.length < sideBySide()); next++) {
      const page = fetchPage(next);
      // It may fail while an earlier page is awaited: no unhandled rejection then. `await` below still throws.
      page.catch(() => undefined);
      underWay.push(page);
    }
    const page = await underWay.shift()?.catch((error: unknown) => {
      // Some servers refuse a page beyond the end instead of sending an empty one.
      if (memory.isBeyondTotal?.(number) && isRefusedPage(error)) {
        return undefined;
      }
      throw error;
    });
    if (page?.nullError && memory.isBeyondTotal?.(number) === false) {
      throw page.nullError;
    }
    const fresh = page === undefined ? [] : memory.admit(page);
    if (page === undefined || page.items.length === 0) {
      return 'emptyPage';
    }
    if (fresh.length === 0) {
      return 'nothingNew';
    }
    yield { page, fresh };
  }
  return 'cap';
}

function isRefusedPage(error: unknown): boolean {
  return (
    error instanceof CloudflareError &&
    (error.reason === 'notFound' || (error.reason === 'refused' && error.failure.status === 400))
  );
}
