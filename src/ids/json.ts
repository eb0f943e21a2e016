import { createScanner } from 'jsonc-parser';
import { type Comment, type Literal, type Scope } from './literal';

/** `ScanError.UnexpectedEndOfString`, a constant enumeration, which cannot be imported. */
const unexpectedEndOfString = 2;

/** The file, an object or a list, as long as it is open. */
interface Frame {
  readonly open: 'file' | '{' | '[';
  readonly scope: Scope;
  /** The key whose value is read. */
  key: string | undefined;
}

/** The strings and comments of a file in JSON or JSON with comments, with the keys above them; half-typed text as with `scanHcl`. */
export function* scanJson(text: string): Generator<Literal | Comment, void> {
  const scanner = createScanner(text);
  const reader = new JsonReader();
  for (scanner.scan(); scanner.getTokenOffset() < text.length; scanner.scan()) {
    const start = scanner.getTokenOffset();
    // It moves beyond the end of the text behind a comment that is not closed.
    const end = Math.min(scanner.getPosition(), text.length);
    // The kinds of tokens are such an enumeration, too; their first characters tell them apart.
    const token = text.charAt(start);
    if (token === '/' && end > start + 1) {
      yield { kind: 'comment', start, end };
    } else if (!/\s/.test(token)) {
      yield* reader.takeString(token === ':');
      if (token === '"') {
        const isClosed = (scanner.getTokenError() as number) !== unexpectedEndOfString;
        reader.readString(text.slice(start, end), start, scanner.getTokenValue(), isClosed);
      } else {
        reader.read(token);
      }
    }
  }
  yield* reader.takeString(false);
}

class JsonReader {
  private readonly frames: Frame[];
  private readonly open = { '{': 0, '[': 0 };
  /** A string that is a key if a colon follows. */
  private last: Omit<Literal, 'role'> | undefined;

  constructor() {
    this.frames = [{ open: 'file', scope: { parent: undefined, key: undefined, labels: [] }, key: undefined }];
  }

  private get frame(): Frame {
    const frame = this.frames.at(-1);
    if (frame === undefined) {
      throw new RangeError('The frame of the file was closed.');
    }
    return frame;
  }

  *takeString(isColonNext: boolean): Generator<Literal> {
    const { last, frame } = this;
    this.last = undefined;
    if (last) {
      const isKey = isColonNext && frame.open === '{';
      frame.key = isKey ? last.value : frame.key;
      yield { ...last, role: isKey ? 'key' : 'value', key: isKey ? undefined : last.key };
    }
  }

  /** @param raw The token, with its quotation marks. */
  readString(raw: string, first: number, value: string, isClosed: boolean): void {
    const { scope, key } = this.frame;
    const [start, end] = [first + 1, first + raw.length - (isClosed ? 1 : 0)];
    this.last = { kind: 'string', start, end, value, offsets: offsetsIn(raw.slice(1), start), scope, key };
  }

  read(token: string): void {
    const { frame, frames, open } = this;
    if (token === '{' || token === '[') {
      open[token]++;
      const scope = token === '{' ? { parent: frame.scope, key: frame.key, labels: [] } : frame.scope;
      frames.push({ open: token, scope, key: token === '{' ? undefined : frame.key });
    } else if (token === '}' || token === ']') {
      this.close(token === '}' ? '{' : '[');
    } else if (token === ',' && frame.open === '{') {
      frame.key = undefined;
    }
  }

  /** Closes the innermost bracket of a kind, and what is open inside it. */
  private close(bracket: '{' | '['): void {
    while (this.open[bracket] > 0) {
      const closed = this.frames.pop();
      if (closed === undefined || closed.open === 'file') {
        throw new RangeError(`There is no open ${bracket}.`);
      }
      this.open[closed.open]--;
      if (closed.open === bracket) {
        return;
      }
    }
  }
}

/** The `offsets` of a literal that begins at an offset, from its text. */
function offsetsIn(raw: string, start: number): number[] {
  const offsets: number[] = [];
  let length = 0;
  let from = 0;
  for (const { 0: escape, index } of raw.matchAll(/\\(?:u[0-9a-fA-F]{4}|[^])/g)) {
    length += index - from + 1;
    from = index + escape.length;
    offsets.push(length, start + from);
  }
  return offsets;
}
