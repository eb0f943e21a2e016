import vscode = require('vscode');
import { unknownKeyCode } from '../cloudflare';
import { accountPath, type DirectoryAccount } from '../directory';
import { shownName, treeLabel } from '../text';
import { explainInOne } from '../ui';
import { named, tooltipOf } from './tooltips';

/** How the row of an account is drawn. */
export function accountItem(account: DirectoryAccount): vscode.TreeItem {
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
    [vscode.l10n.t('Problem'), isDead ? explainInOne(account.failure) : undefined],
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
