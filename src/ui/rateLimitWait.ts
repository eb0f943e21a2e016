import vscode = require('vscode');
import type { Clock, CloudflareClient } from '../cloudflare';
import { ContextKey } from './contextKey';
import { registerCommand } from './registerCommand';

const secondMs = 1000;

/** A countdown for the tree and the search box, shown while Cloudflare's rate limit delays interactive requests. */
export class RateLimitWait implements vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<string | undefined>();
  /** Fires `words` every second, and undefined when the wait is over. */
  readonly onDidChange = this.changes.event;

  /** For each credential: the end of its wait, in ms of `clock`, and whether it only keeps the reserve. */
  private readonly waits = new Map<string, { readonly until: number; readonly isKept: boolean }>();
  private readonly isReserveKept = new ContextKey('scimExplorer.isReserveKept');
  private ticking: NodeJS.Timeout | undefined;
  private readonly command: vscode.Disposable;

  constructor(
    private readonly client: CloudflareClient,
    private readonly clock: Clock,
  ) {
    client.on('heldBack', this.onHeldBack);
    this.command = registerCommand('scimExplorer.useReserve', () => client.useReserve());
  }

  /** `Waiting 24 s for Cloudflare's rate limit…`, or undefined while no request is delayed. */
  get words(): string | undefined {
    if (this.waits.size === 0) {
      return undefined;
    }
    const longest = Math.max(...[...this.waits.values()].map(({ until }) => until));
    const seconds = Math.max(1, Math.ceil((longest - this.clock.now()) / secondMs));
    return this.isKept
      ? vscode.l10n.t(
          'Waiting {0} s: the last requests of the rate limit are kept for Terraform and other clients',
          seconds,
        )
      : vscode.l10n.t("Waiting {0} s for Cloudflare's rate limit…", seconds);
  }

  /** Whether requests wait only because the last ones are left to other clients. */
  get isKept(): boolean {
    return [...this.waits.values()].some(({ isKept }) => isKept);
  }

  dispose(): void {
    this.client.off('heldBack', this.onHeldBack);
    clearInterval(this.ticking);
    this.changes.dispose();
    this.command.dispose();
  }

  private readonly onHeldBack = (credential: string, waitMs: number, isKept: boolean): void => {
    const wasKept = this.isKept;
    if (waitMs > 0) {
      this.waits.set(credential, { until: this.clock.now() + waitMs, isKept });
    } else {
      this.waits.delete(credential);
    }
    this.isReserveKept.set(this.isKept);
    if (this.isKept && !wasKept) {
      void this.offerReserve();
    }
    if (this.waits.size > 0) {
      this.ticking ??= setInterval(() => this.changes.fire(this.words), secondMs);
    } else {
      clearInterval(this.ticking);
      this.ticking = undefined;
    }
    this.changes.fire(this.words);
  };

  /** Asks before the last requests of the rate limit are used. */
  private async offerReserve(): Promise<void> {
    const use = vscode.l10n.t('Use the Reserve Now');
    const chosen = await vscode.window.showInformationMessage(
      vscode.l10n.t(
        "The last requests of Cloudflare's rate limit are kept for Terraform, the dashboard and other clients. SCIM Explorer waits for the next window.",
      ),
      use,
    );
    if (chosen === use) {
      this.client.useReserve();
    }
  }
}
