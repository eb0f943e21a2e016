import vscode = require('vscode');
import type { DirectoryProvider } from '../directory/account';
import { mostCounted } from '../directory/localSearch';
import { serverQuestions } from '../directory/serverQuestions';
import { mostRows, type Results } from './results';
import { type Rows, words, type WordsItem } from './rows';

/** Characters; nobody types more, and a search for a text of megabytes would stop everything else. */
export const maxTextLength = 500;

export interface NextSteps {
  readonly loadRest: () => void;
  readonly loadAgain: () => void;
}

/** What is said below what was found for a text: how much more there is, what was compared with what, and what to do next. */
export function wordsBelow(
  rows: Rows,
  { query, value, users, loadedCount, isFull, isDone, hasFailed }: Results,
  searched: readonly DirectoryProvider[],
  { loadRest, loadAgain }: NextSteps,
): WordsItem[] {
  if (value.length > maxTextLength) {
    const most = maxTextLength.toLocaleString('en');
    return [words('long', vscode.l10n.t('This text is too long to search for: {0} characters at most', most))];
  }
  const rest = rows.loadRest(searched, loadRest);
  if (value.trim() === '') {
    return rest;
  }
  const below: WordsItem[] = [];
  if (loadedCount > mostRows) {
    const count = `${loadedCount.toLocaleString('en')}${loadedCount === mostCounted ? '+' : ''}`;
    below.push(words('more', `$(ellipsis) ${vscode.l10n.t('{0} match: type more to narrow it down', count)}`));
  }
  if (!isDone) {
    return below;
  }
  if (isFull) {
    below.push(words('full', vscode.l10n.t('More users match on the server: type more to narrow it down')));
  }
  const isShort = serverQuestions(query).length === 0 && query.terms.some(({ field }) => field === undefined);
  if (users.length === 0 && isShort) {
    below.push(words('short', vscode.l10n.t('Type one more character to search on the server')));
  } else if (users.length === 0 && (searched.length > 0 || !hasFailed)) {
    below.push(...rows.noMatch(value.trim(), query, searched));
  }
  const hasAll = rest.length === 0 && searched.length > 0;
  return [...below, ...rest, ...(hasAll && users.length === 0 ? [rows.loadAgain(loadAgain)] : [])];
}
