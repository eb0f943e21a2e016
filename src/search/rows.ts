import vscode = require('vscode');
import { primaryEmail, userName } from '../directory/display';
import type { DirectoryAccount, DirectoryProvider } from '../directory/account';
import { type FoundRow, type ServerField, serverFields } from '../directory/search';
import type { DirectoryUser } from '../directory/user';
import { explain } from '../messages/explain';
import { shownName, withoutIcons } from '../text/untrusted';

export const copyButton: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('copy'),
  tooltip: vscode.l10n.t('Copy User ID'),
};
export const insertButton: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('insert'),
  tooltip: vscode.l10n.t('Insert User ID at the Cursors'),
};

export interface UserItem extends vscode.QuickPickItem {
  readonly user: DirectoryUser;
}

/** A row that is no user: a failure, which Enter tries again, or words. */
export interface WordsItem extends vscode.QuickPickItem {
  readonly isRetry: boolean;
}

export type SearchItem = UserItem | WordsItem;

/** The row of a found user; what was typed stands literally in it, so that VS Code highlights it. */
export function userItem({ user, matchedByUsername }: FoundRow, query: string, canInsert: boolean): UserItem {
  const { user: scimUser, provider } = user;
  const email = primaryEmail(scimUser);
  const wanted = query.toLowerCase();
  const others = scimUser.emails.flatMap(({ value }) => (value === undefined || value === email ? [] : value));
  const matchedElsewhere = [...others, scimUser.externalId, scimUser.id].find((text) =>
    text?.toLowerCase().includes(wanted),
  );
  const details = [
    providerName(provider),
    scimUser.active === false ? vscode.l10n.t('inactive') : undefined,
    scimUser.active === true ? vscode.l10n.t('active') : undefined,
    matchedByUsername ? vscode.l10n.t('matched by username') : undefined,
    email?.toLowerCase().includes(wanted) ? undefined : matchedElsewhere && shown(matchedElsewhere),
    user.reference ? undefined : vscode.l10n.t('no ID'),
  ];
  return {
    label: shown(userName(scimUser) ?? vscode.l10n.t('(no name)')),
    description: email === undefined || email === userName(scimUser) ? '' : shown(email),
    detail: details.filter((text) => text !== undefined).join(' · '),
    iconPath: scimUser.active === false ? new vscode.ThemeIcon('circle-slash') : new vscode.ThemeIcon('account'),
    alwaysShow: true,
    buttons: user.reference ? [copyButton, ...(canInsert ? [insertButton] : [])] : [],
    user,
  };
}

/** The row of a request that failed; Enter asks again. */
export function failureItem(
  account: DirectoryAccount,
  provider: DirectoryProvider | undefined,
  error: unknown,
): WordsItem {
  const name = provider ? providerName(provider) : shown(account.name || account.id);
  const { what, next } = explain(error);
  return {
    label: `$(error) ${vscode.l10n.t('{0} could not be searched', name)}`,
    description: withoutIcons(what),
    detail: withoutIcons(vscode.l10n.t('{0} Enter searches again.', next)),
    alwaysShow: true,
    isRetry: true,
  };
}

const fieldNames: Record<ServerField, () => string> = {
  email: () => vscode.l10n.t('email'),
  username: () => vscode.l10n.t('username'),
  name: () => vscode.l10n.t('name'),
  cf_resource_id: () => vscode.l10n.t('user ID'),
  idp_resource_id: () => vscode.l10n.t('external ID'),
};

/** What an empty result says: what was compared, and what to do next. It never says that someone does not exist. */
export function noMatchItems(query: string, searched: readonly DirectoryProvider[]): WordsItem[] {
  const nothing = `$(info) ${vscode.l10n.t('No user found for {0}', shown(query))}`;
  if (searched.length === 0) {
    return [
      words(nothing, vscode.l10n.t('There is no identity provider with SCIM on, so there is nothing to search.')),
    ];
  }
  const loaded = searched.reduce((sum, { users }) => sum + users.count, 0).toLocaleString('en');
  const fields = serverFields(query).map((field) => fieldNames[field]());
  return [
    words(nothing, vscode.l10n.t('Searched: {0}', searched.map(providerName).join(', '))),
    words(
      vscode.l10n.t('Compared on the server: the whole {0}', fields.join(', ')),
      vscode.l10n.t('Part of an email may not match there: type the whole of it.'),
    ),
    words(
      vscode.l10n.t('Compared here: any part of the {0} users loaded so far', loaded),
      vscode.l10n.t('Load more users in the view to find them by a part of their name or email.'),
    ),
  ];
}

export function words(label: string, detail?: string): WordsItem {
  return { label, ...(detail !== undefined && { detail }), alwaysShow: true, isRetry: false };
}

function providerName({ identityProvider: { name, type } }: DirectoryProvider): string {
  return shown(name || type);
}

function shown(text: string): string {
  return withoutIcons(shownName(text));
}
