import vscode = require('vscode');
import {
  accountPath,
  DirectoryAccount,
  DirectoryProvider,
  DirectoryResource,
  identityProviderPath,
} from '../directory';
import { accessibilityLabel, tooltip, treeDescription, treeLabel } from '../text';
import { countWords, explain, needsConnecting } from '../ui';
import { accountItem } from './accountItem';
import { movedWords, providerItem } from './providerItem';
import { resourceItem } from './resourceItem';
import {
  type EmptyRow,
  FailureRow,
  FoundFolder,
  GroupsFolder,
  kindOf,
  ListEnd,
  listOf,
  maxShown,
  type Owner,
  providerOf,
  type Row,
} from './rows';

/** How a row is drawn. VS Code shows labels, descriptions and string tooltips literally, so nothing is escaped. */
export function treeItem(row: Row): vscode.TreeItem {
  const item = itemOf(row);
  const { label, description } = item;
  // Without it VS Code may read a string tooltip in place of the label.
  item.accessibilityInformation ??= { label: accessibilityLabel([label, description].map(textOf)) };
  return item;
}

function textOf(part: vscode.TreeItem['label'] | vscode.TreeItem['description']): string {
  return typeof part === 'string' ? part : '';
}

function itemOf(row: Row): vscode.TreeItem {
  if (row instanceof DirectoryAccount) {
    return accountItem(row);
  }
  if (row instanceof DirectoryProvider) {
    return providerItem(row);
  }
  if (row instanceof DirectoryResource) {
    return resourceItem(row);
  }
  if (row instanceof GroupsFolder) {
    return groupsItem(row);
  }
  if (row instanceof FoundFolder) {
    return foundItem(row);
  }
  if (row instanceof ListEnd) {
    return listEndItem(row);
  }
  return row instanceof FailureRow ? failureItem(row) : emptyItem(row);
}

/** The path of a row that has one; `TreeItem.id` begins with it. */
function ownerPath(owner: Owner): string {
  if (owner instanceof DirectoryAccount) {
    return accountPath(owner.id);
  }
  const path = identityProviderPath(providerOf(owner).reference);
  return owner instanceof GroupsFolder ? `${path}/groups` : path;
}

function groupsItem(row: GroupsFolder): vscode.TreeItem {
  const { shown } = row.provider.groups;
  const item = new vscode.TreeItem(vscode.l10n.t('Groups'), vscode.TreeItemCollapsibleState.Collapsed);
  item.id = ownerPath(row);
  item.contextValue = 'groups';
  item.iconPath = vscode.ThemeIcon.Folder;
  item.description = shown.total === undefined ? '' : countWords('group', shown.total);
  item.tooltip = vscode.l10n.t(
    'SCIM groups that the identity provider has synced to Cloudflare. Cloudflare does not list their members.',
  );
  return item;
}

function foundItem({ provider, resources }: FoundFolder): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t('Found'), vscode.TreeItemCollapsibleState.Expanded);
  item.id = `${identityProviderPath(provider.reference)}#found`;
  item.contextValue = 'found';
  item.iconPath = new vscode.ThemeIcon('search');
  item.description = resources.length.toLocaleString('en');
  item.tooltip = vscode.l10n.t('Users and groups that were revealed from a search and are not among the loaded rows.');
  return item;
}

function listEndItem(row: ListEnd): vscode.TreeItem {
  const { shown } = listOf(row.owner);
  const isOfUsers = kindOf(row.owner) === 'user';
  const count = shown.count.toLocaleString('en');
  const total = shown.total?.toLocaleString('en');
  const isFull = shown.count >= maxShown;
  const progress =
    total === undefined ? vscode.l10n.t('({0} loaded)', count) : vscode.l10n.t('({0} of {1})', count, total);

  const isBusy = shown.activity !== 'idle';
  let label = vscode.l10n.t('Load more… {0}', progress);
  if (shown.total === shown.count) {
    label = vscode.l10n.t('Check for more… ({0} loaded)', count);
  }
  if (isBusy) {
    label = vscode.l10n.t('Loading… {0}', progress);
  } else if (isFull) {
    const searchAll = isOfUsers ? vscode.l10n.t('Search all users…') : vscode.l10n.t('Search all groups…');
    label = total === undefined ? searchAll : vscode.l10n.t('Search all {0}…', total);
  }
  const item = new vscode.TreeItem(label);
  item.id = `${ownerPath(row.owner)}#end`;
  item.contextValue = isFull ? 'listEnd.search' : 'listEnd.more';
  if (isBusy) {
    item.contextValue = 'listEnd.busy';
    item.iconPath = new vscode.ThemeIcon('loading~spin');
  } else {
    item.iconPath = new vscode.ThemeIcon(isFull ? 'search' : 'ellipsis');
    item.command = isFull
      ? {
          command: 'scimExplorer.searchHere',
          title: vscode.l10n.t('Search Here…'),
          arguments: [providerOf(row.owner).reference, kindOf(row.owner)],
        }
      : { command: 'scimExplorer.loadMore', title: vscode.l10n.t('Load More'), arguments: [row] };
  }
  if (shown.isUncertain) {
    item.description = movedWords();
  }
  item.tooltip = isFull
    ? vscode.l10n.t(
        'The first {0} are listed here. Search finds the others, and offers to load the rest to find any part of a name.',
        maxShown.toLocaleString('en'),
      )
    : vscode.l10n.t('Reads the next page from Cloudflare.');
  return item;
}

function failureItem(row: FailureRow): vscode.TreeItem {
  const { owner, error } = row;
  const { what, next } = explain(error);
  const item = new vscode.TreeItem(treeLabel(what));
  item.id = `${ownerPath(owner)}#failure`;
  item.description = treeDescription(next);
  item.iconPath = new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'));
  item.tooltip = tooltip([what, next]);
  if (needsConnecting(error)) {
    item.contextValue = 'failure.reconnect';
    item.command = { command: 'scimExplorer.reconnect', title: vscode.l10n.t('Reconnect…'), arguments: [row] };
  } else {
    item.contextValue = 'failure.retry';
    item.command = { command: 'scimExplorer.retry', title: vscode.l10n.t('Retry'), arguments: [row] };
  }
  return item;
}

function emptyItem({ owner }: EmptyRow): vscode.TreeItem {
  const [label, why] = emptyWords(owner);
  const item = new vscode.TreeItem(label);
  item.id = `${ownerPath(owner)}#empty`;
  item.iconPath = new vscode.ThemeIcon('info');
  item.contextValue = 'empty';
  item.tooltip = why;
  return item;
}

function emptyWords(owner: Owner): readonly [label: string, why: string] {
  if (owner instanceof DirectoryAccount) {
    return [
      vscode.l10n.t('This account has no identity providers'),
      vscode.l10n.t('Add one in the Cloudflare dashboard under Zero Trust, then refresh.'),
    ];
  }
  return kindOf(owner) === 'group'
    ? [
        vscode.l10n.t('No groups synced yet'),
        vscode.l10n.t('A group appears here when the identity provider pushes it to Cloudflare by SCIM.'),
      ]
    : [
        vscode.l10n.t('No users synced yet'),
        vscode.l10n.t(
          'A user appears here after the first sign-in or device enrolment that follows the assignment in the identity provider.',
        ),
      ];
}
