import type { Clock } from '../cloudflare';
import type { Directory, ScimList } from '../directory';

/** Milliseconds between two calls of `onProgress` at least. */
const intervalMs = 250;

/** Calls back while users or groups are being read: in the tree, or for searching. */
export class ReadingProgress {
  private readonly followed = new Set<ScimList>();
  private cancelCall: (() => void) | undefined;

  constructor(
    private readonly directory: Directory,
    private readonly clock: Clock,
    private readonly onProgress: () => void,
  ) {}

  /** Follows the identity providers that became known since the last call. */
  follow(): void {
    const providers = this.directory.accounts.flatMap((account) => account.providers ?? []);
    for (const list of providers.flatMap(({ users, groups }) => [users, groups])) {
      if (!this.followed.has(list)) {
        this.followed.add(list);
        list.on('read', this.onRead);
        list.on('change', this.onRead);
      }
    }
  }

  dispose(): void {
    this.cancelCall?.();
    for (const list of this.followed) {
      list.off('read', this.onRead);
      list.off('change', this.onRead);
    }
  }

  private readonly onRead = (): void => {
    this.cancelCall ??= this.clock.after(intervalMs, () => {
      this.cancelCall = undefined;
      this.onProgress();
    });
  };
}
