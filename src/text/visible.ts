/** The steps that make text from the network safe to show. `surfaces.ts` combines them for each surface of VS Code. */

/** Controls, format characters, line separators, default ignorables, lone surrogates, blank Braille. */
const unseen = '[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}\\u2800]';
const printableAscii = /^[\x20-\x7e]*$/;

/** Created at first use: compiling the second one, which contains all emoji, takes longer than activating the extension. */
let holdsUnseen: RegExp | undefined;
let visibleOrNot: RegExp | undefined;

/** Group 1 is kept; group 2 is a character that is invisible or reorders its neighbours. */
function visibleOrNotPattern(): RegExp {
  /** Letters and marks that are visible. */
  const seen = (scripts: string) => `[[${scripts}]&&[[\\p{L}\\p{M}]--\\p{Default_Ignorable_Code_Point}]]`;
  /** Scripts in which a zero-width joiner or non-joiner between two letters changes how they are drawn. */
  const joining = seen(
    '\\p{scx=Arab}\\p{scx=Syrc}\\p{scx=Mong}\\p{scx=Deva}\\p{scx=Beng}\\p{scx=Guru}\\p{scx=Gujr}\\p{scx=Orya}\\p{scx=Taml}' +
      '\\p{scx=Telu}\\p{scx=Knda}\\p{scx=Mlym}\\p{scx=Sinh}\\p{scx=Khmr}\\p{scx=Mymr}\\p{scx=Tibt}',
  );
  const mongolian = seen('\\p{sc=Mong}');
  /**
   * Invisible characters that may stay, since they belong to the character beside them. Each alternative begins with a fast condition, since it
   * is tried at every character: `\p{RGI_Emoji}` alone takes a microsecond, and so does a lookbehind.
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

/** The text on one line, with bidirectional controls and invisible characters replaced by `[U+202E]` and the like. */
export function visible(text: string): string {
  if (!mayHoldUnseen(text)) {
    return text;
  }
  visibleOrNot ??= visibleOrNotPattern();
  return text.replace(visibleOrNot, (match: string, stays: string | undefined) => stays ?? codePointName(match));
}

/** Whether a text may contain invisible characters. A fast test with false positives. */
export function mayHoldUnseen(text: string): boolean {
  holdsUnseen ??= new RegExp(unseen, 'v');
  return !printableAscii.test(text) && holdsUnseen.test(text);
}

/** The invisible characters of a text, `U+000A`, `U+202E` …, without duplicates, in the order of the text. */
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

/** Blocks of right-to-left scripts and their presentation forms [Unicode, DerivedBidiClass]. */
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/**
 * A name for use beside other text. Invisible characters are made visible. A name with right-to-left characters is put between U+2068 and
 * U+2069, so that it neither reorders the text beside it nor is reordered by it. Other names are not: a tree finds rows by the first letters
 * that the user types.
 */
export function isolate(text: string): string {
  const shown = visible(text);
  return rightToLeft.test(shown) ? `\u2068${shown}\u2069` : shown;
}

/** The text without the isolates around names, for editors, which draw them. */
export function withoutIsolates(text: string): string {
  return text.replaceAll(/[\u2068\u2069]/g, '');
}

/** Escapes `$(icon)` for surfaces on which VS Code draws icons: quick pick rows, status bar. */
export function withoutIcons(text: string): string {
  // Escape only what VS Code takes for an icon; elsewhere it would show the backslash.
  return text.replace(/\$\([A-Za-z0-9-]+(?:~[A-Za-z]+)?\)/g, '\\$&');
}

/** Escapes `[x](command:…)` for surfaces on which VS Code parses links: notifications, quick input prompts and validation. */
export function withoutLinks(text: string): string {
  return text.replaceAll('](', '] (');
}

/** Maximum UTF-16 code units of a grapheme cluster, on average: the longest emoji has 15. */
const maxUnitsPerCharacter = 16;

/** The text cut to at most `length` grapheme clusters. A text that was cut ends in `…`. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) {
    return text;
  }
  // Cut a long sequence of marks on one character as well, but never within a surrogate pair.
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
