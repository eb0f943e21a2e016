import type { BulkDuration, ListPage, Priority } from '../../cloudflare';
import type { Identified, Snapshot } from './snapshot';

export interface PageOptions {
  readonly signal: AbortSignal;
  readonly priority: Priority;
}

/** What a list needs to know of its kind of resource. */
export interface ResourceKind<T extends Identified> {
  readonly readPage: (page: number, options: PageOptions) => Promise<ListPage<T>>;
  /** How long so many bulk requests take at least. */
  readonly bulkDuration: (requests: number) => BulkDuration;
  /** @param since When the reading begins, ms since 1970. */
  readonly newSnapshot: (since: number) => Promise<Snapshot<T>>;
}
