import vscode = require('vscode');
import { unknownKeyCode } from '../cloudflare';
import {
  accountPath,
  DirectoryAccount,
  DirectoryProvider,
  DirectoryUser,
  identityProviderPath,
  primaryEmail,
  userName,
} from '../directory';
import { accessibilityLabel, shownName, tooltip, treeDescription, treeLabel } from '../text';
import { documentTitle, userUri, explain, explainInOne, failureOf, needsConnecting } from '../ui';
import { movedWords, providerItem } from './providerItem';
import { type EmptyRow, FailureRow, ListEnd, type Row } from './rows';
import { listed, named, tooltipOf } from './tooltips';

/** Maximum users of a provider in the tree: VS Code's tree gets slow beyond that, and searching is faster. */
export const maxUsersShown = 1000;

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
  if (row instanceof DirectoryUser) {
    return userItem(row);
  }
  if (row instanceof ListEnd) {
    return listEndItem(row);
  }
  return row instanceof FailureRow ? failureItem(row) : emptyItem(row);
}

/** The path of a row that has one; `TreeItem.id` begins with it. */
function ownerPath(owner: DirectoryAccount | DirectoryProvider): string {
  return owner instanceof DirectoryAccount ? accountPath(owner.id) : identityProviderPath(owner.reference);
}

function accountItem(account: DirectoryAccount): vscode.TreeItem {
  const item = new vscode.TreeItem(
    treeLabel(shownName(account.name || account.id)),
    vscode.TreeItemCollapsibleState.Collapsed,
  );
  const expiry = expiryWords(account);
  item.id = accountPath(account.id);
  item.contextValue = 'account';
  item.iconPath = new vscode.ThemeIcon('organization');
  const isDead = account.rejection !== undefined || account.unusable !== undefined;
  if (isDead) {
    item.contextValue = 'account.rejected';
    item.iconPath = new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
    item.description = deadWords(account);
    item.command = {
      command: 'scimExplorer.reconnect',
      title: vscode.l10n.t('Reconnect…'),
      arguments: [account],
    };
  } else if (expiry !== undefined) {
    item.description = expiry;
    // Another icon, not only another colour: a narrow side bar has no room for the description.
    item.iconPath = new vscode.ThemeIcon('clock', new vscode.ThemeColor('list.warningForeground'));
  }
  item.tooltip = tooltipOf([
    [vscode.l10n.t('Account'), named(account.name)],
    [vscode.l10n.t('Account ID'), named(account.id)],
    [vscode.l10n.t('Token'), isDead ? undefined : expiry && `${expiry} (${expiryDay(account)})`],
    [vscode.l10n.t('Problem'), isDead ? explainInOne(failureOf(account)) : undefined],
  ]);
  return item;
}

function deadWords({ unusable, rejection }: DirectoryAccount): string {
  switch (unusable) {
    case 'secretMissing':
      return vscode.l10n.t('Token is no longer stored — Reconnect');
    case 'secretUnreadable':
      return vscode.l10n.t('Stored token cannot be read — Reconnect');
    case undefined:
      return rejection?.failure.code === unknownKeyCode
        ? vscode.l10n.t('API key no longer works — Reconnect')
        : vscode.l10n.t('Token no longer works — Reconnect');
  }
}

const dayMs = 86_400_000;
/** Days before its expiry from which a token's expiry is shown. */
const expiryNoticeDays = 14;

/** `expires in 9 days`, if that is soon; undefined otherwise. It is short, for a narrow side bar. */
export function expiryWords({ expiresOn }: DirectoryAccount, now = Date.now()): string | undefined {
  const days = Math.ceil((Date.parse(expiresOn ?? '') - now) / dayMs);
  if (Number.isNaN(days) || days > expiryNoticeDays) {
    return undefined;
  }
  if (days <= 0) {
    return vscode.l10n.t('expired');
  }
  return days === 1 ? vscode.l10n.t('expires tomorrow') : vscode.l10n.t('expires in {0} days', days);
}

/** `2027-01-31` of a date that `expiryWords` could read. */
function expiryDay({ expiresOn = '' }: DirectoryAccount): string {
  return new Date(expiresOn).toISOString().slice(0, 10);
}

function userItem(row: DirectoryUser): vscode.TreeItem {
  const { user, reference } = row;
  const label = userName(user) ?? vscode.l10n.t('(no name)');
  const email = primaryEmail(user);
  const isInactive = user.active === false;
  const item = new vscode.TreeItem(treeLabel(shownName(label)));
  const description = [
    // First, since a narrow side bar cuts off the end.
    isInactive ? vscode.l10n.t('inactive') : undefined,
    reference ? undefined : vscode.l10n.t('no ID'),
    email !== undefined && email !== label ? shownName(email) : undefined,
  ]
    .filter((part) => part !== undefined)
    .join(' · ');
  item.id = row.path;
  item.description = treeDescription(description);
  item.iconPath = isInactive
    ? new vscode.ThemeIcon('circle-slash', new vscode.ThemeColor('descriptionForeground'))
    : new vscode.ThemeIcon('account');
  item.contextValue = reference ? 'scimUser.withId' : 'scimUser.withoutId';
  if (reference) {
    item.command = {
      command: 'vscode.open',
      title: vscode.l10n.t('Open User'),
      // Options, though empty: without them VS Code drops the title. It adds its own for a second click, Enter and Ctrl.
      arguments: [userUri(reference), {}, documentTitle(label)],
    };
  }
  return item;
}

/** All known fields of a user, with the kind of each id. Created when the user hovers over a row, not when the row is drawn. */
export function userTooltip({ user, provider }: DirectoryUser): string {
  const email = primaryEmail(user);
  const others = user.emails
    .filter(({ value }) => value !== undefined && value !== email)
    .map(({ value = '', type }) =>
      type === undefined ? shownName(value) : vscode.l10n.t('{0} ({1})', shownName(value), shownName(type)),
    );
  const state = { true: vscode.l10n.t('active'), false: vscode.l10n.t('inactive') };
  return tooltipOf([
    [vscode.l10n.t('Name'), named(user.displayName)],
    [vscode.l10n.t('Email'), named(email)],
    [vscode.l10n.t('Other emails'), listed(others)],
    [vscode.l10n.t('User ID (Cloudflare, cf_resource_id)'), named(user.id)],
    [vscode.l10n.t('External ID (identity provider, idp_resource_id)'), named(user.externalId)],
    [vscode.l10n.t('Status'), user.active === undefined ? undefined : state[`${user.active}`]],
    [vscode.l10n.t('Identity provider'), named(provider.identityProvider.name)],
    [vscode.l10n.t('Created'), named(user.meta.created)],
    [vscode.l10n.t('Last modified'), named(user.meta.lastModified)],
    [vscode.l10n.t('Schemas'), listed(user.schemas.map((schema) => shownName(schema)))],
  ]);
}

function listEndItem(row: ListEnd): vscode.TreeItem {
  const { users } = row.provider;
  const count = users.shown.count.toLocaleString('en');
  const total = users.shown.total?.toLocaleString('en');
  const isFull = users.shown.count >= maxUsersShown;
  const progress =
    total === undefined ? vscode.l10n.t('({0} loaded)', count) : vscode.l10n.t('({0} of {1})', count, total);

  const isBusy = users.shown.activity !== 'idle';
  let label = vscode.l10n.t('Load more… {0}', progress);
  if (users.shown.total === users.shown.count) {
    label = vscode.l10n.t('Check for more… ({0} loaded)', count);
  }
  if (isBusy) {
    label = vscode.l10n.t('Loading… {0}', progress);
  } else if (isFull) {
    label = total === undefined ? vscode.l10n.t('Search all users…') : vscode.l10n.t('Search all {0}…', total);
  }
  const item = new vscode.TreeItem(label);
  item.id = `${ownerPath(row.provider)}#end`;
  item.contextValue = isFull ? 'listEnd.search' : 'listEnd.more';
  if (isBusy) {
    item.contextValue = 'listEnd.busy';
    item.iconPath = new vscode.ThemeIcon('loading~spin');
  } else {
    item.iconPath = new vscode.ThemeIcon(isFull ? 'search' : 'ellipsis');
    item.command = isFull
      ? {
          command: 'scimExplorer.searchHere',
          title: vscode.l10n.t('Search Users Here…'),
          arguments: [row.provider.reference],
        }
      : { command: 'scimExplorer.loadMore', title: vscode.l10n.t('Load More'), arguments: [row] };
  }
  if (users.shown.isUncertain) {
    item.description = movedWords();
  }
  item.tooltip = isFull
    ? vscode.l10n.t(
        'The first {0} users are listed here. Search finds the others; "Load All Users" lets it find them by any part of a name.',
        maxUsersShown.toLocaleString('en'),
      )
    : vscode.l10n.t('Reads the next page of users from Cloudflare.');
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
    item.command = { command: 'scimExplorer.reconnect', title: vscode.l10n.t('Reconnect…'), arguments: [owner] };
  } else {
    item.contextValue = 'failure.retry';
    item.command = { command: 'scimExplorer.retry', title: vscode.l10n.t('Retry'), arguments: [row] };
  }
  return item;
}

function emptyItem({ owner }: EmptyRow): vscode.TreeItem {
  const item = new vscode.TreeItem(
    owner instanceof DirectoryAccount
      ? vscode.l10n.t('This account has no identity providers')
      : vscode.l10n.t('No users synced yet'),
  );
  item.id = `${ownerPath(owner)}#empty`;
  item.iconPath = new vscode.ThemeIcon('info');
  item.contextValue = 'empty';
  item.tooltip =
    owner instanceof DirectoryAccount
      ? vscode.l10n.t('Add one in the Cloudflare dashboard under Zero Trust, then refresh.')
      : vscode.l10n.t(
          'A user appears here after the first sign-in or device enrolment that follows the assignment in the identity provider.',
        );
  return item;
}
