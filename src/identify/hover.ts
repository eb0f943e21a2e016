import vscode = require('vscode');
import {
  type Directory,
  DirectoryProvider,
  type DirectoryResource,
  isActive,
  primaryEmail,
  productName,
  resourceName,
} from '../directory';
import { wordAt } from '../ids';
import { type Known, knownBy } from '../lookup';
import { hoverLine, shownName } from '../text';
import { providerUri, scimUri } from '../ui';

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
  const contents = known.slice(0, mostShown).map((one) => {
    const account = hasSeveralAccounts ? accountOf(one) : undefined;
    return one instanceof DirectoryProvider ? providerWords(one, account) : resourceWords(one, account);
  });
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

function accountOf(known: Known): string {
  const { account } = known instanceof DirectoryProvider ? known : known.provider;
  return shownName(account.name || account.id);
}

function resourceWords(resource: DirectoryResource, account: string | undefined): vscode.MarkdownString {
  const { data, kind, provider, reference } = resource;
  const isUser = kind === 'user';
  const state = { true: vscode.l10n.t('active'), false: vscode.l10n.t('inactive') };
  const active = isActive(data);
  const email = primaryEmail(data);
  const { lastModified } = data.meta;
  return words(
    resourceName(data) ?? vscode.l10n.t('(no name)'),
    [
      isUser ? vscode.l10n.t('SCIM user') : vscode.l10n.t('SCIM group'),
      active === undefined ? undefined : state[`${active}`],
    ],
    [
      email === undefined ? undefined : shownName(email),
      shownName(provider.name),
      account,
      lastModified === undefined ? undefined : vscode.l10n.t('changed {0}', shownName(lastModified)),
    ],
    reference && [
      [vscode.l10n.t('Open'), isUser ? 'scimExplorer.openUser' : 'scimExplorer.openGroup', reference],
      [vscode.l10n.t('Reveal'), 'scimExplorer.reveal', reference],
      [vscode.l10n.t('Copy ID'), isUser ? 'scimExplorer.copyId' : 'scimExplorer.copyGroupId', reference],
    ],
  );
}

function providerWords(
  { name, identityProvider, reference }: DirectoryProvider,
  account: string | undefined,
): vscode.MarkdownString {
  return words(
    name,
    [vscode.l10n.t('identity provider'), shownName(productName(identityProvider.type))],
    [identityProvider.scimEnabled ? vscode.l10n.t('SCIM on') : vscode.l10n.t('SCIM off'), account],
    [
      [vscode.l10n.t('Open'), 'scimExplorer.openProvider', reference],
      [vscode.l10n.t('Copy ID'), 'scimExplorer.copyProviderId', reference],
    ],
  );
}

/** A name with what it is, a line of details, and links to commands of this extension. All but the links is plain text. */
function words(
  name: string,
  kinds: readonly (string | undefined)[],
  details: readonly (string | undefined)[],
  links: readonly (readonly [title: string, command: string, argument: object])[] | undefined,
): vscode.MarkdownString {
  const line = (parts: readonly (string | undefined)[]) =>
    hoverLine(parts.filter((part) => part !== undefined).join(' · '));
  const markdown = new vscode.MarkdownString('**').appendText(line([shownName(name)])).appendMarkdown('**');
  markdown
    .appendText(line(['', ...kinds]))
    .appendMarkdown('\n\n')
    .appendText(line(details));
  if (links) {
    markdown.isTrusted = { enabledCommands: links.map(([, command]) => command) };
    const shown = links.map(
      ([title, command, argument]) =>
        `[${title}](command:${command}?${encodeURIComponent(JSON.stringify([argument]))})`,
    );
    markdown.appendMarkdown(`\n\n${shown.join(' | ')}`);
  }
  return markdown;
}
