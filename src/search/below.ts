import vscode = require('vscode');
import {
  type DirectoryAccount,
  type DirectoryProvider,
  isLongEnough,
  mostCounted,
  type ServerField,
  serverQuestions,
} from '../directory';
import { mostTerms } from '../matching';
import { mostRows, type Results } from './results';
import { type Rows, words, type WordsItem } from './rows';

/** Characters; nobody types more, and a search for a text of megabytes would stop everything else. */
export const maxTextLength = 500;

/** What the words are about, beside what was found. */
export interface Searched {
  readonly providers: readonly DirectoryProvider[];
  /** Accounts whose identity providers have not been read, so that nothing can be said of them. */
  readonly unread: readonly DirectoryAccount[];
  /** What the server is asked to compare; found out only where it is said. */
  readonly asked: () => readonly ServerField[];
  readonly isActiveOnly: boolean;
}

export interface NextSteps {
  readonly again: () => void;
  readonly loadRest: () => void;
  readonly loadAgain: () => void;
}

/** What is said below what was found for a text: how much more there is, what was compared with what, and what to do next. */
export function wordsBelow(rows: Rows, results: Results, searched: Searched, steps: NextSteps): WordsItem[] {
  const { value, users, loadedCount, isFull, isDone } = results;
  if (value.length > maxTextLength) {
    const most = maxTextLength.toLocaleString('en');
    return [words('long', vscode.l10n.t('This text is too long to search for: {0} characters at most', most))];
  }
  if (value.trim() === '') {
    // Enter on an empty box loads nothing by accident.
    const hint = words('hint', `$(info) ${vscode.l10n.t('Type any part of a name, email or ID')}`);
    return [...(results.found.length > 0 ? [] : [hint]), ...rows.loadRest(searched.providers, steps.loadRest)];
  }
  const below: WordsItem[] = [];
  if (results.query.isCut) {
    below.push(
      words('cut', `$(info) ${vscode.l10n.t('Only the first {0} different words are searched for', mostTerms)}`),
    );
  }
  if (loadedCount > mostRows) {
    const count = `${loadedCount.toLocaleString('en')}${loadedCount === mostCounted ? '+' : ''}`;
    below.push(words('more', `$(ellipsis) ${vscode.l10n.t('{0} match: type more to narrow it down', count)}`));
  }
  if (!isDone) {
    return below;
  }
  const rest = rows.loadRest(searched.providers, steps.loadRest);
  if (isFull) {
    below.push(words('full', vscode.l10n.t('More users match on the server: type more to narrow it down')));
  }
  if (users.length > 0) {
    return [...below, ...rest];
  }
  const nobody = nobodyFound(rows, results, searched, steps.again);
  const hasAll = rest.length === 0 && searched.providers.length > 0;
  return [...below, ...nobody, ...rest, ...(hasAll ? [rows.loadAgain(steps.loadAgain)] : [])];
}

function nobodyFound(
  rows: Rows,
  { query, value, hasFailed }: Results,
  { providers, unread, asked, isActiveOnly }: Searched,
  again: () => void,
): WordsItem[] {
  const isShort =
    serverQuestions(query).length === 0 && query.terms.some(({ field, text }) => field !== 'id' && !isLongEnough(text));
  if (isShort) {
    return [words('short', vscode.l10n.t('Type one more character to search on the server'))];
  }
  if (providers.length === 0 && unread.length > 0) {
    const failed = unread.filter(({ isLoading, failure }) => !isLoading && failure !== undefined);
    return hasFailed ? [] : failed.map((account) => rows.failure(account, undefined, account.failure, again));
  }
  return providers.length > 0 || !hasFailed ? rows.noMatch(value.trim(), query, providers, asked(), isActiveOnly) : [];
}
