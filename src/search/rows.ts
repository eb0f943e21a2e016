import vscode = require('vscode');
import {
  type DirectoryAccount,
  type DirectoryProvider,
  type DirectoryUser,
  primaryEmail,
  userName,
} from '../directory';
import type { FoundRow, Scope, ServerField } from '../lookup';
import { foldField, type Query, searchedFields } from '../matching';
import { quickPickDetail, quickPickLabel, shownName } from '../text';
import { explain } from '../ui';
import { type RowButton, userButton } from './buttons';

/** A row of the search, with its own actions. */
export interface SearchItem extends vscode.QuickPickItem {
  /** The user of a user's row. */
  readonly user?: DirectoryUser;
  /** Names a row below the users, so that it stays selected when its words change. */
  readonly key?: string;
  /** The action of Enter. */
  readonly accept?: () => void;
  readonly buttons?: readonly RowButton[];
}

export interface UserItem extends SearchItem {
  readonly user: DirectoryUser;
}

/** What a user's row can do. */
export interface RowActions {
  readonly accept: (user: DirectoryUser) => void;
  readonly copyId: (user: DirectoryUser) => void;
  /** Undefined where there is no editor to insert into. */
  readonly insertId: ((user: DirectoryUser) => void) | undefined;
  readonly reveal: (user: DirectoryUser) => void;
  readonly canReveal: (user: DirectoryUser) => boolean;
}

/** Makes rows of what a search found. Names come from the network, so they are shown literally. */
export class Rows {
  constructor(
    /** Where several accounts are connected, rows name the account. */
    private readonly hasSeveralAccounts: () => boolean,
    private readonly actions: RowActions,
  ) {}

  /** The row of a found user. The text that was searched for stands literally in it, so that VS Code highlights it. */
  user({ user, matchedByUsername }: FoundRow, query: Query): UserItem {
    const { user: scimUser, provider } = user;
    const email = primaryEmail(scimUser);
    const details = [
      this.providerName(provider),
      scimUser.active === false ? vscode.l10n.t('inactive') : undefined,
      scimUser.active === true ? vscode.l10n.t('active') : undefined,
      matchedByUsername ? vscode.l10n.t('matched by username') : undefined,
      ...matchedElsewhere(user, query).map((text) => shownName(text)),
      user.reference ? undefined : vscode.l10n.t('no ID'),
    ];
    return {
      label: quickPickLabel(shownName(userName(scimUser) ?? vscode.l10n.t('(no name)'))),
      description: email === undefined || email === userName(scimUser) ? '' : quickPickDetail(shownName(email)),
      detail: quickPickDetail(details.filter((text) => text !== undefined).join(' · ')),
      iconPath: new vscode.ThemeIcon(scimUser.active === false ? 'circle-slash' : 'account'),
      alwaysShow: true,
      buttons: this.buttons(user),
      user,
      accept: () => this.actions.accept(user),
    };
  }

  /** The row of an account or identity provider that could not be searched. */
  failure(
    account: DirectoryAccount,
    provider: DirectoryProvider | undefined,
    error: unknown,
    fields: readonly ServerField[],
    searchAgain: () => void,
  ): SearchItem {
    const name = provider ? this.providerName(provider) : accountName(account);
    const { what, next } = explain(error);
    const label =
      fields.length === 0
        ? vscode.l10n.t('{0} could not be searched', name)
        : vscode.l10n.t('{0} could not be searched by {1}', name, fieldNames(fields));
    return {
      label: quickPickLabel(label),
      iconPath: new vscode.ThemeIcon('error'),
      description: quickPickDetail(what),
      detail: quickPickDetail(vscode.l10n.t('{0} Press Enter to search again.', next)),
      alwaysShow: true,
      accept: searchAgain,
    };
  }

  /** A recent search, which Enter repeats. */
  recentSearch(text: string, repeat: () => void): SearchItem {
    return {
      label: quickPickLabel(shownName(text)),
      iconPath: new vscode.ThemeIcon('history'),
      alwaysShow: true,
      accept: repeat,
    };
  }

  /** Undefined: everywhere. */
  scopeName(scope: Scope): string | undefined {
    if (scope === undefined) {
      return undefined;
    }
    return 'identityProvider' in scope ? this.providerName(scope) : accountName(scope);
  }

  /** An identity provider's name, and its account's where several are connected. */
  providerName(provider: DirectoryProvider): string {
    const name = shownName(provider.name);
    return this.hasSeveralAccounts() ? vscode.l10n.t('{0} ({1})', name, accountName(provider.account)) : name;
  }

  private buttons(user: DirectoryUser): RowButton[] {
    const { copyId, insertId, reveal, canReveal } = this.actions;
    return [
      ...(user.reference ? [userButton('copyId', () => copyId(user))] : []),
      ...(user.reference && insertId ? [userButton('insertId', () => insertId(user))] : []),
      ...(canReveal(user) ? [userButton('reveal', () => reveal(user))] : []),
    ];
  }
}

const fieldWords: Readonly<Record<ServerField, () => string>> = {
  email: () => vscode.l10n.t('email'),
  username: () => vscode.l10n.t('username'),
  name: () => vscode.l10n.t('name'),
  cf_resource_id: () => vscode.l10n.t('user ID'),
  idp_resource_id: () => vscode.l10n.t('external ID'),
  search_contains: () => vscode.l10n.t('a part of a name or email'),
  search_starts_with: () => vscode.l10n.t('the beginning of a name or email'),
};

/** `email, username or external ID`. */
export function fieldNames(fields: readonly ServerField[]): string {
  const names = Object.entries(fieldWords).flatMap(([field, word]) =>
    fields.some((one) => one === field) ? [word()] : [],
  );
  return new Intl.ListFormat('en', { type: 'disjunction' }).format(names);
}

/** Matching texts of a user that the row does not show otherwise: another email, an id. */
function matchedElsewhere({ user }: DirectoryUser, { terms }: Query): string[] {
  const shownAnyway = [user.displayName, primaryEmail(user)];
  const fields = searchedFields(user).flatMap(([field, text]) =>
    text === undefined ? [] : [{ field, text, folded: foldField(text) }],
  );
  const found = terms.flatMap((term) => {
    const holding = fields.filter(
      ({ field, text, folded }) =>
        (term.field ?? field) === field && (text === term.text || folded.includes(term.folded)),
    );
    return holding.some(({ text }) => shownAnyway.includes(text)) ? [] : (holding[0]?.text ?? []);
  });
  return [...new Set(found)];
}

/**
 * A row that shows a message. VS Code's own filter never hides it. The icon is not a part of the label, since a screen reader would read its
 * name.
 */
export function wordsRow(key: string, icon: string, label: string, detail?: string): SearchItem {
  const iconPath = new vscode.ThemeIcon(icon);
  return { key, label, iconPath, ...(detail !== undefined && { detail }), alwaysShow: true };
}

export function separator(label: string): SearchItem {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}

function accountName({ name, id }: DirectoryProvider['account']): string {
  return shownName(name || id);
}
