import vscode = require('vscode');
import type { Gate } from '../cloudflare';
import { quickInputPrompt } from '../text';
import { explain, type Explanation } from '../ui';

/** Where the API is, unless somebody has set another address. */
const cloudflareOrigin = 'https://api.cloudflare.com';

/** UTF-16 code units of the longest host name that can be looked up. */
const maxHostLength = 253;

/** The address that a secret goes to, as the box for it names it. The setting may change while the box is open. */
export class Destination {
  private named: string | undefined;

  constructor(private readonly gate: Pick<Gate, 'origin'>) {}

  /** Names the address in force, for a prompt: with a warning where it is not Cloudflare's. */
  words(): string {
    try {
      this.named = this.gate.origin;
    } catch (error) {
      this.named = undefined;
      const { what, next } = explain(error);
      return `${what} ${next}`;
    }
    const host = quickInputPrompt(shownOrigin(this.named));
    return this.named === cloudflareOrigin
      ? vscode.l10n.t('It is sent to {0} only.', host)
      : vscode.l10n.t(
          'Warning: it is sent to {0}, and not to api.cloudflare.com, because the setting "scimExplorer.apiBaseUrl" says so.',
          host,
        );
  }

  /** That the address in force is not the one that was named; undefined where it is, or where none is valid. */
  problem(): Explanation | undefined {
    let origin: string;
    try {
      origin = this.gate.origin;
    } catch {
      return undefined;
    }
    return origin === this.named
      ? undefined
      : {
          what: vscode.l10n.t(
            'Nothing was sent: the setting "scimExplorer.apiBaseUrl" has changed, and now says {0}.',
            shownOrigin(origin),
          ),
          next: vscode.l10n.t('Press Enter again to send it there.'),
        };
  }
}

/** An origin as a person reads it: the host and its port; the scheme as well where it is not https. `URL` writes it in ASCII. */
export function shownOrigin(origin: string): string {
  const shown = origin.replace(/^https:\/\//, '');
  return shown.length > maxHostLength ? `${shown.slice(0, maxHostLength - 1)}…` : shown;
}
