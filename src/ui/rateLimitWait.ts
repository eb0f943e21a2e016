import vscode = require('vscode');
import type { Clock, Gate } from '../cloudflare';

const secondMs = 1000;

/**
 * Counts down while Cloudflare's rate limit holds requests back, so that every place that waits says the same. Nothing ticks while
 * nothing waits.
 */
export class RateLimitWait implements vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<string | undefined>();
  /** The words, each second anew; undefined once the wait is over. */
  readonly onDidChange = this.changes.event;

  /** When each credential's wait ends, on this clock. */
  private readonly until = new Map<string, number>();
  private ticking: NodeJS.Timeout | undefined;

  constructor(
    private readonly gate: Gate,
    private readonly clock: Clock,
  ) {
    gate.on('heldBack', this.onHeldBack);
  }

  /** `Waiting 24 s for Cloudflare's rate limit…`, or undefined while nothing waits. */
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
    this.gate.off('heldBack', this.onHeldBack);
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
