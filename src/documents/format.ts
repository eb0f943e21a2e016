import { applyEdits, format } from 'jsonc-parser';

/**
 * The server's own text of a user, re-indented and otherwise untouched: large numbers, key order and duplicate keys stay.
 * Bundled into a file of its own, `dist/format.js`, and loaded when the first document is opened.
 */
export function formatUser(rawText: string): string {
  const edits = format(rawText, undefined, { tabSize: 2, insertSpaces: true, eol: '\n' });
  return `${applyEdits(rawText, edits)}\n`;
}
