import { type Edit, format } from 'jsonc-parser';

/** Maximum UTF-16 code units of a text that is formatted. */
export const maxFormattedLength = 5_000_000;

/** A deeply nested text could grow by a factor of 65 (two spaces for each of 64 levels). VS Code does not colour longer texts. */
export const maxIndentedLength = 20_000_000;

/**
 * The server's own text of a resource, re-indented and otherwise untouched: large numbers, key order and duplicate keys stay.
 * A text that is too long for that stays as it is. Takes time in proportion to the length of the text.
 */
export function formatDocument(rawText: string): string {
  if (rawText.length > maxFormattedLength) {
    return rawText;
  }
  const edits = format(rawText, undefined, { tabSize: 2, insertSpaces: true, eol: '\n' });
  const growth = edits.reduce((sum, { length, content }) => sum + content.length - length, 0);
  return rawText.length + growth > maxIndentedLength ? rawText : `${edited(rawText, edits)}\n`;
}

/**
 * Applies edits that are sorted by offset and do not overlap, as `format` returns them. `applyEdits` of `jsonc-parser` gives the same result,
 * but copies the text once for each edit.
 */
function edited(text: string, edits: readonly Edit[]): string {
  const parts: string[] = [];
  let done = 0;
  for (const { offset, length, content } of edits) {
    parts.push(text.slice(done, offset), content);
    done = offset + length;
  }
  parts.push(text.slice(done));
  return parts.join('');
}
