import vscode = require('vscode');
import { documentText } from '../text';
import { explain } from '../ui';

/** The text of a document whose resource could not be read. @param failure The first sentence, which names the resource. */
export function failureText(failure: string, error: unknown): string {
  const { what, next } = explain(error);
  const again = vscode.l10n.t(
    'To try again, run "SCIM Explorer: Refresh" from the command palette, or use the button above.',
  );
  return comments([failure, what, next, again]);
}

/**
 * The text of a document that is read while no tab shows it. The empty object makes it valid for VS Code's JSON service, which may read it as
 * a schema.
 */
export function notOpenedText(): string {
  const words = comments([
    vscode.l10n.t('This document was not loaded: Cloudflare is asked only for documents that are open in a tab.'),
    vscode.l10n.t(
      'To load it, open it in a tab: run "Go to Definition" (F12) where its link is, or "SCIM Explorer: Open User".',
    ),
  ]);
  return `${words}{}\n`;
}

/** Paragraphs as comment lines of the document's language. */
function comments(paragraphs: readonly string[]): string {
  const lines = documentText(paragraphs)
    .trimEnd()
    .split(/\r\n|[\r\n\u2028\u2029]/);
  return lines.map((line) => `${`// ${line}`.trimEnd()}\n`).join('');
}
