import { type DirectoryProvider, isWholeList } from '../directory';

/** Pages of a directory that is loaded in the background: 2,000 users. */
const mostPages = 20;

/** Requests in all, for all directories of a window. */
const mostRequests = 40;

/**
 * Loads small directories as a whole in the background, so that a search finds any part of their users without asking the server. The first
 * page says how large a directory is. Requests have the priority `bulk`, so they leave the reserve of the rate limit unused.
 */
export class SmallDirectories {
  private requestsLeft = mostRequests;
  private readonly tried = new WeakSet<DirectoryProvider>();
  private readonly running = new Set<DirectoryProvider>();

  constructor(private readonly isEnabled: () => boolean) {}

  /** The directories that are being loaded. */
  get loading(): readonly DirectoryProvider[] {
    return [...this.running];
  }

  /** Loads those of the directories that are small, each at most once. Never rejects: failures are those of the directories. */
  async load(directories: readonly DirectoryProvider[]): Promise<void> {
    const untried = directories.filter(
      (directory) => !this.tried.has(directory) && !isWholeList(directory.users.coverage),
    );
    if (this.isEnabled()) {
      await Promise.all(untried.map((directory) => this.loadOne(directory)));
    }
  }

  private async loadOne(directory: DirectoryProvider): Promise<void> {
    const { shown, whole } = directory.users;
    this.tried.add(directory);
    this.running.add(directory);
    if (!shown.hasFirstPage && shown.failure === undefined && this.take(1)) {
      await shown.loadMore('bulk');
    }
    const { requests } = whole;
    if (shown.hasFirstPage && requests !== undefined && requests <= mostPages && this.take(requests)) {
      await whole.read();
    }
    this.running.delete(directory);
  }

  private take(requests: number): boolean {
    const isEnough = requests <= this.requestsLeft;
    this.requestsLeft -= isEnough ? requests : 0;
    return isEnough;
  }
}
