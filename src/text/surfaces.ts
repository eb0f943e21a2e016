/**
 * Makes text from the network safe to show: a function for each surface of VS Code. Each takes text of any length, cuts it, makes invisible
 * characters visible, and cuts again, since that makes the text longer. Then it escapes the syntax that the surface would draw or run. The work
 * is linear in the length of the text, and the result has at most 16 UTF-16 code units for each allowed character.
 *
 * `shownName` isolates names, so that they do not reorder the text beside them. Values that are copied, inserted or sent must not pass through
 * these functions.
 */
import { isolate, shorten, visible, withoutIcons, withoutIsolates, withoutLinks } from './visible';

/** Maximum lengths in grapheme clusters, the characters that a reader counts. */
const most = {
  name: 120,
  label: 200,
  description: 300,
  tooltipLine: 400,
  spoken: 400,
  title: 200,
  prompt: 600,
  sentence: 1000,
  statusBar: 300,
  logLine: 1000,
};

/** A name, an email or an id within a message of any surface: cut, with invisible characters made visible, between isolates. */
export function shownName(text: string, length = most.name): string {
  return isolate(shorten(visible(shorten(text, length)), length));
}

/** The label of a tree row; also for diagnostics, inlay hints and decorations, which show text literally as well. */
export function treeLabel(words: string): string {
  return shown(words, most.label);
}

/** The description of a tree row or of a view; also for the detail of a completion. */
export function treeDescription(words: string): string {
  return shown(words, most.description);
}

/** Lines of a plain text tooltip. Pass them to a Markdown tooltip or hover only by `appendText`. */
export function tooltip(lines: readonly string[]): string {
  return lines.map((line) => shown(line, most.tooltipLine)).join('\n');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '@': '&commat;',
  ':': '&colon;',
  '.': '&period;',
};

/**
 * A line of a hover, for `appendText` of a Markdown string, which leaves tags and entities as they are, and makes links of addresses: of
 * emails, and of what begins with `www.` or has a scheme.
 */
export function hoverLine(words: string): string {
  return shown(words, most.tooltipLine).replaceAll(
    /[&<@:]|(?<=www)\./gi,
    (character) => entities[character] ?? character,
  );
}

/** The text that a screen reader reads in place of a row's label and description. */
export function accessibilityLabel(parts: readonly string[]): string {
  return shown(parts.filter((part) => part !== '').join(', '), most.spoken);
}

/** The title of a tab. */
export function tabTitle(words: string): string {
  return shown(words, most.title);
}

/** The title of a quick pick or an input box, and its placeholder. */
export function quickInputTitle(words: string): string {
  return shown(words, most.title);
}

/** The label of a quick pick row, which draws icons; also for the label of a completion, a CodeLens or a command's title. */
export function quickPickLabel(words: string): string {
  return withoutIcons(shown(words, most.label));
}

/** The description or the detail of a quick pick row. */
export function quickPickDetail(words: string): string {
  return withoutIcons(shown(words, most.sentence));
}

/** The prompt or validation message of a quick pick or an input box, which draws icons and runs links. */
export function quickInputPrompt(words: string): string {
  return withoutIcons(withoutLinks(shown(words, most.prompt)));
}

/** A text that the user edits in an input box: unchanged, but no longer than the user may type. */
export function inputValue(text: string, length: number): string {
  return text.length <= length ? text : '';
}

/** A notification, or the title of a progress notification, which runs links. */
export function notification(words: string): string {
  return withoutLinks(shown(words, most.sentence));
}

/** The message of a modal dialog. */
export function modal(words: string): string {
  return shown(words, most.sentence);
}

/** A text in the status bar, which draws icons. */
export function statusBarText(words: string): string {
  return withoutIcons(shown(words, most.statusBar));
}

/** A line of the log. It has no isolates, since an editor draws them. */
export function logLine(words: string): string {
  return plain(words, most.logLine);
}

/**
 * The name or the detail of a document symbol. *Go to Symbol* draws icons, while the outline and breadcrumbs show the text literally. A space
 * breaks up the icon, since a backslash would be visible.
 */
export function symbolText(words: string): string {
  return plain(words, most.name).replaceAll('$(', '$ (');
}

/** Paragraphs of a document that shows an error message. */
export function documentText(paragraphs: readonly string[]): string {
  return `${paragraphs.map((words) => plain(words, most.sentence)).join('\n\n')}\n`;
}

function plain(words: string, length: number): string {
  return shorten(visible(withoutIsolates(shorten(words, length))), length);
}

function shown(words: string, length: number): string {
  return withIsolatesClosed(shorten(visibleButIsolates(shorten(words, length)), length));
}

/** Balanced isolates are kept. */
function visibleButIsolates(words: string): string {
  let open = 0;
  const parts = words.split(/([\u2068\u2069])/).map((part) => {
    if (part === '\u2068') {
      open++;
      return part;
    }
    return part === '\u2069' && open-- > 0 ? part : visible(part);
  });
  return parts.join('');
}

function withIsolatesClosed(words: string): string {
  const opened = words.split('\u2068').length - words.split('\u2069').length;
  return words + '\u2069'.repeat(Math.max(0, opened));
}
