import vscode = require('vscode');
import type { ScimKind } from '../matching';

/** The codicon of a group. */
export const groupIcon = 'organization';

/** `2,000 users`, `1 group`. */
export function countWords(kind: ScimKind, count: number): string {
  const number = count.toLocaleString('en');
  if (kind === 'user') {
    return count === 1 ? vscode.l10n.t('1 user') : vscode.l10n.t('{0} users', number);
  }
  return count === 1 ? vscode.l10n.t('1 group') : vscode.l10n.t('{0} groups', number);
}
