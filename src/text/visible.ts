/** The steps that make text from the network harmless. `surfaces.ts` combines them for each surface of VS Code. */

/** Controls, format characters, line separators, default ignorables, lone surrogates, blank Braille. */
const unseen = '[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}\\u2800]';
const printableAscii = /^[\x20-\x7e]*$/;

/** Made at first use: with all emoji in it, the second takes longer to make than the rest of the extension to load. */
let holdsUnseen: RegExp | undefined;
let visibleOrNot: RegExp | undefined;

/** Group 1 is kept; group 2 is a character that is invisible or reorders its neighbours. */
function visibleOrNotPattern(): RegExp {
  /** Letters and marks, of some scripts, that are seen themselves. */
  const seen = (scripts: string) => `[[${scripts}]&&[[\\p{L}\\p{M}]--\\p{Default_Ignorable_Code_Point}]]`;
  /** Scripts in which a joiner or non-joiner between two letters changes how they are drawn. */
  const joining = seen(
    '\\p{scx=Arab}\\p{scx=Syrc}\\p{scx=Mong}\\p{scx=Deva}\\p{scx=Beng}\\p{scx=Guru}\\p{scx=Gujr}\\p{scx=Orya}\\p{scx=Taml}' +
      '\\p{scx=Telu}\\p{scx=Knda}\\p{scx=Mlym}\\p{scx=Sinh}\\p{scx=Khmr}\\p{scx=Mymr}\\p{scx=Tibt}',
  );
  const mongolian = seen('\\p{sc=Mong}');
  /**
   * What may stay although it is not seen by itself: it belongs to the character beside it. Each begins with what is found out fast, since it is
   * tried at every character: `\p{RGI_Emoji}` alone takes a microsecond, and so does a look behind.
   */
  const kept = [
    '[0-9#*]\\uFE0F\\u20E3',
    '(?=[\\p{Emoji}--[0-9#*]])\\p{RGI_Emoji}',
    '[\\p{Emoji}--[0-9#*]][\\uFE0E\\uFE0F]',
    '\\p{sc=Han}[\\uFE00-\\uFE0F\\u{E0100}-\\u{E01EF}]',
    `${mongolian}[\\u180B-\\u180D\\u180F]`,
    `\\u180E(?<=${mongolian}\\u180E)(?=${mongolian})`,
    `[\\u200C\\u200D](?<=${joining}[\\u200C\\u200D])(?=${joining})`,
  ].join('|');
  return new RegExp(`(${kept})|(${unseen})`, 'gv');
}

/** Text on one line in which every bidirectional control and invisible character is shown, as `[U+202E]`. */
export function visible(text: string): string {
  if (!mayHoldUnseen(text)) {
    return text;
  }
  visibleOrNot ??= visibleOrNotPattern();
  return text.replace(visibleOrNot, (match: string, stays: string | undefined) => stays ?? codePointName(match));
}

/** Whether a text may have invisible characters; a fast test. */
export function mayHoldUnseen(text: string): boolean {
  holdsUnseen ??= new RegExp(unseen, 'v');
  return !printableAscii.test(text) && holdsUnseen.test(text);
}

/** The invisible characters of a text: `U+000A`, `U+202E` …, each once, in their order. */
export function invisibleCharacters(text: string): string[] {
  if (!mayHoldUnseen(text)) {
    return [];
  }
  const found = new Set<string>();
  visibleOrNot ??= visibleOrNotPattern();
  for (const match of text.matchAll(visibleOrNot)) {
    if (match[2] !== undefined) {
      found.add(codePointName(match[2]).slice(1, -1));
    }
  }
  return [...found];
}

/**
 * A name beside other text: visible, and between U+2068 and U+2069, so that a right-to-left name neither
 * reorders its neighbours nor is reordered by them.
 */
export function isolate(text: string): string {
  return `\u2068${visible(text)}\u2069`;
}

/** Text without the isolates around names, for the editor, which would draw them. */
export function withoutIsolates(text: string): string {
  return text.replaceAll(/[\u2068\u2069]/g, '');
}

/** `$(icon)` shown literally where VS Code would draw an icon: quick pick rows, status bar, window progress. */
export function withoutIcons(text: string): string {
  // Only what VS Code would take for an icon: elsewhere it would show the backslash.
  return text.replace(/\$\([A-Za-z0-9-]+(?:~[A-Za-z]+)?\)/g, '\\$&');
}

/** `[x](command:…)` shown as text where VS Code parses links: notifications, quick input prompts and validation. */
export function withoutLinks(text: string): string {
  return text.replaceAll('](', '] (');
}

/** UTF-16 code units that one character, as a reader counts, may have on average: the longest emoji has 15. */
const maxUnitsPerCharacter = 16;

/** A text cut to at most `length` characters as a reader counts them, ending in `…` where it was cut. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) {
    return text;
  }
  // A pile of marks on one character is cut as well, but never within a surrogate pair.
  const head = text.slice(0, length * maxUnitsPerCharacter).replace(/[\uD800-\uDBFF]$/, '');
  const characters: string[] = [];
  for (const { segment } of new Intl.Segmenter().segment(head)) {
    characters.push(segment);
    if (characters.length > length) {
      break;
    }
  }
  const isWhole = head.length === text.length && characters.length <= length;
  return isWhole ? text : `${characters.slice(0, length - 1).join('')}…`;
}

function codePointName(character: string): string {
  return `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`;
}
