/**
 * Lower-case characters, after NFKD, that are compared as others because they look or are typed alike.
 *
 * Sources: Latin letters from the transform Latin-ASCII of Unicode CLDR, and `ə`, `ɔ` from AnyAscii; Arabic and Persian letters from the
 * normalizers for Arabic and Persian of Apache Lucene; apostrophes and quotation marks from the confusables of Unicode UTS #39.
 */
export const alike: ReadonlyMap<string, string> = new Map([
  ...characters('ꞌʹʻʼʽʾʿˈˊˋ‘’‚‛′‵՚\u05f3\u07f4\u07f5`', "'"),
  ...characters('“”„‟″‶«»\u05f4〝〞', '"'),
  ...characters('−˗⁃', '-'),
  ...characters('ⱥ', 'a'),
  ...characters('ƀƃɓʙ', 'b'),
  ...characters('ƈȼɕ', 'c'),
  ...characters('ðđƌȡɖɗ', 'd'),
  ...characters('əɇɛ', 'e'),
  ...characters('ƒ', 'f'),
  ...characters('ǥɠɡɢʛ', 'g'),
  ...characters('ħɦɧʜⱨ', 'h'),
  ...characters('ıɨɪ', 'i'),
  ...characters('ȷɉɟʝ', 'j'),
  ...characters('ƙⱪ', 'k'),
  ...characters('łƚȴɫɬɭʟ', 'l'),
  ...characters('ɱ', 'm'),
  ...characters('ŋƞȵɲɳɴ', 'n'),
  ...characters('øɔ', 'o'),
  ...characters('ƥᵽ', 'p'),
  ...characters('ĸʠ', 'q'),
  ...characters('ɍɼɽɾʀ', 'r'),
  ...characters('ȿʂ', 's'),
  ...characters('ŧƫƭȶʈⱦ', 't'),
  ...characters('ʉ', 'u'),
  ...characters('ʋⱱ', 'v'),
  ...characters('ⱳ', 'w'),
  ...characters('ƴɏʏ', 'y'),
  ...characters('ƶȥɀʐʑⱬ', 'z'),
  ...characters('æ', 'ae'),
  ...characters('ʣʥ', 'dz'),
  ...characters('ƕ', 'hv'),
  ...characters('œɶ', 'oe'),
  ...characters('ƣ', 'oi'),
  ...characters('ß', 'ss'),
  ...characters('þ', 'th'),
  ...characters('ʦ', 'ts'),
  // The sigma at the end of a word.
  ...characters('ς', 'σ'),
  // Arabic and Persian: yeh, kaf, heh, and the digits.
  ...characters('\u0649\u06cc\u06d2', '\u064a'),
  ...characters('\u06a9', '\u0643'),
  ...characters('\u0629\u06c1\u06be', '\u0647'),
  ...digits('\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669'),
  ...digits('\u06f0\u06f1\u06f2\u06f3\u06f4\u06f5\u06f6\u06f7\u06f8\u06f9'),
]);

function characters(from: string, to: string): (readonly [string, string])[] {
  return Array.from(from, (character) => [character, to]);
}

function digits(from: string): (readonly [string, string])[] {
  return Array.from(from, (digit, value) => [digit, String(value)]);
}
