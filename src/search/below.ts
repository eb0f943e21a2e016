import vscode = require('vscode');
import { type DirectoryAccount, type DirectoryProvider } from '../directory';
import { mostCounted, type ServerField } from '../lookup';
import { mostTerms } from '../matching';
import { quickPickDetail, quickPickLabel, shownName } from '../text';
import { keyName } from './buttons';
import { comparedHere, loadAgainRow, loadRestRow } from './coverage';
import { mostRows, type Results } from './results';
import { type Rows, type SearchItem, wordsRow } from './rows';

/** Characters; a search for a text of megabytes would stop everything else. */
export const maxTextLength = 500;

/** What was searched. */
export interface Searched {
  readonly providers: readonly DirectoryProvider[];
  /** Accounts whose identity providers have not been read. */
  readonly unread: readonly DirectoryAccount[];
  /** Fields that the server is asked to compare. */
  readonly asked: () => readonly ServerField[];
  readonly isActiveOnly: boolean;
}

export interface NextSteps {
  readonly searchAgain: () => void;
  readonly loadRest: () => void;
  readonly loadAgain: () => void;
}

/** The rows below the users: how many more match, what was compared with what, and the next step. */
export function rowsBelow(rows: Rows, results: Results, searched: Searched, steps: NextSteps): SearchItem[] {
  const { value, users, loadedCount, isFull, isDone } = results;
  if (value.length > maxTextLength) {
    const most = maxTextLength.toLocaleString('en');
    return [wordsRow('long', vscode.l10n.t('This text is too long to search for: {0} characters at most', most))];
  }
  if (results.isHistory) {
    // The hint comes first, so that Enter on an empty box does not load users by accident.
    const hint = wordsRow('hint', `$(info) ${vscode.l10n.t('Type any part of a name, email or ID')}`);
    return [...(results.found.length > 0 ? [] : [hint]), ...loadRestRow(rows, searched.providers, steps.loadRest)];
  }
  const below: SearchItem[] = [];
  if (results.query.isCut) {
    below.push(
      wordsRow('cut', `$(info) ${vscode.l10n.t('Only the first {0} different words are searched for', mostTerms)}`),
    );
  }
  if (loadedCount > mostRows) {
    const count = `${loadedCount.toLocaleString('en')}${loadedCount === mostCounted ? '+' : ''}`;
    below.push(wordsRow('more', `$(ellipsis) ${vscode.l10n.t('{0} match: type more to narrow it down', count)}`));
  }
  if (!isDone) {
    return below;
  }
  const rest = loadRestRow(rows, searched.providers, steps.loadRest);
  if (isFull) {
    below.push(wordsRow('full', vscode.l10n.t('More users match on the server: type more to narrow it down')));
  }
  if (users.length > 0) {
    return [...below, ...rest];
  }
  const isAllLoaded = rest.length === 0 && searched.providers.length > 0;
  return [
    ...below,
    ...noUserRows(rows, results, searched, steps.searchAgain),
    ...rest,
    ...(isAllLoaded ? [loadAgainRow(steps.loadAgain)] : []),
  ];
}

function noUserRows(rows: Rows, results: Results, searched: Searched, searchAgain: () => void): SearchItem[] {
  const { plan, hasFailed } = results;
  const { providers, unread } = searched;
  if (plan.isTooShort) {
    return [wordsRow('short', vscode.l10n.t('Type one more character to search on the server'))];
  }
  if (providers.length === 0 && unread.length > 0) {
    const failed = unread.filter(({ isLoading, failure }) => !isLoading && failure !== undefined);
    return hasFailed ? [] : failed.map((account) => rows.failure(account, undefined, account.failure, searchAgain));
  }
  return providers.length > 0 || !hasFailed ? noMatchRows(rows, results, searched) : [];
}

/** What was compared, and why a user may not be found. It never says that a user does not exist. */
function noMatchRows(
  rows: Rows,
  { query, value }: Results,
  { providers, asked, isActiveOnly }: Searched,
): SearchItem[] {
  const typed = shownName(value.trim());
  const nothing = `$(info) ${quickPickLabel(
    isActiveOnly ? vscode.l10n.t('No active user found for {0}', typed) : vscode.l10n.t('No user found for {0}', typed),
  )}`;
  if (providers.length === 0) {
    const why =
      query.providers.length > 0
        ? vscode.l10n.t('No identity provider with SCIM has this name or type.')
        : vscode.l10n.t('No identity provider has SCIM turned on, so there is nothing to search.');
    return [wordsRow('nothing', nothing, why)];
  }
  const names = providers.map((provider) => rows.providerName(provider)).join(', ');
  const hint = isActiveOnly ? vscode.l10n.t(' Inactive users were left out ({0}).', keyName('A')) : '';
  return [
    wordsRow('nothing', nothing, quickPickDetail(`${vscode.l10n.t('Searched: {0}.', names)}${hint}`)),
    ...(query.terms.every(({ field }) => field === 'username') ? [] : [comparedHere(providers)]),
    ...comparedOnServer(asked()),
  ];
}

const wholeFields: Readonly<Partial<Record<ServerField, () => string>>> = {
  email: () => vscode.l10n.t('email'),
  username: () => vscode.l10n.t('username'),
  name: () => vscode.l10n.t('name'),
  cf_resource_id: () => vscode.l10n.t('user ID'),
  idp_resource_id: () => vscode.l10n.t('external ID'),
};

function comparedOnServer(asked: readonly ServerField[]): SearchItem[] {
  const whole = asked.flatMap((field) => wholeFields[field]?.() ?? []).join(', ');
  const isPartial = asked.includes('search_contains') || asked.includes('search_starts_with');
  if (asked.length === 0) {
    return [];
  }
  const compared = isPartial
    ? vscode.l10n.t('On the server: any part of a name or email; the whole {0}', whole)
    : vscode.l10n.t('On the server: the whole {0}', whole);
  return [wordsRow('server', compared, vscode.l10n.t('A part may not match there. Type the whole text.'))];
}
