import vscode = require('vscode');
import type { Clock, CloudflareClient } from '../cloudflare';

const secondMs = 1000;

/** A countdown for the tree and the search box, shown while Cloudflare's rate limit delays interactive requests. */
export class RateLimitWait implements vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<string | undefined>();
  /** Fires `words` every second, and undefined when the wait is over. */
  readonly onDidChange = this.changes.event;

  /** For each credential: the end of its wait, in ms of `clock`. */
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
