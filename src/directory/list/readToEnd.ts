import { type ListPage, walkPages } from '../../cloudflare';
import type { Identified, Snapshot } from './snapshot';

export type ReadPage<T> = (page: number) => Promise<ListPage<T>>;

/** Pages requested at the same time. The request queue decides how many of them are sent at once. */
const mostSideBySide = 16;
/** The same if the server does not say how long the list is. */
const mostUnannounced = 8;
/** Maximum pages of a list (10 million users), for a server whose list never ends. */
const maxPages = 100_000;
/** If the list changed beside more pages than this, the whole list is read again at once. */
const mostMovedPages = 20;

/** Continues a walk to the end of the list, several pages at a time. After a failure the snapshot keeps the pages that were read. */
export async function readToEnd<T extends Identified>(
  snapshot: Snapshot<T>,
  readPage: ReadPage<T>,
  onPage: () => void,
): Promise<void> {
  const walk = walkPages(readPage, {
    from: snapshot.nextPage,
    memory: snapshot,
    cap: maxPages,
    sideBySide: () => {
      const most = snapshot.total === undefined ? mostUnannounced : mostSideBySide;
      return Math.min(most, snapshot.lastPageNeeded + 1 - snapshot.nextPage);
    },
  });
  while (!snapshot.isComplete) {
    const { done, value } = await walk.next();
    snapshot.end = done ? value : undefined;
    onPage();
  }
  await snapshot.packed;
}

/**
 * Reads the pages again beside which the list changed. Returns whether no item can be missing: the list did not change, or the number of
 * items now equals the server's total. A list that ended early, at a page of known items, is not settled either.
 */
export async function settleMoved<T extends Identified>(
  snapshot: Snapshot<T>,
  readPage: ReadPage<T>,
): Promise<boolean> {
  const { movedPages } = snapshot;
  if (movedPages.size === 0 && (snapshot.end !== 'nothingNew' || snapshot.agreesWithTotal !== false)) {
    return true;
  }
  if (movedPages.size <= mostMovedPages) {
    const pages = await Promise.all([...movedPages].map(readPage));
    pages.forEach((page) => snapshot.admitAgain(page));
  }
  return snapshot.agreesWithTotal === true;
}
