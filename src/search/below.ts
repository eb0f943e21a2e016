import vscode = require('vscode');
import type { DirectoryAccount, DirectoryProvider } from '../directory';
import { type Inquiry, mostCounted } from '../lookup';
import { mostTerms, type ScimKind } from '../matching';
import { quickPickDetail, quickPickLabel, shownName } from '../text';
import { keyName } from './buttons';
import { type Covered, loadAgainRow, loadRestRow, partialOf, requestsWords, searchedWords } from './coverage';
import { askKey } from './paintedRows';
import { mostRows, type Results } from './results';
import { fieldNames, type Rows, type SearchItem, wordsRow } from './rows';

/** Characters; a search for a text of megabytes would stop everything else. */
export const maxTextLength = 500;

/** What is searched. */
export interface Searched extends Covered {
  /** Accounts whose identity providers have not been read. */
  readonly unread: readonly DirectoryAccount[];
  /** Requests that the server could be asked and was not. */
  readonly unasked: readonly Inquiry[];
  /** Small directories that are being loaded. */
  readonly small: readonly DirectoryProvider[];
  readonly isActiveOnly: boolean;
}

export interface NextSteps {
  readonly ask: () => void;
  readonly searchAgain: () => void;
  readonly loadRest: () => void;
  readonly loadAgain: () => void;
}

/** The rows below the found ones: how many more match, what was compared with what, and the next step. */
export function rowsBelow(rows: Rows, results: Results, searched: Searched, steps: NextSteps): SearchItem[] {
  const { value, resources, loadedCount, isFull } = results;
  if (value.length > maxTextLength) {
    const most = maxTextLength.toLocaleString('en');
    return [
      wordsRow('long', 'info', vscode.l10n.t('This text is too long to search for: {0} characters at most', most)),
    ];
  }
  if (results.isHistory) {
    // The hint comes first, so that Enter on an empty box does not load users by accident.
    const hint = wordsRow(
      'hint',
      'info',
      vscode.l10n.t('Type any part of a name, email or ID'),
      vscode.l10n.t('Type group: to search groups, or is:inactive for inactive users.'),
    );
    return [...(results.found.length > 0 ? [] : [hint]), ...loadRestRow(rows, searched, steps.loadRest)];
  }
  const below: SearchItem[] = [];
  if (results.query.isCut) {
    below.push(
      wordsRow('cut', 'info', vscode.l10n.t('Only the first {0} different words are searched for', mostTerms)),
    );
  }
  if (results.query.unknownField !== undefined) {
    const field = quickPickLabel(shownName(results.query.unknownField));
    below.push(
      wordsRow(
        'field',
        'info',
        vscode.l10n.t('There is no field "{0}": this is searched as plain text', field),
        vscode.l10n.t('Fields: email:, user:, name:, id:, ext:, idp:, group:, is:active, is:inactive'),
      ),
    );
  }
  if (loadedCount > mostRows) {
    const count = `${loadedCount.toLocaleString('en')}${loadedCount === mostCounted ? '+' : ''}`;
    below.push(wordsRow('more', 'ellipsis', vscode.l10n.t('{0} match: type more to narrow it down', count)));
  }
  const rest = loadRestRow(rows, searched, steps.loadRest);
  if (isFull) {
    below.push(wordsRow('full', 'ellipsis', vscode.l10n.t('More match on the server: type more to narrow it down')));
  }
  const server = [...askRow(results, searched, steps.ask), ...smallRow(rows, searched.small)];
  if (resources.length > 0) {
    return [...below, ...server, ...rest];
  }
  const isAllLoaded = rest.length === 0 && searched.providers.length > 0;
  return [
    ...below,
    ...nothingRows(rows, results, searched, steps.searchAgain),
    ...server,
    ...rest,
    ...(isAllLoaded && results.isDone ? [loadAgainRow(searched, steps.loadAgain)] : []),
  ];
}

/** *Ask Cloudflare for "petersen"*, or the progress of asking. */
function askRow({ asking, value }: Results, { unasked }: Searched, ask: () => void): SearchItem[] {
  if (asking > 0) {
    return [wordsRow(askKey, 'loading~spin', vscode.l10n.t('Asking Cloudflare…'))];
  }
  if (unasked.length === 0) {
    return [];
  }
  const label = quickPickLabel(vscode.l10n.t('Ask Cloudflare for "{0}"', shownName(value.trim())));
  const compared = vscode.l10n.t('compares the whole {0}', fieldNames(unasked.map(({ field }) => field)));
  return [{ ...wordsRow(askKey, 'cloud', label, compared), description: requestsWords(unasked.length), accept: ask }];
}

function smallRow(rows: Rows, small: readonly DirectoryProvider[]): SearchItem[] {
  if (small.length === 0) {
    return [];
  }
  const names = small.map((provider) => rows.providerName(provider)).join(', ');
  return [
    wordsRow(
      'small',
      'loading~spin',
      vscode.l10n.t('Loading small directories to search any part of a name, email or ID…'),
      quickPickDetail(names),
    ),
  ];
}

function nothingRows(rows: Rows, results: Results, searched: Searched, searchAgain: () => void): SearchItem[] {
  const { plan, hasFailed, asking } = results;
  const { providers, unread } = searched;
  if (providers.length === 0 && unread.length > 0) {
    if (asking > 0 || hasFailed) {
      return [];
    }
    return unread.map((account) =>
      account.isLoading || account.failure === undefined
        ? wordsRow('reading', 'loading~spin', vscode.l10n.t('Loading identity providers…'))
        : rows.failure(account, undefined, account.failure, [], searchAgain),
    );
  }
  const short = plan.isTooShort
    ? [wordsRow('short', 'info', vscode.l10n.t('Type one more character to ask Cloudflare'))]
    : [];
  return providers.length > 0 || !hasFailed ? [notFoundRow(results, searched), ...short] : [];
}

/** How much was searched without finding anything. It never says that a user or group does not exist. */
function notFoundRow({ query, compared }: Results, searched: Searched): SearchItem {
  const { providers, kind, isActiveOnly } = searched;
  if (providers.length === 0) {
    return query.providers.length > 0
      ? wordsRow('nothing', 'info', vscode.l10n.t('No identity provider with SCIM has this name or type'))
      : wordsRow(
          'nothing',
          'info',
          vscode.l10n.t('No identity provider has SCIM turned on, so there is nothing to search'),
        );
  }
  const details = [
    compared.size > 0 ? comparedWords(kind, fieldNames([...compared])) : undefined,
    isActiveOnly && kind === 'user' ? vscode.l10n.t('Inactive users are left out ({0}).', keyName('A')) : undefined,
    kind === 'user' && partialOf(searched).length === 0
      ? vscode.l10n.t('A user appears only after the first sign-in or device enrolment that follows the assignment.')
      : undefined,
  ];
  return wordsRow(
    'nothing',
    'info',
    quickPickLabel(searchedWords(searched)),
    quickPickDetail(details.filter(Boolean).join(' ')),
  );
}

function comparedWords(kind: ScimKind, fields: string): string {
  return kind === 'user'
    ? vscode.l10n.t('Cloudflare compared the whole {0} and found nobody.', fields)
    : vscode.l10n.t('Cloudflare compared the whole {0} and found no group.', fields);
}
