import * as v from 'valibot';
import { openEnvelope } from './envelope';
import { CloudflareError } from './errors';
import type { Span } from './json';
import type { Answer } from './transport';

/** The API's own maximum for SCIM users [OpenAPI schema]; elsewhere a server may clamp it, and says so. */
export const pageSize = 100;

/** One page of a list: each element typed, with its text as the server sent it. */
export class ListPage<T> {
  constructor(
    /** Counted from 1. */
    readonly number: number,
    readonly items: readonly T[],
    private readonly text: string,
    private readonly spans: readonly Span[],
    /** Elements that a full page has, as the server says; it may have clamped what was asked for. */
    readonly perPage: number,
    /** `result_info.total_count`: on a filtered list it may count everyone, so it ends nothing. */
    readonly totalCount: number | undefined,
  ) {}

  /** The server's text of element `i`, not parsed and written anew: large numbers, key order and duplicate keys are there. */
  rawText(i: number): string {
    const span = this.spans[i];
    return span === undefined ? '' : this.text.slice(...span);
  }

  /** The server's text from element `first` to the end of element `last`, and where each element of them stands in it. */
  rawRange(first: number, last: number): { readonly text: string; readonly spans: readonly Span[] } {
    const spans = this.spans.slice(first, last + 1);
    const [start, end] = [spans[0]?.[0] ?? 0, spans.at(-1)?.[1] ?? 0];
    return { text: this.text.slice(start, end), spans: spans.map(([from, to]) => [from - start, to - start]) };
  }
}

/** Reads an answer as a page of a list; throws CloudflareError where it is none. */
export function readPage<T>(
  answer: Answer,
  endpoint: string,
  number: number,
  element: v.GenericSchema<unknown, T>,
): ListPage<T> {
  const { envelope, text, elements } = openEnvelope(answer, endpoint);
  // Should the scan and the parser ever see different elements, no user may be shown with another one's text.
  if (!Array.isArray(envelope.result) || envelope.result.length !== elements.length) {
    const ray = answer.headers.get('cf-ray') ?? undefined;
    throw new CloudflareError({ reason: 'unexpectedShape', endpoint, status: answer.status, ray });
  }
  const items = envelope.result.map((item: unknown) => v.parse(element, item));
  const { per_page = pageSize, total_count } = envelope.result_info;
  return new ListPage(number, items, text, elements, per_page, total_count);
}

/**
 * Why a walk ended: the first empty page, as the official SDK does it; a page that brings nothing new, since some servers
 * repeat the last page for ever; or the cap.
 */
export type WalkEnd = 'emptyPage' | 'nothingNew' | 'cap';

/** What a walk has met so far: the indexes of a page's elements that are new to it, and from then on known. It sees empty pages, too. */
export interface PageMemory<T> {
  admit(page: ListPage<T>): readonly number[];
}

/** Where a walk looks up the ids that it has met: a `Set`, or a list that keeps its users anyway. */
export interface KnownIds {
  has(id: string): boolean;
  add(id: string): unknown;
}

/** What a walk has met so far. Handing it to a new walk goes on where the old one failed. */
export class WalkMemory {
  /** The texts of the page before, where it had elements without an id. */
  private before: readonly string[] = [];

  constructor(private readonly ids: KnownIds = new Set()) {}

  /**
   * The indexes of a page's elements that were not met before, in order. Elements without an id cannot be told from their
   * doubles: all of them are new, unless the page is the one before to the letter.
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
  /** Indexes into `page.items` of what this walk had not met before. */
  readonly fresh: readonly number[];
}

export interface WalkOptions<T> {
  readonly from?: number;
  readonly memory?: PageMemory<T>;
  /** Pages at most. */
  readonly cap?: number;
  /** How many pages, 1 or more, may be asked for at once; looked at before each page. Default 1: one after the other. */
  readonly sideBySide?: () => number;
}

/**
 * Walks a list by page number: 1, 2, 3 … A short page does not end it, since servers clamp `per_page`; neither does
 * `total_count`. Nobody comes twice, however the pages drift; pages come in their order, even if several are asked for side by
 * side. Returns why it ended.
 */
export async function* walkPages<T extends { readonly id?: string | undefined }>(
  fetchPage: (number: number) => Promise<ListPage<T>>,
  { from = 1, memory = new WalkMemory(), cap = 10_000, sideBySide = () => 1 }: WalkOptions<T> = {},
): AsyncGenerator<WalkedPage<T>, WalkEnd, undefined> {
  const underWay: Promise<ListPage<T>>[] = [];
  for (let number = from, next = from; number < from + cap; number++) {
    for (; next < from + cap && (next <= number || underWay.length < sideBySide()); next++) {
      const page = fetchPage(next);
      // It may fail while the walk waits for an earlier one; whoever takes it is still told.
      page.catch(() => undefined);
      underWay.push(page);
    }
    const page = await underWay.shift();
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
