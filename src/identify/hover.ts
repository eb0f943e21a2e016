import vscode = require('vscode');
import { type Directory, DirectoryProvider } from '../directory';
import { wordAt } from '../ids';
import { type Known, knownBy } from '../lookup';
import { hoverLine, shownName } from '../text';
import { providerUri, scimUri } from '../ui';
import { described } from './described';

/** Maximum number of users, groups and identity providers that a hover names. */
const mostShown = 5;

/** What the id or email at a position of a file names, as far as it is loaded. */
export function hoverAt(
  document: vscode.TextDocument,
  position: vscode.Position,
  directory: Directory,
): vscode.Hover | undefined {
  const { known, range } = knownAt(document, position, directory);
  if (known.length === 0) {
    return undefined;
  }
  const hasSeveralAccounts = directory.accounts.length > 1;
  const contents = known.slice(0, mostShown).map((one) => words(one, hasSeveralAccounts));
  const rest = known.length - mostShown;
  return new vscode.Hover(rest > 0 ? [...contents, vscode.l10n.t('…and {0} more', rest)] : contents, range);
}

/** The documents of what the id or email at a position names. */
export function definitionsAt(
  document: vscode.TextDocument,
  position: vscode.Position,
  directory: Directory,
): vscode.LocationLink[] {
  const { known, range } = knownAt(document, position, directory);
  return known.flatMap((one) => {
    const targetUri =
      one instanceof DirectoryProvider ? providerUri(one.reference) : one.reference && scimUri(one.reference);
    return targetUri ? { originSelectionRange: range, targetUri, targetRange: new vscode.Range(0, 0, 0, 0) } : [];
  });
}

function knownAt(
  document: vscode.TextDocument,
  position: vscode.Position,
  directory: Directory,
): { known: Known[]; range: vscode.Range } {
  const word = wordAt(document.lineAt(position.line).text, position.character);
  const range = new vscode.Range(position.line, word?.start ?? 0, position.line, word?.end ?? 0);
  return { known: word ? knownBy(word.text, directory) : [], range };
}

/** What a link does, and with which argument. */
type Link = readonly [title: string, command: string, argument: object];

function linksOf(known: Known): readonly Link[] {
  if (known instanceof DirectoryProvider) {
    return [
      [vscode.l10n.t('Open'), 'scimExplorer.openProvider', known.reference],
      [vscode.l10n.t('Copy ID'), 'scimExplorer.copyProviderId', known.reference],
    ];
  }
  const { kind, reference } = known;
  const isUser = kind === 'user';
  return reference === undefined
    ? []
    : [
        [vscode.l10n.t('Open'), isUser ? 'scimExplorer.openUser' : 'scimExplorer.openGroup', reference],
        [vscode.l10n.t('Reveal'), 'scimExplorer.reveal', reference],
        [vscode.l10n.t('Copy ID'), isUser ? 'scimExplorer.copyId' : 'scimExplorer.copyGroupId', reference],
      ];
}

/** The name with what it is, a line of details, and links to commands of this extension. All but the links is plain text. */
function words(known: Known, hasSeveralAccounts: boolean): vscode.MarkdownString {
  const { name, kinds, details, account } = described(known);
  const lastModified = known instanceof DirectoryProvider ? undefined : known.data.meta.lastModified;
  const changed = lastModified === undefined ? [] : [vscode.l10n.t('changed {0}', shownName(lastModified))];
  const line = (parts: readonly string[]) => hoverLine(parts.join(' · '));
  const markdown = new vscode.MarkdownString('**')
    .appendText(hoverLine(shownName(name)))
    .appendMarkdown('**')
    .appendText(line(['', ...kinds]))
    .appendMarkdown('\n\n')
    .appendText(line([...details, ...(hasSeveralAccounts ? [account] : []), ...changed]));
  const links = linksOf(known);
  markdown.isTrusted = { enabledCommands: links.map(([, command]) => command) };
  const shown = links.map(
    ([title, command, argument]) => `[${title}](command:${command}?${encodeURIComponent(JSON.stringify([argument]))})`,
  );
  return markdown.appendMarkdown(`\n\n${shown.join(' | ')}`);
}
