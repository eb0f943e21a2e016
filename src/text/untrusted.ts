/**
 * Text that came over the network, made safe to show. What is copied, inserted or sent never passes through here.
 * Which surface of VS Code needs which of these is said beside each function.
 */

const joiningScripts =
  '\\p{scx=Arab}\\p{scx=Syrc}\\p{scx=Mong}\\p{scx=Deva}\\p{scx=Beng}\\p{scx=Guru}\\p{scx=Gujr}\\p{scx=Orya}\\p{scx=Taml}' +
  '\\p{scx=Telu}\\p{scx=Knda}\\p{scx=Mlym}\\p{scx=Sinh}\\p{scx=Khmr}\\p{scx=Mymr}\\p{scx=Tibt}';

/**
 * Group 1 holds what may stay: whole emoji, a variation selector behind a character that has variants, and the two
 * joiners between letters of a script that needs them. Group 2 is any other character that draws nothing or reorders
 * its neighbours: controls, format characters, line separators, default ignorables, lone surrogates, blank Braille.
 */
const visibleOrNot = new RegExp(
  '(\\p{RGI_Emoji}|\\p{Emoji}[\\uFE0E\\uFE0F]|[\\p{sc=Han}\\p{sc=Mong}][\\uFE00-\\uFE0F\\u{E0100}-\\u{E01EF}\\u180B-\\u180F]' +
    `|(?<=[${joiningScripts}])[\\u200C\\u200D](?=[${joiningScripts}]))` +
    '|([\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}\\u2800])',
  'gv',
);

const plain = /^[\x20-\x7e]*$/;

/** Text on one line in which every bidirectional control and invisible character is shown, as `[U+202E]`. */
export function visible(text: string): string {
  if (plain.test(text)) {
    return text;
  }
  return text.replace(visibleOrNot, (match: string, kept: string | undefined) => kept ?? codePointName(match));
}

/** What a text holds that an eye does not see: `U+000A`, `U+202E` …, each once, in the order met; empty for most texts. */
export function invisibleCharacters(text: string): string[] {
  const found = new Set<string>();
  for (const match of text.matchAll(visibleOrNot)) {
    if (match[2] !== undefined) {
      found.add(codePointName(match[2]).slice(1, -1));
    }
  }
  return [...found];
}

/**
 * A name that stands beside other text: visible, and between U+2068 and U+2069, so that a right-to-left name neither
 * reorders its neighbours nor is reordered by them. For tree items and every other surface that shows text literally.
 */
export function isolate(text: string): string {
  return `\u2068${visible(text)}\u2069`;
}

/** `$(icon)` shown literally where VS Code would draw an icon: quick pick rows, status bar, window progress. */
export function withoutIcons(text: string): string {
  return text.replaceAll('$(', '\\$(');
}

/** `[x](command:…)` shown as text where VS Code parses links: notifications, quick input prompts and validation. */
export function withoutLinks(text: string): string {
  return text.replaceAll('](', '] (');
}

/** A text cut to at most `length` characters as a reader counts them, ending in `…` where it was cut. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) {
    return text;
  }
  // A character is seldom more than 8 code units; a longer pile of combining marks is cut, which is what is wanted.
  const graphemes = [...new Intl.Segmenter().segment(text.slice(0, length * 8))];
  if (graphemes.length <= length && text.length <= length * 8) {
    return text;
  }
  const kept = graphemes.slice(0, length - 1).map(({ segment }) => segment);
  return `${kept.join('')}…`;
}

function codePointName(character: string): string {
  return `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`;
}
