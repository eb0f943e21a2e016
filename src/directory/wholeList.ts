import { type ListPage, type ScimUser, walkPages } from '../cloudflare';
import type { HeldUsers } from './heldUsers';

export type ReadPage = (page: number) => Promise<ListPage<ScimUser>>;

/** Pages asked for at once; how many requests run at once is the scheduler's to say. */
const mostSideBySide = 16;
/** The same where the server does not say how many there are. */
const mostUnannounced = 8;
/** Pages of one list at most, 10 million users: a server that never ends it is stopped here. */
const maxPages = 100_000;
/** Where the list changed beside more pages than this, the whole of it is read again at once. */
const mostMovedPages = 20;

/** Goes on with a walk to the list's end, its pages side by side; tells of each page. What came before a failure is held. */
export async function readToEnd(held: HeldUsers, readPage: ReadPage, onPage: () => void): Promise<void> {
  const walk = walkPages(readPage, {
    from: held.nextPage,
    memory: held,
    cap: maxPages,
    sideBySide: () => {
      const most = held.total === undefined ? mostUnannounced : mostSideBySide;
      return Math.min(most, held.lastPageNeeded + 1 - held.nextPage);
    },
  });
  while (!held.isComplete) {
    const { done, value } = await walk.next();
    held.end = done ? value : undefined;
    onPage();
  }
  await held.packed;
}

/**
 * Whether nobody can have been missed while the list was read: it did not change, or reading again where it did makes the number right. A
 * list that only ended too early, at a page of users known before, is no good either.
 */
export async function settleMoved(held: HeldUsers, readPage: ReadPage): Promise<boolean> {
  const { movedPages } = held;
  if (movedPages.size === 0 && (held.end !== 'nothingNew' || held.agreesWithTotal !== false)) {
    return true;
  }
  if (movedPages.size <= mostMovedPages) {
    const pages = await Promise.all([...movedPages].map(readPage));
    pages.forEach((page) => held.admitAgain(page));
  }
  return held.agreesWithTotal === true;
}
