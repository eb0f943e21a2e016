import vscode = require('vscode');
import {
  type DirectoryAccount,
  type DirectoryProvider,
  type DirectoryResource,
  isActive,
  primaryEmail,
  resourceName,
} from '../directory';
import type { FoundRow, Scope, ServerField } from '../lookup';
import { foldField, type Query, searchedFields } from '../matching';
import { quickPickDetail, quickPickLabel, shownName } from '../text';
import { explain, groupIcon } from '../ui';
import { type RowButton, rowButton } from './buttons';

/** A row of the search, with its own actions. */
export interface SearchItem extends vscode.QuickPickItem {
  /** The user or group of a found row. */
  readonly resource?: DirectoryResource;
  /** Names a row below the users, so that it stays selected when its words change. */
  readonly key?: string;
  /** The action of Enter. */
  readonly accept?: () => void;
  readonly buttons?: readonly RowButton[];
}

export interface FoundItem extends SearchItem {
  readonly resource: DirectoryResource;
}

/** What the row of a user or group can do. */
export interface RowActions {
  readonly accept: (resource: DirectoryResource) => void;
  readonly copyId: (resource: DirectoryResource) => void;
  /** Undefined where there is no editor to insert into. */
  readonly insertId: ((resource: DirectoryResource) => void) | undefined;
  readonly reveal: (resource: DirectoryResource) => void;
}

/** Makes rows of what a search found. Names come from the network, so they are shown literally. */
export class Rows {
  constructor(
    /** Where several accounts are connected, rows name the account. */
    private readonly hasSeveralAccounts: () => boolean,
    private readonly actions: RowActions,
  ) {}

  /** The row of a found user or group. The text that was searched for stands literally in it, so that VS Code highlights it. */
  found({ resource, matchedByUsername }: FoundRow, query: Query): FoundItem {
    const isGroup = resource.kind === 'group';
    const name = resourceName(resource.data);
    const email = primaryEmail(resource.data);
    const active = isActive(resource.data);
    const details = [
      this.providerName(resource.provider),
      active === false ? vscode.l10n.t('inactive') : undefined,
      active === true ? vscode.l10n.t('active') : undefined,
      matchedByUsername ? vscode.l10n.t('matched by username') : undefined,
      ...matchedElsewhere(resource, query).map((text) => shownName(text)),
      resource.reference ? undefined : vscode.l10n.t('no ID'),
    ];
    const icon = isGroup ? groupIcon : active === false ? 'circle-slash' : 'account';
    const description = isGroup ? vscode.l10n.t('SCIM group') : email === name ? undefined : email;
    return {
      label: quickPickLabel(shownName(name ?? vscode.l10n.t('(no name)'))),
      description: description === undefined ? '' : quickPickDetail(shownName(description)),
      detail: quickPickDetail(details.filter((text) => text !== undefined).join(' · ')),
      iconPath: new vscode.ThemeIcon(icon),
      alwaysShow: true,
      buttons: this.buttons(resource),
      resource,
      accept: () => this.actions.accept(resource),
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

  private buttons(resource: DirectoryResource): RowButton[] {
    const { copyId, insertId, reveal } = this.actions;
    const { kind } = resource;
    return resource.reference === undefined
      ? []
      : [
          rowButton('copyId', kind, () => copyId(resource)),
          ...(insertId ? [rowButton('insertId', kind, () => insertId(resource))] : []),
          rowButton('reveal', kind, () => reveal(resource)),
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

/** Matching texts of a user or group that the row does not show otherwise: another email, an id. */
function matchedElsewhere(resource: DirectoryResource, { terms }: Query): string[] {
  const shownAnyway = [resource.data.displayName, primaryEmail(resource.data)];
  const fields = searchedFields(resource.data).flatMap(([field, text]) =>
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
