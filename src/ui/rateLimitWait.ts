import vscode = require('vscode');
import type { Clock, CloudflareClient } from '../cloudflare';

const secondMs = 1000;

/** Counts down while Cloudflare's rate limit delays interactive requests, for the tree and the search box to show. */
export class RateLimitWait implements vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<string | undefined>();
  /** Fires `words` every second, and undefined once the wait is over. */
  readonly onDidChange = this.changes.event;

  /** When the wait of each credential ends, by this clock. */
  private readonly until = new Map<string, number>();
  private ticking: NodeJS.Timeout | undefined;

  constructor(
    private readonly client: CloudflareClient,
    private readonly clock: Clock,
  ) {
    client.on('heldBack', this.onHeldBack);
  }

  /** `Waiting 24 s for Cloudflare's rate limit…`, or undefined while no request is delayed. */
  get words(): string | undefined {
    const longest = Math.max(...this.until.values());
    return this.until.size === 0
      ? undefined
      : vscode.l10n.t(
          "Waiting {0} s for Cloudflare's rate limit…",
          Math.max(1, Math.ceil((longest - this.clock.now()) / secondMs)),
        );
  }

  dispose(): void {
    this.client.off('heldBack', this.onHeldBack);
    clearInterval(this.ticking);
    this.changes.dispose();
  }

  private readonly onHeldBack = (credential: string, waitMs: number): void => {
    if (waitMs > 0) {
      this.until.set(credential, this.clock.now() + waitMs);
    } else {
      this.until.delete(credential);
    }
    if (this.until.size > 0) {
      this.ticking ??= setInterval(() => this.changes.fire(this.words), secondMs);
    } else {
      clearInterval(this.ticking);
      this.ticking = undefined;
    }
    this.changes.fire(this.words);
  };
}
