import { type DirectoryProvider, isWholeList, type ScimList } from '../directory';
import type { ScimKind } from '../matching';

/** Pages of a directory that is loaded in the background: 2,000 users. */
const mostPages = 20;

/** Requests in all, for all directories of a window. */
const mostRequests = 40;

/**
 * Loads small directories as a whole in the background, so that a search finds any part of their users or groups without asking the server.
 * The first page says how large a directory is. Requests have the priority `bulk`, so they leave the reserve of the rate limit unused.
 */
export class SmallDirectories {
  private requestsLeft = mostRequests;
  private readonly tried = new WeakSet<ScimList>();
  private readonly running = new Map<ScimList, DirectoryProvider>();

  constructor(private readonly isEnabled: () => boolean) {}

  /** The directories whose users or groups are being loaded. */
  get loading(): readonly DirectoryProvider[] {
    return [...this.running.values()];
  }

  /** Loads those of the directories that are small, each at most once. Never rejects: failures are those of the directories. */
  async load(directories: readonly DirectoryProvider[], kind: ScimKind): Promise<void> {
    const untried = directories.filter((directory) => {
      const list = directory.list(kind);
      return !this.tried.has(list) && !isWholeList(list.coverage);
    });
    if (this.isEnabled()) {
      await Promise.all(untried.map((directory) => this.loadOne(directory, directory.list(kind))));
    }
  }

  private async loadOne(directory: DirectoryProvider, list: ScimList): Promise<void> {
    const { shown, whole } = list;
    this.tried.add(list);
    this.running.set(list, directory);
    if (!shown.hasFirstPage && shown.failure === undefined && this.take(1)) {
      await shown.loadMore('bulk');
    }
    const { requests } = whole;
    if (shown.hasFirstPage && requests !== undefined && requests <= mostPages && this.take(requests)) {
      await whole.read();
    }
    this.running.delete(list);
  }

  private take(requests: number): boolean {
    const isEnough = requests <= this.requestsLeft;
    this.requestsLeft -= isEnough ? requests : 0;
    return isEnough;
  }
}
