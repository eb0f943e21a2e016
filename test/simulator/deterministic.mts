/** Numbers, ids and times that look random and are the same in every run: everything follows from a salt and an index. */

/** A 32-bit hash of a text (FNV-1a), for salts. */
export function saltOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return hash >>> 0;
}

/** A 32-bit hash of an index under a salt; `lane` gives independent values for the same index. */
export function hash32(salt: number, index: number, lane = 0): number {
  let hash = (salt ^ Math.imul(index + 1, 0x9e3779b1) ^ Math.imul(lane + 1, 0x85ebca6b)) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** True for about `share` of all indexes (0 to 1). */
export function happens(share: number, salt: number, index: number, lane: number): boolean {
  return hash32(salt, index, lane) < share * 0x1_0000_0000;
}

const feistelRounds = [0, 1, 2, 3] as const;

function round(half: number, salt: number, number: number): number {
  return hash32(salt, half, 100 + number) & 0xffff;
}

/** Scrambles a 32-bit number reversibly (a Feistel network), so that an id leads back to its index without a table. */
function scramble(index: number, salt: number): number {
  let left = index >>> 16;
  let right = index & 0xffff;

  for (const number of feistelRounds) {
    [left, right] = [right, left ^ round(right, salt, number)];
  }
  return ((left << 16) | right) >>> 0;
}

function unscramble(value: number, salt: number): number {
  let left = value >>> 16;
  let right = value & 0xffff;

  for (const number of feistelRounds.toReversed()) {
    [left, right] = [right ^ round(left, salt, number), left];
  }
  return ((left << 16) | right) >>> 0;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(8, '0').slice(-digits);
}

/** A UUID (36 characters, version 4 in looks) for an index. */
export function uuidOf(salt: number, index: number): string {
  const [a, b, c] = [hash32(salt, index, 1), hash32(salt, index, 2), hash32(salt, index, 3)];
  const variant = (8 + (b & 3)).toString(16);

  return `${hex(scramble(index, salt), 8)}-${hex(a, 4)}-4${hex(a >>> 16, 3)}-${variant}${hex(b >>> 8, 3)}-${hex(c, 8)}${hex(b >>> 16, 4)}`;
}

/** The index that `uuidOf` made this UUID from; the number means nothing unless `uuidOf` gives the same UUID again. */
export function indexOfUuid(salt: number, uuid: string): number | undefined {
  const index = unscramble(Number.parseInt(uuid.slice(0, 8), 16) >>> 0, salt);
  return uuidOf(salt, index) === uuid ? index : undefined;
}

/** 32 hex digits, the form of an account id. */
export function hexIdOf(salt: number): string {
  return [0, 1, 2, 3].map((lane) => hex(hash32(salt, 0, lane), 8)).join('');
}

const base36 = '0123456789abcdefghijklmnopqrstuvwxyz';

/** Lower-case letters and digits, as in Okta's ids. */
export function alphanumericOf(salt: number, index: number, length: number): string {
  return Array.from({ length }, (_, lane) => base36[hash32(salt, index, 200 + lane) % 36]).join('');
}

/** An RFC 3339 time between 2023 and 2025, whole seconds; later lanes give later times for the same index. */
export function timeOf(salt: number, index: number, lane: 0 | 1): string {
  const start = Date.UTC(2023, 0, 9, 7, 0, 0);
  const days = (hash32(salt, index, 50) % 500) + lane * (hash32(salt, index, 51) % 200);
  const seconds = hash32(salt, index, 52 + lane) % 36_000;

  return new Date(start + (days * 86_400 + seconds) * 1000).toISOString().replace('.000Z', 'Z');
}
