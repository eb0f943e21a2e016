import vscode = require('vscode');
import { withoutIcons, withoutLinks } from '../text/untrusted';
import { documentationLink, explainInOne } from './explain';

/** Tells of a failure that has no better place than a notification. Does not wait for the person. */
export function notifyOfError(error: unknown): void {
  void offerDocumentation(error).then(undefined, () => undefined);
}

async function offerDocumentation(error: unknown): Promise<void> {
  const link = documentationLink(error);
  const open = vscode.l10n.t('Open Documentation');
  const chosen = await vscode.window.showErrorMessage(withoutLinks(explainInOne(error)), ...(link ? [open] : []));
  if (chosen === open && link) {
    await vscode.env.openExternal(link);
  }
}

/** Milliseconds that a confirmation stays in the status bar. */
const confirmationMs = 5000;

/** Confirms in the status bar, which draws icons: names in the words are shown literally. */
export function confirm(words: string): void {
  vscode.window.setStatusBarMessage(`$(check) ${withoutIcons(words)}`, confirmationMs);
}
