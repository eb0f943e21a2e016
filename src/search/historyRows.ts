import vscode = require('vscode');
import type { Directory } from '../directory';
import { isInScope, type Scope } from '../lookup';
import type { SearchHistory } from './history';
import type { Results } from './results';
import { type Rows, separator } from './rows';

/** Fills the rows of an empty box: users that were opened recently, and recent searches. */
export function addHistory(
  results: Results,
  rows: Rows,
  { history, directory }: { readonly history: SearchHistory; readonly directory: Directory },
  scope: Scope,
  searchFor: (text: string) => void,
): void {
  const users = history.users.filter(
    ({ provider }) => directory.loadedProvider(provider.reference) === provider && isInScope(provider, scope),
  );
  if (users.length > 0) {
    results.found.push(separator(vscode.l10n.t('recently opened')));
    users.forEach((user) => results.add('loaded', { user, matchedByUsername: false }));
  }
  if (history.texts.length > 0) {
    results.found.push(
      separator(vscode.l10n.t('recent searches')),
      ...history.texts.map((text) => rows.recentSearch(text, () => searchFor(text))),
    );
  }
}
