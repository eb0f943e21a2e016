/**
 * Letters that no decomposition takes apart, as people type them without a special keyboard, and the sigma that stands at a word's end.
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

const printableAscii = /^[\x20-\x7e]*$/;

/**
 * Text as it is compared: NFKD without marks, lower case, the letters of the table spelled out. Controls become spaces and half a
 * surrogate pair U+FFFD, so that it holds no byte below 0x20 as UTF-8 and comes back from there unchanged. Folding it again changes nothing.
 */
export function fold(text: string): string {
  return printableAscii.test(text) ? text.toLowerCase() : foldBeyondAscii(text);
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
