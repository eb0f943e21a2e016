/** A block or object of a file. There is one object for each, so the values of the same block share it. */
export interface Scope {
  /** Undefined for the file itself. */
  readonly parent: Scope | undefined;
  /** The type of a block, or the key of an object; an object in a list has the key of the list. */
  readonly key: string | undefined;
  /** Of a block, as in `resource "type" "name"`. */
  readonly labels: readonly string[];
}

/** A string in a file. */
export interface Literal {
  readonly kind: 'string' | 'heredoc';
  /** UTF-16 offsets of the content in the text of the file, without quotes. */
  readonly start: number;
  readonly end: number;
  /** The decoded content. Each interpolation is a `hole`. */
  readonly value: string;
  /** Pairs of an index in the value and its offset in the file: in between, both advance alike. */
  readonly offsets: readonly number[];
  readonly role: 'value' | 'key' | 'label';
  readonly scope: Scope;
  /** The key whose value this is; undefined for a key or label. */
  readonly key: string | undefined;
}

export interface Comment {
  readonly kind: 'comment';
  readonly start: number;
  readonly end: number;
}

/** Stands in a decoded value for an interpolation such as `${var.name}`: U+FFFC, which no id has. */
export const hole = '\u{FFFC}';

/** The offset in the file of an index in a decoded value. */
export function offsetOf({ start, offsets }: Literal, index: number): number {
  // The last pair whose index is not greater.
  let [low, high] = [0, offsets.length / 2];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((offsets[2 * middle] ?? 0) <= index) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  const [from = 0, to = start] = low === 0 ? [] : offsets.slice(2 * low - 2, 2 * low);
  return to + index - from;
}
