import { EventEmitter } from 'node:events';
import type { CloudflareApi } from '../cloudflare/api';
import type { Priority } from '../cloudflare/gate';
import { type ListPage, type WalkedPage, type WalkEnd, WalkMemory, walkPages } from '../cloudflare/pages';
import type { ScimUser } from '../cloudflare/schemas';
import type { IdentityProviderReference } from './reference';

export type ListActivity = 'idle' | 'loading' | 'refreshing';

/** What failed last, and which of the two it was: *Retry* does the same thing again. */
export interface ListFailure {
  readonly during: 'loading' | 'refreshing';
  readonly error: unknown;
}

/** Pages read so far, and what the walk over them remembers. Replaced as a whole by a refresh. */
interface Loaded {
  readonly pages: WalkedPage<ScimUser>[];
  /** How many users all pages up to and including each hold. */
  readonly counts: number[];
  readonly memory: WalkMemory;
  end: WalkEnd | undefined;
}

interface Running {
  readonly what: 'loading' | 'refreshing';
  readonly done: Promise<void>;
  readonly abort: AbortController;
}

/**
 * One identity provider's SCIM users, as far as they have been read. Nobody else keeps users or pages. A failure is kept
 * beside what was loaded and never in its place.
 *
 * Emits `change` whenever something that can be read here is another.
 */
export class ScimUserList extends EventEmitter<{ change: [] }> {
  private loaded: Loaded = emptyLoaded();
  private running: Running | undefined;
  private lastFailure: ListFailure | undefined;

  constructor(
    private readonly api: CloudflareApi,
    private readonly reference: IdentityProviderReference,
  ) {
    super();
  }

  /** Users read so far. */
  get count(): number {
    return this.loaded.counts.at(-1) ?? 0;
  }

  user(i: number): ScimUser {
    const { page, index } = this.locate(i);
    const user = page.items[index];
    if (user === undefined) {
      throw new RangeError(`No user ${i} among ${this.count}`);
    }
    return user;
  }

  /** The server's own text of user `i`. */
  rawText(i: number): string {
    const { page, index } = this.locate(i);
    return page.rawText(index);
  }

  /** Where user `i` stands, page and row counted from 1: the key of a user without an id. */
  place(i: number): { readonly page: number; readonly row: number } {
    const { page, index } = this.locate(i);
    return { page: page.number, row: index + 1 };
  }

  /** Index of the user with an id, where it has been read. */
  indexOf(userId: string): number | undefined {
    for (let i = 0; i < this.count; i++) {
      if (this.user(i).id === userId) {
        return i;
      }
    }
    return undefined;
  }

  /** How many users there are, where the server says so and what was read does not contradict it. */
  get total(): number | undefined {
    if (this.loaded.end !== undefined) {
      return this.count;
    }
    const total = this.loaded.pages.at(-1)?.page.totalCount;
    return total === undefined || total < this.count ? undefined : total;
  }

  /** Whether anything was read, be it an empty list. */
  get hasFirstPage(): boolean {
    return this.loaded.pages.length > 0 || this.loaded.end !== undefined;
  }

  /**
   * Whether the list changed while its pages were read: somebody came twice, or the server's total became another. Then somebody may have
   * been skipped, too, and only a refresh tells.
   */
  get hasMoved(): boolean {
    const { pages } = this.loaded;
    const totals = new Set(pages.map(({ page }) => page.totalCount));
    return totals.size > 1 || pages.some(({ page, fresh }) => fresh.length < page.items.length);
  }

  /**
   * Whether there is no more to ask for: the walk ended, or the last page was not full and the server's total agrees.
   * Neither of the two is proof alone: servers clamp pages, and totals lie.
   */
  get isComplete(): boolean {
    const last = this.loaded.pages.at(-1)?.page;
    const isShort = last !== undefined && last.items.length < last.perPage;
    return this.loaded.end !== undefined || (isShort && this.total === this.count);
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
   * Reads the next page and appends it. A second call while a page is being read waits for that one; during a refresh the page
   * is read after it. Never rejects (see `failure`).
   */
  loadMore(priority: Priority = 'interactive'): Promise<void> {
    if (this.running?.what === 'refreshing') {
      return this.running.done.then(() => this.loadMore(priority));
    }
    return this.running?.done ?? this.run('loading', (signal) => this.appendNextPage(signal, priority));
  }

  /**
   * Reads the pages again that were read before, side by side, and swaps them when all are there. A page that is being
   * loaded meanwhile is given up. Never rejects (see `failure`).
   */
  refresh(): Promise<void> {
    if (this.running?.what === 'refreshing') {
      return this.running.done;
    }
    this.running?.abort.abort();
    return this.run('refreshing', (signal) => this.readPagesAgain(signal));
  }

  /** Gives up what is under way; what was read stays, and nothing counts as failed. */
  cancel(): void {
    this.running?.abort.abort();
  }

  /** Does again what failed last. */
  retry(): Promise<void> {
    return this.lastFailure?.during === 'refreshing' ? this.refresh() : this.loadMore();
  }

  /** Ends whatever runs; what was read stays readable. */
  dispose(): void {
    this.running?.abort.abort();
    this.removeAllListeners();
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

  private async appendNextPage(signal: AbortSignal, priority: Priority): Promise<void> {
    const { loaded } = this;
    const from = (loaded.pages.at(-1)?.page.number ?? 0) + 1;
    const walk = walkPages((page) => this.api.scimUserPage(this.reference, page, { signal, priority }), {
      from,
      memory: loaded.memory,
    });
    // A page that has arrived is kept, even when a refresh took over at this moment: the walk remembers its users.
    const { done, value } = await walk.next();
    loaded.end = done ? value : undefined;
    if (!done) {
      append(loaded, value);
    }
  }

  private async readPagesAgain(signal: AbortSignal): Promise<void> {
    const numbers = this.loaded.pages.map(({ page }) => page.number);
    const pages = await Promise.all(
      (numbers.length === 0 ? [1] : numbers).map((page) => this.api.scimUserPage(this.reference, page, { signal })),
    );
    const loaded = emptyLoaded();
    // The same walk as ever, over pages that are here already: users may have moved, doubled or gone meanwhile.
    const pageAgain = (number: number) => {
      const page = pages[number - 1];
      return page ? Promise.resolve(page) : Promise.reject(new RangeError(`Page ${number} was not read`));
    };
    const walk = walkPages(pageAgain, { memory: loaded.memory, cap: pages.length });
    let step = await walk.next();
    for (; !step.done; step = await walk.next()) {
      append(loaded, step.value);
    }
    loaded.end = step.value === 'cap' ? undefined : step.value;
    signal.throwIfAborted();
    this.loaded = loaded;
  }

  private locate(i: number): { readonly page: ListPage<ScimUser>; readonly index: number } {
    const { pages, counts } = this.loaded;
    const at = counts.findIndex((count) => i < count);
    const walked = pages[at];
    const index = walked?.fresh[i - (counts[at - 1] ?? 0)];
    if (walked === undefined || index === undefined) {
      throw new RangeError(`No user ${i} among ${this.count}`);
    }
    return { page: walked.page, index };
  }
}

function emptyLoaded(): Loaded {
  return { pages: [], counts: [], memory: new WalkMemory(), end: undefined };
}

function append(loaded: Loaded, page: WalkedPage<ScimUser>): void {
  loaded.counts.push((loaded.counts.at(-1) ?? 0) + page.fresh.length);
  loaded.pages.push(page);
}
