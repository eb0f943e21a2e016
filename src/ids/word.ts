/** An email, UUID or Okta id in a text. */
export interface Word {
  /** UTF-16 offsets. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** UTF-16 units on each side of an offset that are looked at: a line may be very long. An email has at most 254 bytes. */
const most = 400;

const id =
  /(?<![\w-])(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|00[ug][0-9A-Z]{17})(?![\w-])|(?<![\p{L}\p{M}\p{N}._+@%{}$-])[\p{L}\p{N}_][\p{L}\p{M}\p{N}._+'-]*@(?:[\p{L}\p{M}\p{N}-]+\.)+[\p{L}\p{N}-]{2,}(?![\p{L}\p{N}@-])/giu;

/** The email, UUID or Okta id at an offset of a text; undefined within a longer word, or where there is none. */
export function wordAt(text: string, offset: number): Word | undefined {
  const from = Math.max(0, offset - most);
  const near = text.slice(from, offset + most);
  for (const { 0: word, index } of near.matchAll(id)) {
    const [start, end] = [from + index, from + index + word.length];
    if (start <= offset && offset <= end) {
      return { start, end, text: word };
    }
  }
  return undefined;
}
