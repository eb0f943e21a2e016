/** Deeper bodies are refused: from 100 levels on `jsonc-parser`'s `format` breaks the text, at 20,000 it takes all memory. */
export const maxJsonDepth = 64;

/** Elements of a page; the API's own maximum is 100. */
export const maxPageElements = 1000;

/** Characters `{ } [ ] , :` outside strings: a text of a few KB on the wire may hold millions of values, each many bytes in memory. */
export const maxJsonStructure = 5_000_000;

/** A text that is not handed to a parser: it is nested too deeply, or holds too many values. */
export class JsonLimitError extends Error {
  constructor(readonly limit: 'tooDeep' | 'tooMany') {
    super(`JSON beyond a limit: ${limit}`);
    this.name = 'JsonLimitError';
  }
}

/** Where a value stands in a text: [start, end) in UTF-16 code units. */
export type Span = readonly [start: number, end: number];

/**
 * One pass over a JSON text that needs no stack: throws JsonLimitError before any parser sees a text that is too deep or holds too
 * many values, and returns where each element of the top-level array `result` stands. Of two keys `result` the last counts, as in
 * `JSON.parse`; whether the text is JSON at all is for `JSON.parse` to say.
 */
export function scanEnvelope(text: string): Span[] {
  let spans: Span[] = [];
  let depth = 0;
  let structure = 0;
  let isObject = false;
  /** Whether the next string at the top level is a key, and what the last key was. */
  let isKey = false;
  let key = '';
  let inResult = false;
  let start = 0;
  const count = () => {
    if (++structure > maxJsonStructure) {
      throw new JsonLimitError('tooMany');
    }
  };
  const addElement = (end: number) => {
    if (spans.length === maxPageElements) {
      throw new JsonLimitError('tooMany');
    }
    spans.push(trimmed(text, start, end));
  };

  for (let i = 0; i < text.length; i++) {
    switch (text[i]) {
      case '"': {
        const end = endOfString(text, i);
        if (depth === 1 && isKey) {
          isKey = false;
          key = unescaped(text.slice(i, end));
          spans = key === 'result' ? [] : spans;
        }
        i = end - 1;
        break;
      }
      case '{':
      case '[':
        count();
        depth++;
        if (depth > maxJsonDepth) {
          throw new JsonLimitError('tooDeep');
        }
        if (depth === 1) {
          isObject = isKey = text[i] === '{';
        } else if (depth === 2 && key === 'result') {
          inResult = text[i] === '[';
          start = i + 1;
        }
        break;
      case '}':
      case ']':
        count();
        depth--;
        if (inResult && depth === 1) {
          inResult = false;
          // An empty array has nothing between its brackets.
          const [from, to] = trimmed(text, start, i);
          if (from < to) {
            addElement(i);
          }
        }
        break;
      case ',':
        count();
        if (depth === 1) {
          isKey = isObject;
        } else if (inResult && depth === 2) {
          addElement(i);
          start = i + 1;
        }
        break;
      case ':':
        count();
        break;
    }
  }
  return spans;
}

/** The text of a JSON string; empty for one that is none, which `JSON.parse` will say of the whole. */
function unescaped(json: string): string {
  try {
    return json.includes('\\') ? String(JSON.parse(json)) : json.slice(1, -1);
  } catch {
    return '';
  }
}

/** Index behind the closing quote of the string that begins at `start`; the text's end where none closes it. */
function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text[quote - 1 - backslashes] === '\\') {
      backslashes++;
    }
    if (backslashes % 2 === 0) {
      return quote + 1;
    }
  }
  return text.length;
}

function trimmed(text: string, start: number, end: number): Span {
  while (start < end && isJsonSpace(text[start])) {
    start++;
  }
  while (end > start && isJsonSpace(text[end - 1])) {
    end--;
  }
  return [start, end];
}

function isJsonSpace(character: string | undefined): boolean {
  return character === ' ' || character === '\n' || character === '\r' || character === '\t';
}
