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

/** UTF-16 code units of a field that a search looks at, before folding and after it: NFKD makes 18 letters of U+FDFA. */
const maxFieldLength = 1000;

/** Stands at the end of a field that was cut. No folded text holds it, so a cut field is never found as a whole. */
const cutMark = '…';

const printableAscii = /^[\x20-\x7e]*$/;

/**
 * Text as it is compared: NFKD without marks, lower case, the letters of the table spelled out. Controls become spaces and half a
 * surrogate pair U+FFFD, so that it holds no byte below 0x20 as UTF-8 and comes back from there unchanged. Folding it again changes nothing.
 */
export function fold(text: string): string {
  return printableAscii.test(text) ? text.toLowerCase() : foldBeyondAscii(text);
}

/**
 * The folded beginning of a text of any length from the network, as it is searched. The rest of the text is not searched here; only the
 * server finds it.
 */
export function foldField(text: string): string {
  const folded = fold(isTooLong(text) ? beginning(text) : text);
  return isTooLong(text) || isTooLong(folded) ? beginning(folded) + cutMark : folded;
}

/** Whether a field is looked at in part only. */
export function isTooLong(field: string): boolean {
  return field.length > maxFieldLength;
}

function beginning(text: string): string {
  return text.slice(0, maxFieldLength).replace(/[\uD800-\uDBFF]$/, '');
}

/** Halves first: without the mark between them two could become one character. Lower case after NFKD, which yields capitals. */
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
