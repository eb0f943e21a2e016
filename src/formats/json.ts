import type { Format } from './entry';

/** One JSON object a line, as the server sent it. */
export const ndjson: Format = (entries) => ({
  text: entries.map(({ rawText }) => `${onOneLine(rawText)}\n`).join(''),
  changed: 0,
});

/** A JSON array with an object a line, as the server sent it. */
export const json: Format = (entries, { isFirst, isLast }) => {
  const [begin, end] = [isFirst ? '[\n' : ',\n', isLast ? '\n]\n' : ''];
  const isEmpty = isFirst && isLast && entries.length === 0;
  return {
    text: isEmpty ? '[]\n' : begin + entries.map(({ rawText }) => onOneLine(rawText)).join(',\n') + end,
    changed: 0,
  };
};

/** A line break in JSON is always between values: in a string it is escaped. */
function onOneLine(rawText: string): string {
  return /[\r\n]/.test(rawText) ? rawText.replace(/\s*[\r\n]\s*/g, ' ') : rawText;
}
