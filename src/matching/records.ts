import { fold, foldField, isTooLong } from './fold';
import { type Rank, ranks, type SearchableUser } from './rank';
import { type Term } from './query';

/**
 * A record is the searched text of one user in folded UTF-8, with a tag before each field. Tags are below 0x20, which folded text never
 * contains, so no match extends beyond its field.
 */
export const tags = { name: 1, email: 2, externalId: 3, id: 4, rawId: 5 } as const;
export const firstTextByte = 0x20;

/** The tags of all searched fields, as bits. The tag of the raw id is not among them. */
const anyField = 0b11110;

/** The record of a user in two parts: names and emails are words, ids are random. */
export interface RecordParts {
  readonly texts: string;
  /** The id's key comes last. */
  readonly ids: string;
}

export function recordOf({ displayName, emails, externalId, id }: SearchableUser): RecordParts {
  let texts = fieldOf(tags.name, displayName);
  for (const { value } of emails ?? []) {
    texts += fieldOf(tags.email, value);
  }
  return {
    texts,
    ids: fieldOf(tags.externalId, externalId) + idFields(id),
  };
}

function fieldOf(tag: number, text: string | undefined): string {
  return text === undefined ? '' : String.fromCharCode(tag) + foldField(text);
}

function idFields(id: string | undefined): string {
  if (id === undefined) {
    return '';
  }
  const key = keyOfId(id);
  return key.charCodeAt(0) === tags.id ? key : fieldOf(tags.id, id) + key;
}

/** The field, with its tag, by which an id is looked up: the folded id if folding did not change it, else a field that terms ignore. */
export function keyOfId(id: string): string {
  // As JSON, in which controls and half surrogate pairs are escaped.
  return !isTooLong(id) && fold(id) === id
    ? String.fromCharCode(tags.id) + id
    : String.fromCharCode(tags.rawId) + JSON.stringify(id);
}

/** A text prepared for searching records. */
export interface Needle {
  /** Folded UTF-8, not empty. */
  readonly bytes: Uint8Array;
  /** The tags of the fields in which it may occur, as bits. */
  readonly allowed: number;
  /** Its first bytes, up to four, as one number, and the mask of the bits that they take. */
  readonly head: number;
  readonly headMask: number;
}

export function needleOf(folded: string, field: Term['field']): Needle {
  const bytes = Buffer.from(folded);
  const headLength = Math.min(bytes.length, 4);
  const head = bytes.subarray(0, headLength).reduce((number, byte) => (number << 8) | byte, 0);
  return {
    bytes,
    allowed: allowedIn(field),
    head,
    headMask: -1 >>> (32 - 8 * headLength),
  };
}

function allowedIn(field: Term['field']): number {
  return field === undefined ? anyField : field === 'username' ? 0 : 1 << tags[field];
}

/** The best rank of a text in the allowed fields of a part of a record: `bytes` from `start` to `end`. */
export function rankInRecord(bytes: Uint8Array, start: number, end: number, needle: Needle): Rank | undefined {
  const { bytes: text, allowed, head, headMask } = needle;
  let best: Rank | undefined;
  // Compare the last four bytes as one number: this rejects most positions in one branch, which is seldom mispredicted.
  let window = 0;
  for (let at = start; at < end; at++) {
    window = (window << 8) | (bytes[at] ?? 0);
    if ((window & headMask) === head) {
      const from = at + 1 - Math.min(text.length, 4);
      if (standsAt(bytes, from, end, text)) {
        const rank = rankAt(bytes, from, from + text.length, end);
        if ((best === undefined || rank < best) && ((allowed >> tagBefore(bytes, from)) & 1) === 1) {
          best = rank;
        }
      }
    }
  }
  return best;
}

/** The first four bytes are known to be equal. */
function standsAt(bytes: Uint8Array, from: number, end: number, text: Uint8Array): boolean {
  if (from + text.length > end) {
    return false;
  }
  for (let i = 4; i < text.length; i++) {
    if (bytes[from + i] !== text[i]) {
      return false;
    }
  }
  return true;
}

function rankAt(bytes: Uint8Array, from: number, to: number, end: number): Rank {
  if ((bytes[from - 1] ?? 0) < firstTextByte) {
    return to === end || (bytes[to] ?? 0) < firstTextByte ? ranks.exact : ranks.fieldStart;
  }
  return isWordCharacter(codePointBefore(bytes, from)) ? ranks.inside : ranks.wordStart;
}

/** The tag of the field that contains the byte before `end`. */
function tagBefore(bytes: Uint8Array, end: number): number {
  let at = end - 1;
  while ((bytes[at] ?? 0) >= firstTextByte) {
    at--;
  }
  return bytes[at] ?? 0;
}

/** Letter or number. */
export function isWordCharacter(codePoint: number): boolean {
  if (codePoint < 0x80) {
    return (codePoint >= 0x61 && codePoint <= 0x7a) || (codePoint >= 0x30 && codePoint <= 0x39);
  }
  return /[\p{L}\p{N}]/u.test(String.fromCodePoint(codePoint));
}

export function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}

/** The code point of well-formed UTF-8 that ends before `end`. */
export function codePointBefore(bytes: Uint8Array, end: number): number {
  let at = end - 1;
  let codePoint = 0;
  for (let shift = 0; isContinuation(bytes[at] ?? 0); shift += 6, at--) {
    codePoint |= ((bytes[at] ?? 0) & 0x3f) << shift;
  }
  const length = end - at;
  const lead = bytes[at] ?? 0;
  return length === 1 ? lead : codePoint | ((lead & (0x7f >> length)) << (6 * (length - 1)));
}
