import vscode = require('vscode');
import type { Directory } from '../directory';
import { isInScope, type Scope } from '../lookup';
import type { SearchHistory } from './history';
import type { Results } from './results';
import { type Rows, separator } from './rows';

/** Fills the rows of an empty box: users and groups that were opened recently, and recent searches. */
export function addHistory(
  results: Results,
  rows: Rows,
  { history, directory }: { readonly history: SearchHistory; readonly directory: Directory },
  scope: Scope,
  searchFor: (text: string) => void,
): void {
  const resources = history.resources.filter(
    ({ provider }) => directory.loadedProvider(provider.reference) === provider && isInScope(provider, scope),
  );
  if (resources.length > 0) {
    results.found.push(separator(vscode.l10n.t('recently opened')));
    resources.forEach((resource) => results.add('loaded', { resource, matchedByUsername: false }));
  }
  if (history.texts.length > 0) {
    results.found.push(
      separator(vscode.l10n.t('recent searches')),
      ...history.texts.map((text) => rows.recentSearch(text, () => searchFor(text))),
    );
  }
}
