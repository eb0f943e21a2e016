import vscode = require('vscode');
import type { Directory } from '../directory';
import { confirm, countWords, resourceTargets, resourceText, type Selection, targetKind } from '../ui';
import { formatDocument } from './format';

/** *Copy as JSON*: the user or group as Cloudflare sent it; an array for several. Asks Cloudflare only for those that are not loaded. */
export async function copyJson(directory: Directory, selection: Selection, args: readonly unknown[]): Promise<void> {
  const targets = resourceTargets(args, selection);
  const texts = await Promise.all(targets.map(async (target) => (await resourceText(target, directory)).rawText));
  const [only = ''] = texts;
  await vscode.env.clipboard.writeText(formatDocument(texts.length === 1 ? only : `[${texts.join(',')}]`));
  const kind = targets.every((target) => targetKind(target) === 'group') ? 'group' : 'user';
  confirm(vscode.l10n.t('Copied {0} as JSON', countWords(kind, texts.length)));
}
