import { alike } from './alike';

/** Maximum UTF-16 code units of a searched field, before and after folding: NFKD turns U+FDFA into 18 letters. */
const maxFieldLength = 1000;

/** Marks the end of a field that was cut. No folded text contains it, so a cut field never matches as a whole. */
const cutMark = '…';

/** Without the grave accent, which is compared as an apostrophe. */
const plainAscii = /^[\x20-\x5f\x61-\x7e]*$/;

/**
 * The form in which texts are compared: NFKD, lower case, without marks and invisible characters, and with one character for all that look or
 * are typed alike. Control characters become spaces and lone surrogates U+FFFD, so that its UTF-8 has no byte below 0x20 and decodes to the
 * same text. Folding it again changes nothing.
 */
export function fold(text: string): string {
  return plainAscii.test(text) ? text.toLowerCase() : foldBeyondAscii(text);
}

/**
 * The folded beginning of a text from the network. Only the server can find the rest of a longer text.
 */
export function foldField(text: string): string {
  const folded = fold(isTooLong(text) ? beginning(text) : text);
  return isTooLong(text) || isTooLong(folded) ? beginning(folded) + cutMark : folded;
}

/** Whether only the beginning of a field is searched. */
export function isTooLong(field: string): boolean {
  return field.length > maxFieldLength;
}

function beginning(text: string): string {
  return text.slice(0, maxFieldLength).replace(/[\uD800-\uDBFF]$/, '');
}

/** Accents that look like apostrophes. NFKD makes a space and a mark of them. */
const spacingAccents = /[\u00b4\u0384\u1fbd\u1fbf\u1ffd\u1ffe]/g;

/** Marks and invisible characters; the tatweel only makes an Arabic word longer. */
const ignored = /[\p{M}\p{Default_Ignorable_Code_Point}\u0640]+/gu;

/** Replaces lone surrogates first: two could join when the mark between them is removed. NFKD yields capitals, so lower case comes after it. */
function foldBeyondAscii(text: string): string {
  const plain = text.toWellFormed().replace(spacingAccents, "'").normalize('NFKD').replace(ignored, '').toLowerCase();
  return plainAscii.test(plain) ? plain : plain.replace(replaced, likeOf);
}

/** Characters of the table, and control characters, spaces and dashes of all kinds. */
const replaced = new RegExp(`[${[...alike.keys()].join('')}\\p{Cc}\\p{Zl}\\p{Zp}\\p{Pd}\u1680]`, 'gu');

function likeOf(character: string): string {
  return alike.get(character) ?? (/\p{Pd}/u.test(character) ? '-' : ' ');
}
