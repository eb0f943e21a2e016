import vscode = require('vscode');
import type { ScimGroup, ScimUser } from '../cloudflare';
import { type DirectoryResource, isActive, primaryEmail, resourceName } from '../directory';
import { shownName, treeDescription, treeLabel } from '../text';
import { documentTitle, groupIcon, scimUri } from '../ui';
import { listed, named, tooltipOf } from './tooltips';

/** How the row of a user or group is drawn. */
export function resourceItem(row: DirectoryResource): vscode.TreeItem {
  const { data, reference } = row;
  const isUser = row.kind === 'user';
  const label = resourceName(data) ?? vscode.l10n.t('(no name)');
  const email = primaryEmail(data);
  const isInactive = isActive(data) === false;
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
    : new vscode.ThemeIcon(isUser ? 'account' : groupIcon);
  item.contextValue = `${isUser ? 'scimUser' : 'scimGroup'}.${reference ? 'withId' : 'withoutId'}`;
  if (reference) {
    item.command = {
      command: 'vscode.open',
      title: isUser ? vscode.l10n.t('Open User') : vscode.l10n.t('Open Group'),
      // Options, though empty: without them VS Code drops the title. It adds its own for a second click, Enter and Ctrl.
      arguments: [scimUri(reference), {}, documentTitle(label)],
    };
  }
  return item;
}

/** All known fields of a user or group, with the kind of each id. Created when the user hovers over a row, not when the row is drawn. */
export function resourceTooltip({ data, provider }: DirectoryResource): string {
  const identityProvider = named(provider.identityProvider.name);
  return 'emails' in data ? userTooltip(data, identityProvider) : groupTooltip(data, identityProvider);
}

function groupTooltip(group: ScimGroup, identityProvider: string | undefined): string {
  return tooltipOf([
    [vscode.l10n.t('SCIM group'), named(group.displayName)],
    [vscode.l10n.t('Group ID (Cloudflare, cf_resource_id)'), named(group.id)],
    [vscode.l10n.t('External ID (identity provider, idp_resource_id)'), named(group.externalId)],
    [vscode.l10n.t('Identity provider'), identityProvider],
    [vscode.l10n.t('Created'), named(group.meta.created)],
    [vscode.l10n.t('Last modified'), named(group.meta.lastModified)],
  ]);
}

function userTooltip(user: ScimUser, identityProvider: string | undefined): string {
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
    [vscode.l10n.t('Identity provider'), identityProvider],
    [vscode.l10n.t('Created'), named(user.meta.created)],
    [vscode.l10n.t('Last modified'), named(user.meta.lastModified)],
    [vscode.l10n.t('Schemas'), listed(user.schemas.map((schema) => shownName(schema)))],
  ]);
}
