/** Deeper JSON is refused: from 100 levels on `format` of jsonc-parser breaks the text, at 20,000 it takes all memory. */
export const maxJsonDepth = 64;

/** Elements of a page at most; the API's own maximum is 100. */
export const maxPageElements = 1000;

/** Characters `{ } [ ] , :` outside strings at most: a few compressed KB may hold millions of values, each many bytes in memory. */
export const maxJsonStructure = 5_000_000;

/** The JSON is nested too deeply, or holds too many values, to be parsed. */
export class JsonLimitError extends Error {
  constructor(readonly limit: 'tooDeep' | 'tooMany') {
    super(`JSON beyond a limit: ${limit}`);
    this.name = 'JsonLimitError';
  }
}

/** The position of a value in a text: [start, end) in UTF-16 code units. */
export type Span = readonly [start: number, end: number];

/**
 * Scans a JSON text in one pass, without recursion, before it is parsed. Throws JsonLimitError if it is too deep or holds too many values.
 * @returns The positions of the elements of the top-level array `result`. Of two keys `result` the last one counts, as in `JSON.parse`. For
 * a text that is not JSON the result means nothing.
 */
export function scanEnvelope(text: string): Span[] {
  let spans: Span[] = [];
  let depth = 0;
  let structure = 0;
  let isObject = false;
  /** Whether the next string at the top level is a key. */
  let isKey = false;
  /** The last key at the top level. */
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
          // There is no element in an empty array.
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

/** The value of a JSON string; empty if it is malformed, since parsing the whole text will fail. */
function unescaped(json: string): string {
  try {
    return json.includes('\\') ? String(JSON.parse(json)) : json.slice(1, -1);
  } catch {
    return '';
  }
}

/** The index after the closing quote of the string that begins at `start`; the end of the text if there is none. */
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
