import vscode = require('vscode');
import type { Directory } from '../directory';
import { confirm, countWords, kindOfAll, resourceTargets, resourceText, type Selection } from '../ui';
import { formatDocument } from './format';

/** *Copy as JSON*: the user or group as Cloudflare sent it; an array for several. Asks Cloudflare only for those that are not loaded. */
export async function copyJson(directory: Directory, selection: Selection, args: readonly unknown[]): Promise<void> {
  const targets = resourceTargets(args, selection);
  const texts = await Promise.all(targets.map(async (target) => (await resourceText(target, directory)).rawText));
  const [only = ''] = texts;
  await vscode.env.clipboard.writeText(formatDocument(texts.length === 1 ? only : `[${texts.join(',')}]`));
  confirm(vscode.l10n.t('Copied {0} as JSON', countWords(kindOfAll(targets), texts.length)));
}
