import vscode = require('vscode');
import {
  type DirectoryAccount,
  type DirectoryProvider,
  type DirectoryUser,
  type FoundRow,
  primaryEmail,
  type Scope,
  type ServerField,
  userName,
} from '../directory';
import { foldField, type Query, searchedFields } from '../matching';
import type { Explanation } from '../messages';
import { quickPickDetail, quickPickLabel, shownName } from '../text';
import { copyButton, insertButton, keyName, revealButton } from './buttons';

export interface UserItem extends vscode.QuickPickItem {
  readonly user: DirectoryUser;
}

/** A row that is no user: words, and what Enter does with them, where it does something. */
export interface WordsItem extends vscode.QuickPickItem {
  /** Names the row among those below what was found. */
  readonly key?: string;
  readonly run?: (() => void) | undefined;
}

export type SearchItem = UserItem | WordsItem;

/** What can be done with a user's row. */
export interface RowActions {
  readonly canInsert: boolean;
  readonly canReveal: (user: DirectoryUser) => boolean;
}

/** Turns what a search found into rows. Names come from the network: they are shown literally. */
export class Rows {
  constructor(
    /** Whether several accounts are connected: then rows say whose they are. */
    private readonly accountOf: (provider: DirectoryProvider) => DirectoryAccount | undefined,
    private readonly actions: RowActions,
    private readonly explain: (error: unknown) => Explanation,
  ) {}

  /** The row of a found user; what was typed stands literally in it, so that VS Code highlights it. */
  user({ user, matchedByUsername }: FoundRow, query: Query): UserItem {
    const { user: scimUser, provider } = user;
    const email = primaryEmail(scimUser);
    const details = [
      this.provider(provider),
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
    };
  }

  /** The row of a request that failed; Enter asks again. */
  failure(
    account: DirectoryAccount,
    provider: DirectoryProvider | undefined,
    error: unknown,
    again: () => void,
  ): WordsItem {
    const name = provider ? this.provider(provider) : accountName(account);
    const { what, next } = this.explain(error);
    return {
      label: `$(error) ${quickPickLabel(vscode.l10n.t('{0} could not be searched', name))}`,
      description: quickPickDetail(what),
      detail: quickPickDetail(vscode.l10n.t('{0} Enter searches again.', next)),
      alwaysShow: true,
      run: again,
    };
  }

  /** What an empty result says: what was compared, and why someone may be missing. It never says that someone does not exist. */
  noMatch(
    typed: string,
    query: Query,
    searched: readonly DirectoryProvider[],
    asked: readonly ServerField[],
    isActiveOnly: boolean,
  ): WordsItem[] {
    const nothing = `$(info) ${quickPickLabel(
      isActiveOnly
        ? vscode.l10n.t('No active user found for {0}', shownName(typed))
        : vscode.l10n.t('No user found for {0}', shownName(typed)),
    )}`;
    if (searched.length === 0) {
      const why =
        query.providers.length > 0
          ? vscode.l10n.t('No identity provider with SCIM has this name or type.')
          : vscode.l10n.t('There is no identity provider with SCIM on, so there is nothing to search.');
      return [words('nothing', nothing, why)];
    }
    const names = searched.map((provider) => this.provider(provider)).join(', ');
    const hint = isActiveOnly ? vscode.l10n.t(' Inactive users were left out ({0}).', keyName('A')) : '';
    return [
      words('nothing', nothing, quickPickDetail(`${vscode.l10n.t('Searched: {0}.', names)}${hint}`)),
      ...(query.terms.every(({ field }) => field === 'username') ? [] : [comparedHere(searched)]),
      ...comparedOnServer(asked),
    ];
  }

  /** `Okta: all 2,000 (10:26) · Entra ID: 300 of 100,000`. */
  coverage(providers: readonly DirectoryProvider[]): string {
    return providers
      .map((provider) => {
        const { count, total, isComplete, since, hasMoved } = provider.users.coverage;
        const name = this.provider(provider);
        const read = count.toLocaleString('en');
        if (isComplete && since !== undefined) {
          return vscode.l10n.t('{0}: all {1} ({2})', name, read, moment(since));
        }
        if (hasMoved) {
          return vscode.l10n.t('{0}: {1}, changed while loading', name, read);
        }
        return total === undefined
          ? `${name}: ${read}`
          : vscode.l10n.t('{0}: {1} of {2}', name, read, total.toLocaleString('en'));
      })
      .join(' · ');
  }

  /** The last row, as long as something is missing: Enter loads it. */
  loadRest(providers: readonly DirectoryProvider[], run: () => void): WordsItem[] {
    const missing = providers.filter(({ users }) => !users.coverage.isComplete);
    if (missing.length === 0) {
      return [];
    }
    const isLoading = missing.some(({ users }) => users.reading !== undefined);
    return [
      {
        ...words(
          'rest',
          isLoading
            ? `$(loading~spin) ${vscode.l10n.t('Loading the rest…')}`
            : `$(cloud-download) ${vscode.l10n.t('Load the rest ({0})', keyName('L'))}`,
          quickPickDetail(vscode.l10n.t('Loaded: {0}', this.coverage(providers))),
        ),
        description: vscode.l10n.t('then any part of a name, email or ID is found'),
        run,
      },
    ];
  }

  /** Where all was loaded and nobody found: somebody may have come since. */
  loadAgain(run: () => void): WordsItem {
    const label = `$(refresh) ${vscode.l10n.t('Load all users again')}`;
    return { ...words('again', label, vscode.l10n.t('Somebody may have been synced since.')), run };
  }

  /** A search of this session, to be done again. */
  past(text: string, run: () => void): WordsItem {
    return { label: `$(history) ${quickPickLabel(shownName(text))}`, alwaysShow: true, run };
  }

  /** Where one may search: everywhere, in an account, in an identity provider. */
  scope(scope: Scope, isChosen: boolean, run: () => void): WordsItem {
    const label = quickPickLabel(this.scopeName(scope) ?? vscode.l10n.t('All identity providers'));
    return { label: isChosen ? `$(check) ${label}` : label, run };
  }

  scopeName(scope: Scope): string | undefined {
    if (scope === undefined) {
      return undefined;
    }
    return 'identityProvider' in scope ? this.provider(scope) : accountName(scope);
  }

  /** An identity provider's name, and its account's where several are connected. */
  private provider(provider: DirectoryProvider): string {
    const { name, type } = provider.identityProvider;
    const account = this.accountOf(provider);
    const own = shownName(name || type);
    return account ? vscode.l10n.t('{0} ({1})', own, accountName(account)) : own;
  }

  private buttons(user: DirectoryUser): vscode.QuickInputButton[] {
    const { canInsert, canReveal } = this.actions;
    return [
      ...(user.reference ? [copyButton, ...(canInsert ? [insertButton] : [])] : []),
      ...(canReveal(user) ? [revealButton] : []),
    ];
  }
}

const wholeFields: Readonly<Partial<Record<ServerField, () => string>>> = {
  email: () => vscode.l10n.t('email'),
  username: () => vscode.l10n.t('username'),
  name: () => vscode.l10n.t('name'),
  cf_resource_id: () => vscode.l10n.t('user ID'),
  idp_resource_id: () => vscode.l10n.t('external ID'),
};

/** What a row does not show already, and yet is why it is there: another email, an id. */
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

export function words(key: string, label: string, detail?: string): WordsItem {
  return { key, label, ...(detail !== undefined && { detail }), alwaysShow: true };
}

export function separator(label: string): WordsItem {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}

function accountName({ name, id }: DirectoryAccount): string {
  return shownName(name || id);
}

function oldest(providers: readonly DirectoryProvider[]): number {
  return providers.reduce((least, { users }) => Math.min(least, users.coverage.since ?? Infinity), Infinity);
}

function comparedHere(searched: readonly DirectoryProvider[]): WordsItem {
  const loaded = searched.reduce((sum, { users }) => sum + users.coverage.count, 0).toLocaleString('en');
  return words(
    'here',
    searched.every(({ users }) => users.coverage.isComplete)
      ? vscode.l10n.t('Compared here: any part of all {0} users, as of {1}', loaded, moment(oldest(searched)))
      : vscode.l10n.t('Compared here: any part of the {0} users loaded so far', loaded),
    vscode.l10n.t('Someone appears only after the first sign-in or device enrolment that follows the assignment.'),
  );
}

function comparedOnServer(asked: readonly ServerField[]): WordsItem[] {
  const whole = asked.flatMap((field) => wholeFields[field]?.() ?? []).join(', ');
  const partly = asked.includes('search_contains') || asked.includes('search_starts_with');
  if (asked.length === 0) {
    return [];
  }
  const compared = partly
    ? vscode.l10n.t('Compared on the server: a part of a name or email; the whole {0}', whole)
    : vscode.l10n.t('Compared on the server: the whole {0}', whole);
  return [words('server', compared, vscode.l10n.t('A part may not match there: type the whole of it.'))];
}

/** A time of today, or a date and a time. */
function moment(since: number): string {
  const date = new Date(since);
  const isToday = date.toDateString() === new Date().toDateString();
  const time = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  return isToday
    ? date.toLocaleTimeString('en', time)
    : date.toLocaleString('en', { ...time, month: 'short', day: 'numeric' });
}
