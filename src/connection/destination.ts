import vscode = require('vscode');
import type { CloudflareClient } from '../cloudflare';
import { quickInputPrompt } from '../text';
import { explain, type Explanation } from '../ui';

/** The origin of the default setting. */
const cloudflareOrigin = 'https://api.cloudflare.com';

/** Characters of the longest host name that DNS allows. */
const maxHostLength = 253;

/** The address that a secret will be sent to, as the input box shows it. The setting may change while the box is open. */
export class Destination {
  /** The origin that was shown last. */
  private named: string | undefined;

  constructor(private readonly client: Pick<CloudflareClient, 'origin'>) {}

  /** A sentence for the prompt that names the address in force, with a warning if it is not Cloudflare's. */
  words(): string {
    try {
      this.named = this.client.origin;
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

  /** A problem if the address in force is not the one that was shown; undefined if it is, or if it is invalid. */
  problem(): Explanation | undefined {
    let origin: string;
    try {
      origin = this.client.origin;
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

/** An origin without `https://`, cut to the length of a host name. It is ASCII, since `URL` encodes host names. */
export function shownOrigin(origin: string): string {
  const shown = origin.replace(/^https:\/\//, '');
  return shown.length > maxHostLength ? `${shown.slice(0, maxHostLength - 1)}…` : shown;
}
