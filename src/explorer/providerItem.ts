import vscode = require('vscode');
import { type DirectoryProvider, identityProviderPath, productName } from '../directory';
import { accessibilityLabel, shownName, treeDescription, treeLabel } from '../text';
import { providerIcon } from './providerIcon';
import { named, tooltipOf } from './tooltips';

/** How the row of an identity provider is drawn. */
export function providerItem(provider: DirectoryProvider): vscode.TreeItem {
  const { identityProvider } = provider;
  const { scimEnabled } = identityProvider;
  const name = shownName(provider.name);
  const type = shownName(productName(identityProvider.type));
  const item = new vscode.TreeItem(
    treeLabel(name),
    scimEnabled ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None,
  );
  item.id = identityProviderPath(provider.reference);
  // A name that says the type already, such as "Okta", is not followed by it.
  const shownType = name.toLowerCase().includes(type.toLowerCase()) ? [] : [type];
  const counts = scimEnabled ? countsOf(provider) : [];
  const state = scimEnabled ? vscode.l10n.t('SCIM') : vscode.l10n.t('SCIM off');
  const spokenState = scimEnabled ? vscode.l10n.t('SCIM on') : state;
  item.description = treeDescription([...shownType, state, ...counts].join(' · '));
  item.accessibilityInformation = { label: accessibilityLabel([name, ...shownType, spokenState, ...counts]) };
  item.iconPath = providerIcon(identityProvider.type);
  item.contextValue = scimEnabled ? 'identityProvider.scim' : 'identityProvider.scimOff';
  item.tooltip = tooltipOf([
    [vscode.l10n.t('Identity provider'), named(identityProvider.name)],
    [vscode.l10n.t('Type'), type],
    [
      vscode.l10n.t('SCIM'),
      scimEnabled ? vscode.l10n.t('on') : vscode.l10n.t('off: no users are synced to Cloudflare'),
    ],
    [vscode.l10n.t('Identity provider ID'), named(identityProvider.id)],
    [vscode.l10n.t('Users'), provider.users.shown.isUncertain ? movedWords() : undefined],
  ]);
  return item;
}

/** `2,000 users` and `200 loaded`, as far as they are known. Empty before the first page, also if it failed. */
function countsOf({ users }: DirectoryProvider): string[] {
  const { count, total } = users.coverage;
  if (total === undefined && count === 0) {
    return [];
  }
  const loaded = vscode.l10n.t('{0} loaded', count.toLocaleString('en'));
  if (total === undefined) {
    return [loaded];
  }
  const all = total === 1 ? vscode.l10n.t('1 user') : vscode.l10n.t('{0} users', total.toLocaleString('en'));
  return [all, count >= total ? vscode.l10n.t('all loaded') : loaded];
}

/** What the rows of a provider say if users may be missing. */
export function movedWords(): string {
  return vscode.l10n.t('the list changed while it was read: refresh it');
}
