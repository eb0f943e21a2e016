import vscode = require('vscode');
import { notification, statusBarText } from '../text';
import { CloudflareError } from '../cloudflare';
import { explainInOne, isMissingModule } from './explain';

/** Shows an error in a notification. Does not wait until the user closes it. */
export function notifyOfError(error: unknown): void {
  void offerMore(error).then(undefined, () => undefined);
}

async function offerMore(error: unknown): Promise<void> {
  const link = documentationLink(error);
  const open = vscode.l10n.t('Open Documentation');
  const details = vscode.l10n.t('Show Details');
  const reload = vscode.l10n.t('Reload Window');
  const chosen = await vscode.window.showErrorMessage(
    notification(explainInOne(error)),
    ...(link ? [open] : []),
    ...(error instanceof CloudflareError ? [details] : []),
    ...(isMissingModule(error) ? [reload] : []),
  );
  if (chosen === open && link) {
    await vscode.env.openExternal(link);
  } else if (chosen === reload) {
    await vscode.commands.executeCommand('workbench.action.reloadWindow');
  } else if (chosen === details) {
    await vscode.commands.executeCommand('scimExplorer.showDetails', error);
  }
}

/** The link of an answer to Cloudflare's developer documentation. Links to other sites are not offered. */
export function documentationLink(error: unknown): vscode.Uri | undefined {
  const link = error instanceof CloudflareError ? error.failure.documentationUrl : undefined;
  const url = link !== undefined && URL.canParse(link) ? new URL(link) : undefined;
  return url?.origin === 'https://developers.cloudflare.com' ? vscode.Uri.parse(url.href) : undefined;
}

/** How long a confirmation stays in the status bar, in ms. */
const confirmationMs = 5000;

/** Shows a confirmation in the status bar, which draws icons: names in the text are shown literally. */
export function confirm(words: string): void {
  vscode.window.setStatusBarMessage(`$(check) ${statusBarText(words)}`, confirmationMs);
}
