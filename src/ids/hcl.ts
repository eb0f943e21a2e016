import { type Comment, hole, type Literal, type Scope } from './literal';

type Bracket = '{' | '[' | '(';

/** A bracket, an interpolation or the file, as long as it is open. */
interface Frame {
  readonly open: 'file' | Bracket | '${';
  readonly scope: Scope;
  /** How many brackets of each kind are open in the file or in the innermost interpolation. */
  readonly brackets: Record<Bracket, number>;
  /** The key whose value is read. */
  key: string | undefined;
  /** The names and strings of the statement that is read, up to its `=` or `{`. */
  words: string[];
  /** Whether it is a `for` expression, in which no `:` follows a key. */
  isFor: boolean;
}

/** A string or heredoc, as long as it is open. */
interface OpenLiteral {
  readonly kind: Literal['kind'];
  readonly start: number;
  /** Where the content of the innermost heredoc ends, or the file. */
  readonly limit: number;
  /** Where the closing line of a heredoc ends. */
  readonly after: number;
  /** The number of frames around it. */
  readonly depth: number;
  readonly parts: string[];
  length: number;
  readonly offsets: number[];
  /** Whether one of its interpolations goes over several lines. */
  isLong: boolean;
}

/** Blocks that stand in no other block: one that begins a line ends what was left open above it. */
const outermost =
  /(?:resource|data|variable|locals|module|output|provider|terraform|moved|import|removed|check)[^\S\n]*(?:"[^"\n]*"[^\S\n]*){0,2}\{/y;

/** Groups: line break, comment of one line, beginning of a block comment, marker of a heredoc, name, quotation mark, operator. */
const codeToken =
  /[^\S\n]+|(\n)|((?:#|\/\/)[^\n]*)|(\/\*)|<<-?([\p{L}_][\p{L}\p{N}_-]*)[^\S\n]*\n|([\p{L}_][\p{L}\p{N}_-]*)|\d[\p{L}\p{N}_.]*|(")|([=!<>]=|=>|[=:,{}[\]()])|[^]/uy;

/** Groups: interpolation, sign of an escaped interpolation, escaped character, quotation mark, line break. */
const stringToken = /[^"\\$%\r\n]+|([$%]\{)|([$%])\2\{|\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[^\r\n])|(")|(\r?\n)|[^]/uy;
/** The first two groups of `stringToken`: in a heredoc the others are text. */
const heredocToken = /[^$%\n]*\n|[^$%\n]+|([$%]\{)|([$%])\2\{|[^]/uy;

const controls: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/**
 * The strings, heredocs and comments of a file in HCL, with the keys above them; strings in an interpolation come before the string around
 * it. Half-typed text is read as well: a string ends with its line, a closing bracket closes what is open inside it, and a comment or
 * heredoc without an end is one line. Takes time in proportion to the length of the text.
 */
export function* scanHcl(text: string): Generator<Literal | Comment, void> {
  const scanner = new HclScanner(text);
  while (scanner.step()) {
    yield* scanner.read.splice(0);
  }
}

class HclScanner {
  /** What the last step has read. */
  readonly read: (Literal | Comment)[] = [];
  private at: number;
  private readonly file: Frame;
  private readonly frames: Frame[] = [];
  private readonly literals: OpenLiteral[] = [];
  private hasCommentEnd = true;
  private closingLines: ClosingLines | undefined;

  constructor(private readonly text: string) {
    this.at = text.startsWith('\u{FEFF}') ? 1 : 0;
    const scope: Scope = { parent: undefined, key: undefined, labels: [] };
    this.file = { ...newFrame, open: 'file', scope, brackets: noBrackets(), words: [] };
  }

  /** Reads on; returns false at the end of the file. */
  step(): boolean {
    const literal = this.literals.at(-1);
    if (this.at >= (literal?.limit ?? this.text.length)) {
      return literal !== undefined && this.close(literal, literal.limit);
    }
    if (literal?.depth === this.frames.length) {
      this.readText(literal);
    } else {
      if (this.endsOpenBlocks()) {
        this.literals.length = 0;
        this.frames.length = 0;
        Object.assign(this.file, { brackets: noBrackets(), key: undefined, words: [] });
      }
      this.readCode(this.frames.at(-1) ?? this.file);
    }
    return true;
  }

  private readText(literal: OpenLiteral): void {
    const start = this.at;
    const pattern = literal.kind === 'string' ? stringToken : heredocToken;
    const [whole, interpolation, sign, escaped, quote, lineBreak] = match(pattern, this.text, start);
    this.at = Math.min(start + whole.length, literal.limit);
    if (quote !== undefined) {
      this.close(literal, start);
    } else if (lineBreak !== undefined) {
      this.at = start;
      this.close(literal, start);
    } else if (interpolation !== undefined) {
      append(literal, hole, start, this.at);
      const { scope, key } = this.frames.at(-1) ?? this.file;
      this.frames.push({ ...newFrame, open: '${', scope, key, brackets: noBrackets(), words: [] });
    } else {
      const text = sign === undefined ? escaped && decoded(escaped) : `${sign}{`;
      append(literal, text ?? this.text.slice(start, this.at), start, this.at);
    }
  }

  private close({ kind, start, depth, after, parts, offsets }: OpenLiteral, end: number): true {
    this.literals.pop();
    this.frames.length = depth;
    const frame = this.frames.at(-1) ?? this.file;
    const value = parts.join('');
    const role = !isStatement(frame) ? 'value' : frame.words.length === 0 ? 'key' : 'label';
    if (role !== 'value') {
      frame.words.push(value);
    }
    this.read.push({ kind, start, end, value, offsets, role, scope: frame.scope, key: frame.key });
    if (kind === 'heredoc') {
      this.at = after;
    }
    return true;
  }

  private readCode(frame: Frame): void {
    const start = this.at;
    const [whole, lineBreak, comment, longComment, marker, name, quote, operator] = match(codeToken, this.text, start);
    this.at += whole.length;
    if (lineBreak !== undefined) {
      this.endLine(frame, start);
    } else if (comment !== undefined) {
      this.read.push({ kind: 'comment', start, end: this.at });
    } else if (longComment !== undefined) {
      this.readLongComment(start);
    } else if (marker !== undefined) {
      this.openHeredoc(marker, start);
    } else if (name !== undefined) {
      frame.isFor ||= name === 'for' && frame.open === '{' && isStatement(frame) && frame.words.length === 0;
      frame.words.push(name);
    } else if (quote !== undefined) {
      this.open('string', this.limit, 0);
    } else if (operator !== undefined) {
      this.operate(frame, operator);
    }
  }

  private get limit(): number {
    return this.literals.at(-1)?.limit ?? this.text.length;
  }

  private endsOpenBlocks(): boolean {
    outermost.lastIndex = this.at;
    const isLineStart = this.text[this.at - 1] === '\n';
    return isLineStart && this.frames.length > 0 && this.limit === this.text.length && outermost.test(this.text);
  }

  private open(kind: Literal['kind'], limit: number, after: number): void {
    const [start, depth] = [this.at, this.frames.length];
    this.literals.push({ kind, start, limit, after, depth, parts: [], length: 0, offsets: [], isLong: false });
  }

  private openHeredoc(marker: string, start: number): void {
    this.closingLines ??= new ClosingLines(this.text);
    const line = this.closingLines.next(marker, this.at);
    if (line && line.end <= this.limit) {
      this.open('heredoc', line.start, line.end);
    } else {
      this.at = start + '<<'.length;
    }
  }

  private readLongComment(start: number): void {
    const last = this.hasCommentEnd ? this.text.indexOf('*/', this.at) : -1;
    this.hasCommentEnd = last !== -1;
    const lineEnd = this.text.indexOf('\n', start);
    const isClosed = last !== -1 && last + 2 <= this.limit;
    this.at = isClosed ? last + 2 : lineEnd === -1 ? this.text.length : lineEnd;
    this.read.push({ kind: 'comment', start, end: this.at });
  }

  private endLine(frame: Frame, at: number): void {
    const literal = this.literals.at(-1);
    if (literal?.kind === 'string') {
      literal.isLong ||= frame.open !== '${' && /[{[(]\s*$/.test(this.text.slice(Math.max(0, at - 20), at));
      if (!literal.isLong || frame.open === '${') {
        // The quotation mark or the bracket is missing.
        this.at = at;
        this.close(literal, at);
        return;
      }
    }
    startStatement(frame);
  }

  private operate(frame: Frame, operator: string): void {
    if (operator === '=' || operator === ':') {
      this.setKey(frame, operator);
    } else if (operator === ',') {
      startStatement(frame);
    } else if (operator === '{' || operator === '[' || operator === '(') {
      this.openBracket(frame, operator);
    } else if (operator === '}' && frame.brackets['{'] === 0) {
      this.closeInterpolation();
    } else {
      const open = opening[operator];
      if (open) {
        this.closeBracket(open);
      }
    }
  }

  private setKey(frame: Frame, operator: string): void {
    if (isStatement(frame)) {
      frame.key = frame.words.at(-1) ?? '';
    } else if (operator === '=' && (frame.open === '[' || frame.open === '(') && frame.words.length === 1) {
      // An attribute cannot stand here: closing brackets are missing.
      const i = this.frames.findLastIndex(({ open }) => open !== '[' && open !== '(');
      const outer = this.frames[i] ?? this.file;
      if (outer.open !== '${') {
        this.frames.splice(i + 1).forEach(({ open }) => open !== 'file' && open !== '${' && frame.brackets[open]--);
        outer.key = frame.words[0];
      }
    }
  }

  private openBracket(frame: Frame, open: Bracket): void {
    const [type, ...labels] = frame.words;
    const isBlock = open === '{' && isStatement(frame) && type !== undefined;
    const scope =
      open === '{'
        ? { parent: frame.scope, ...(isBlock ? { key: type, labels } : { key: frame.key, labels: [] }) }
        : frame.scope;
    if (isBlock) {
      frame.words = [];
    }
    frame.brackets[open]++;
    this.frames.push({
      ...newFrame,
      open,
      scope,
      key: open === '{' ? undefined : frame.key,
      brackets: frame.brackets,
      words: [],
    });
  }

  private closeBracket(open: Bracket): void {
    const { brackets } = this.frames.at(-1) ?? this.file;
    while (brackets[open] > 0) {
      const closed = this.frames.pop();
      if (closed === undefined || closed.open === 'file' || closed.open === '${') {
        throw new RangeError(`There is no open ${open}.`);
      }
      brackets[closed.open]--;
      if (closed.open === open) {
        return;
      }
    }
  }

  private closeInterpolation(): void {
    const literal = this.literals.at(-1);
    if (literal) {
      this.frames.length = literal.depth;
      literal.offsets.push(literal.length, this.at);
    }
  }
}

/** The lines of a text that may close a heredoc: nothing but a name. */
class ClosingLines {
  private readonly lines = new Map<string, { readonly start: number; readonly end: number }[]>();

  constructor(text: string) {
    for (const { 0: line, 1: name = '', index } of text.matchAll(/^[^\S\n]*([\p{L}_][\p{L}\p{N}_-]*)[^\S\n]*$/gmu)) {
      const known = this.lines.get(name) ?? [];
      known.push({ start: index, end: index + line.length });
      this.lines.set(name, known);
    }
    this.lines.forEach((lines) => lines.reverse());
  }

  /** The first line from an offset on. The offset never decreases. */
  next(name: string, offset: number): { readonly start: number; readonly end: number } | undefined {
    const lines = this.lines.get(name) ?? [];
    while ((lines.at(-1)?.start ?? offset) < offset) {
      lines.pop();
    }
    return lines.at(-1);
  }
}

const opening: Readonly<Record<string, Bracket>> = { '}': '{', ']': '[', ')': '(' };

const newFrame = { key: undefined, isFor: false };

function noBrackets(): Frame['brackets'] {
  return { '{': 0, '[': 0, '(': 0 };
}

/** Whether a statement begins in a frame, and its key or type is not complete. */
function isStatement({ open, key, isFor }: Frame): boolean {
  return (open === '{' || open === 'file') && key === undefined && !isFor;
}

function startStatement(frame: Frame): void {
  frame.words = [];
  if (!frame.isFor && (frame.open === '{' || frame.open === 'file')) {
    frame.key = undefined;
  }
}

/** Appends text to the value that ends at an offset of the file. */
function append(literal: OpenLiteral, text: string, from: number, to: number): void {
  literal.parts.push(text);
  literal.length += text.length;
  if (text.length !== to - from) {
    literal.offsets.push(literal.length, to);
  }
}

function decoded(escaped: string): string {
  if (!/^[uU]./.test(escaped)) {
    return controls[escaped] ?? escaped;
  }
  const codePoint = Number.parseInt(escaped.slice(1), 16);
  return codePoint > 0x10_ffff ? escaped : String.fromCodePoint(codePoint);
}

/** The match of a sticky pattern, which matches anywhere. */
function match(pattern: RegExp, text: string, at: number): RegExpExecArray | [string] {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? [text.slice(at)];
}
