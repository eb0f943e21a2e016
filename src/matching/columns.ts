import { type Rank, ranks } from './rank';
import { codePointBefore, firstTextByte, isContinuation, isWordCharacter, tags } from './records';

/** The columns of one kind of gram. Each takes one bit a user. More columns give fewer false candidates. */
interface Region {
  readonly first: number;
  readonly width: number;
}

/** The columns of one part of a record. Grams are bytes of folded UTF-8. */
export interface Group {
  /** Single bytes. Each ASCII byte has its own column, so a letter that no id contains rules out all ids. */
  readonly single: Region;
  readonly pair: Region;
  readonly triple: Region;
  /** 1 to 3 bytes with which a word begins. */
  readonly wordStart: Region;
  /** The same for words that begin with a punctuation mark. Few users have one, so `-4` or `@example` leaves few candidates. */
  readonly signStart: Region;
  readonly fieldStart: Region;
  /** Length and last bytes of a whole field. */
  readonly whole: Region;
}

type Widths = Readonly<Record<keyof Group, number>>;

/** Tuned on directories of 100,000 and 1,000,000 users: bytes a user against false candidates. */
const textWidths: Widths = {
  single: 64,
  pair: 96,
  triple: 224,
  wordStart: 96,
  signStart: 8,
  fieldStart: 48,
  whole: 16,
};
const idWidths: Widths = { single: 64, pair: 64, triple: 320, wordStart: 96, signStart: 8, fieldStart: 32, whole: 16 };

/** Columns that hold a state of the user instead of a gram. */
export const stateColumns = { everyone: 0, active: 1, inactive: 2 } as const;
const firstOfTexts = 3;
const firstOfIds = firstOfTexts + total(textWidths);
const columnCount = firstOfIds + total(idWidths);

/** IDs have columns of their own: they are random and would set most bits in the columns of names and emails. */
export const texts = groupFrom(firstOfTexts, textWidths);
export const ids = groupFrom(firstOfIds, idWidths);

function total(widths: Widths): number {
  return Object.values(widths).reduce((sum, width) => sum + width, 0);
}

function groupFrom(first: number, widths: Widths): Group {
  let next = first;
  const region = (kind: keyof Group): Region => {
    const width = widths[kind];
    next += width;
    return { first: next - width, width };
  };
  return {
    single: region('single'),
    pair: region('pair'),
    triple: region('triple'),
    wordStart: region('wordStart'),
    signStart: region('signStart'),
    fieldStart: region('fieldStart'),
    whole: region('whole'),
  };
}

/** A column has 256 bytes, so reading column by column stays in the processor's caches. */
export const wordsPerColumn = 64;
export const usersPerBlock = 32 * wordsPerColumn;

/**
 * Bit signatures of a block of users. There is a column for each hash of a gram and a bit in it for each user whose text contains such a
 * gram. A user whose bits for a text are not all set does not contain it; otherwise the user probably does.
 */
export class Columns {
  private readonly bits = new Uint32Array(columnCount * wordsPerColumn);

  set(user: number, column: number): void {
    const place = placeOf(column) + (user >>> 5);
    this.bits[place] = (this.bits[place] ?? 0) | (1 << (user & 31));
  }

  /** Sets the bits of a part of a record: `bytes` from `start` to `end`. */
  sign(user: number, group: Group, bytes: Uint8Array, start: number, end: number): void {
    let fieldStart = start;
    let window = 0;
    for (let at = start; at < end; at++) {
      const byte = bytes[at] ?? 0;
      if (byte < firstTextByte) {
        this.setWhole(user, group, bytes, fieldStart, at);
        if (byte === tags.rawId) {
          return;
        }
        fieldStart = at + 1;
        continue;
      }
      // The grams that end at this byte.
      window = (window << 8) | byte;
      this.set(user, singleOf(group, byte));
      if (at > fieldStart) {
        this.set(user, columnOf(group.pair, window & 0xffff));
      }
      if (at > fieldStart + 1) {
        this.set(user, columnOf(group.triple, window & 0xffffff));
      }
      // The grams that begin at this byte.
      if (at === fieldStart) {
        this.setStarts(user, group.fieldStart, bytes, at, end);
      }
      if (at === fieldStart || (!isContinuation(byte) && !isWordCharacter(codePointBefore(bytes, at)))) {
        this.setStarts(user, wordStartsOf(group, byte), bytes, at, end);
      }
    }
    this.setWhole(user, group, bytes, fieldStart, end);
  }

  /**
   * Sets `mask` to the users of `among` whose bits are set in all columns at `places`; one bit a user, 32 a word. Returns whether there are
   * any. Column by column: word by word takes three times as long.
   */
  narrow(places: Int32Array, among: Int32Array, mask: Int32Array): boolean {
    let from = among;
    let any = 0;
    for (const place of places) {
      any = 0;
      for (let word = 0; word < wordsPerColumn; word++) {
        const both = (from[word] ?? 0) & (this.bits[place + word] ?? 0);
        mask[word] = both;
        any |= both;
      }
      if (any === 0) {
        return false;
      }
      from = mask;
    }
    return any !== 0;
  }

  private setStarts(user: number, region: Region, bytes: Uint8Array, at: number, end: number): void {
    const longest = gramLength(bytes, at, end);
    for (let length = 1; length <= longest; length++) {
      this.set(user, columnOf(region, gramAt(bytes, at, length)));
    }
  }

  private setWhole(user: number, group: Group, bytes: Uint8Array, start: number, end: number): void {
    if (end > start) {
      this.set(user, columnOf(group.whole, ending(bytes, start, end)));
    }
  }
}

/** The index of a column's first word. */
export function placeOf(column: number): number {
  return column * wordsPerColumn;
}

/**
 * The indexes of the columns in which a user's bit is set if the user contains the text, folded UTF-8, at this rank or a better one. The most
 * selective columns come first. The first grams of a long text are enough.
 */
export function placesFor(text: Uint8Array, rank: Rank, group: Group): Int32Array {
  const columns: number[] = [];
  if (rank === ranks.exact) {
    columns.push(columnOf(group.whole, ending(text, 0, text.length)));
  }
  const length = gramLength(text, 0, text.length);
  const starts = rank === ranks.wordStart ? wordStartsOf(group, text[0] ?? 0) : group.fieldStart;
  for (let start = length; rank !== ranks.inside && start > 0; start--) {
    columns.push(columnOf(starts, gramAt(text, 0, start)));
  }
  const known = text.subarray(0, 24);
  for (let at = known.length - length; length > 1 && at >= 0; at--) {
    columns.push(columnOf(length === 3 ? group.triple : group.pair, gramAt(known, at, length)));
  }
  known.forEach((byte) => columns.push(singleOf(group, byte)));
  return Int32Array.from(new Set(columns), placeOf);
}

function wordStartsOf({ wordStart, signStart }: Group, byte: number): Region {
  return byte >= 0x80 || isWordCharacter(byte) ? wordStart : signStart;
}

/** Letters in one half, digits and most signs in the other. */
function singleOf({ single }: Group, byte: number): number {
  return single.first + (((byte >> 1) & 32) | (byte & 31));
}

/** Multiplicative hashing, whose upper bits are well mixed. */
function columnOf({ first, width }: Region, gram: number): number {
  return first + (((Math.imul(gram, 0x9e3779b1) >>> 16) * width) >>> 16);
}

/** Bytes of the longest gram that begins at this byte: 1 to 3. */
function gramLength(bytes: Uint8Array, at: number, end: number): number {
  let length = 1;
  while (length < 3 && at + length < end && (bytes[at + length] ?? 0) >= firstTextByte) {
    length++;
  }
  return length;
}

function gramAt(bytes: Uint8Array, at: number, length: number): number {
  let gram = 0;
  for (let i = 0; i < length; i++) {
    gram = (gram << 8) | (bytes[at + i] ?? 0);
  }
  return gram;
}

function ending(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  return (length << 16) | gramAt(bytes, Math.max(start, end - 2), Math.min(length, 2));
}
