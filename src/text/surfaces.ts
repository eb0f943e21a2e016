/**
 * Text that came over the network, made safe to show: a function for each kind of surface of VS Code. Each takes words of any length, cuts
 * them, makes visible what is not seen, and cuts again, since that makes a text longer; then it escapes what the surface would draw or run.
 * The work is linear in the length of the text, and what comes out has at most 16 UTF-16 code units for each character that is allowed.
 *
 * Names in the words are isolated by `shownName`, so that none reorders what stands beside it. What is copied, inserted or sent never
 * passes through here.
 */
import { isolate, shorten, visible, withoutIcons, withoutIsolates, withoutLinks } from './visible';

/** Characters, as a reader counts them. */
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

/** A name, an email or an id within the words of any surface: its beginning, visible, between isolates. */
export function shownName(text: string, length = most.name): string {
  return isolate(shorten(visible(shorten(text, length)), length));
}

/** The label of a row of a tree; also right for diagnostics, inlay hints and decorations, which show text literally as well. */
export function treeLabel(words: string): string {
  return shown(words, most.label);
}

/** The description of a row of a tree or beside a view's name; also right for the detail of a completion. */
export function treeDescription(words: string): string {
  return shown(words, most.description);
}

/** Lines of a tooltip, a plain text. A Markdown tooltip or hover takes them by `appendText` only. */
export function tooltip(lines: readonly string[]): string {
  return lines.map((line) => shown(line, most.tooltipLine)).join('\n');
}

/** The text that a screen reader reads instead of a row's label and description. */
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

/** The label of a quick pick's row, which draws icons; also right for the label of a completion, a CodeLens, a command's title. */
export function quickPickLabel(words: string): string {
  return withoutIcons(shown(words, most.label));
}

/** The description or the detail of a quick pick's row. */
export function quickPickDetail(words: string): string {
  return withoutIcons(shown(words, most.sentence));
}

/** The prompt or validation message of a quick pick or an input box: it draws icons, and runs links. */
export function quickInputPrompt(words: string): string {
  return withoutIcons(withoutLinks(shown(words, most.prompt)));
}

/** A text to be edited in an input box: as it came, but no longer than may be typed. */
export function inputValue(text: string, length: number): string {
  return text.length <= length ? text : '';
}

/** A notification, or the title of one with progress: it runs links. */
export function notification(words: string): string {
  return withoutLinks(shown(words, most.sentence));
}

/** The words of a modal dialog. */
export function modal(words: string): string {
  return shown(words, most.sentence);
}

/** A text in the status bar, or a window's progress: it draws icons. */
export function statusBarText(words: string): string {
  return withoutIcons(shown(words, most.statusBar));
}

/** A line of the log. An editor shows it, which draws isolates. */
export function logLine(words: string): string {
  return plain(words, most.logLine);
}

/**
 * The name or the detail of a document symbol. *Go to Symbol* draws icons, and the outline and breadcrumbs show the same text literally:
 * so a space takes an icon apart, where a backslash would be seen.
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

/** Isolates that are closed again do no harm. */
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
