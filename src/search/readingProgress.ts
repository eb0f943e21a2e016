import type { Clock } from '../cloudflare';
import type { Directory, DirectoryProvider } from '../directory';

/** Milliseconds between two calls of `onProgress` at least. */
const intervalMs = 250;

/** Calls back while users are being read: in the tree, or for searching. */
export class ReadingProgress {
  private readonly followed = new Set<DirectoryProvider['users']>();
  private cancelCall: (() => void) | undefined;

  constructor(
    private readonly directory: Directory,
    private readonly clock: Clock,
    private readonly onProgress: () => void,
  ) {}

  /** Follows the identity providers that became known since the last call. */
  follow(): void {
    for (const { users } of this.directory.accounts.flatMap(({ providers }) => providers ?? [])) {
      if (!this.followed.has(users)) {
        this.followed.add(users);
        users.on('read', this.onRead);
        users.on('change', this.onRead);
      }
    }
  }

  dispose(): void {
    this.cancelCall?.();
    for (const users of this.followed) {
      users.off('read', this.onRead);
      users.off('change', this.onRead);
    }
  }

  private readonly onRead = (): void => {
    this.cancelCall ??= this.clock.after(intervalMs, () => {
      this.cancelCall = undefined;
      this.onProgress();
    });
  };
}
