import vscode = require('vscode');
import type { Directory } from '../directory';
import { confirm, type Selection, userReference, type UserTarget, userTargets } from '../ui';
import { formatDocument } from './format';

/** *Copy as JSON*: the user as Cloudflare sent it; an array for several users. Asks Cloudflare only for users that are not loaded. */
export async function copyJson(directory: Directory, selection: Selection, args: readonly unknown[]): Promise<void> {
  const targets = userTargets(args, selection);
  const texts = await Promise.all(targets.map((target) => rawTextOf(target, directory)));
  const [only = ''] = texts;
  await vscode.env.clipboard.writeText(formatDocument(texts.length === 1 ? only : `[${texts.join(',')}]`));
  confirm(
    texts.length === 1
      ? vscode.l10n.t('Copied the user as JSON')
      : vscode.l10n.t('Copied {0} users as JSON', texts.length.toLocaleString('en')),
  );
}

async function rawTextOf(target: UserTarget, directory: Directory): Promise<string> {
  const reference = userReference(target);
  const loaded = directory.loadedProvider(reference)?.users.rawText(reference.userId);
  return loaded ?? (await directory.fetchUser(reference)).rawText;
}
