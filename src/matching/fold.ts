/**
 * Letters without a Unicode decomposition, as users type them without a special keyboard, and the sigma at the end of a word.
 */
const plainLetters: Readonly<Record<string, string>> = {
  ß: 'ss',
  ł: 'l',
  ø: 'o',
  đ: 'd',
  æ: 'ae',
  œ: 'oe',
  ı: 'i',
  ς: 'σ',
};

/** Maximum UTF-16 code units of a searched field, before and after folding: NFKD turns U+FDFA into 18 letters. */
const maxFieldLength = 1000;

/** Marks the end of a field that was cut. No folded text contains it, so a cut field never matches as a whole. */
const cutMark = '…';

const printableAscii = /^[\x20-\x7e]*$/;

/**
 * The form in which texts are compared: NFKD without marks, lower case, the letters of the table spelled out. Control characters become
 * spaces and lone surrogates U+FFFD, so that its UTF-8 has no byte below 0x20 and decodes to the same text. Folding it again changes nothing.
 */
export function fold(text: string): string {
  return printableAscii.test(text) ? text.toLowerCase() : foldBeyondAscii(text);
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

/** Replaces lone surrogates first: two could join when the mark between them is removed. NFKD yields capitals, so lower case comes after it. */
function foldBeyondAscii(text: string): string {
  const plain = text
    .toWellFormed()
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
  return printableAscii.test(plain)
    ? plain
    : plain.replace(/[ßłøđæœıς\p{Cc}]/gu, (character) => plainLetters[character] ?? ' ');
}
