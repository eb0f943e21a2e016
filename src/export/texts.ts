import type { DirectoryProvider } from '../directory';
import { type Entry, type FormatName, formats } from '../formats';
import type { ScimKind } from '../matching';

/** Entries that are written at a time: about 2 ms. */
const entriesInPart = 200;

/** The loaded users or groups of identity providers. */
export function* entriesOf(providers: readonly DirectoryProvider[], kind: ScimKind): Generator<Entry> {
  for (const provider of providers) {
    for (const loaded of provider.list(kind).loaded()) {
      yield {
        provider,
        rawText: loaded.rawText,
        get data() {
          return loaded.item;
        },
      };
    }
  }
}

/** The text of a file in parts. A byte order mark tells spreadsheets that CSV is UTF-8. */
export function* textsOf(
  entries: Iterable<Entry>,
  format: FormatName,
  onPart: (part: { readonly count: number; readonly changed: number }) => void,
): Generator<string> {
  const iterator = entries[Symbol.iterator]();
  let next = iterator.next();
  for (let isFirst = true; isFirst || !next.done; isFirst = false) {
    const part: Entry[] = [];
    for (; !next.done && part.length < entriesInPart; next = iterator.next()) {
      part.push(next.value);
    }
    const { text, changed } = formats[format](part, { isFirst, isLast: next.done === true });
    onPart({ count: part.length, changed });
    yield isFirst && format === 'csv' ? `\uFEFF${text}` : text;
  }
}
