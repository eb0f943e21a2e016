import vscode = require('vscode');
import { type DirectoryProvider, isWholeList } from '../directory';
import { quickPickDetail } from '../text';
import { keyName } from './buttons';
import { type Rows, type SearchItem, wordsRow } from './rows';

/** How much of each identity provider is loaded: `Okta: all 2,000 (10:26) · Entra ID: 300 of 100,000`. */
export function coverageWords(rows: Rows, providers: readonly DirectoryProvider[]): string {
  return providers
    .map((provider) => {
      const { coverage } = provider.users;
      const { count, total, since, state } = coverage;
      const name = rows.providerName(provider);
      const read = count.toLocaleString('en');
      if (isWholeList(coverage) && since !== undefined) {
        return vscode.l10n.t('{0}: all {1} ({2})', name, read, timeWords(since));
      }
      if (state === 'uncertain' && (total === undefined || total <= count)) {
        return vscode.l10n.t('{0}: {1}, changed while loading', name, read);
      }
      return total === undefined
        ? `${name}: ${read}`
        : vscode.l10n.t('{0}: {1} of {2}', name, read, total.toLocaleString('en'));
    })
    .join(' · ');
}

/** `1 request`, `12 requests`. */
export function requestsWords(count: number): string {
  return count === 1 ? vscode.l10n.t('1 request') : vscode.l10n.t('{0} requests', count.toLocaleString('en'));
}

/** The row that loads the users that are not loaded yet, with its cost; none where all are. */
export function loadRestRow(rows: Rows, providers: readonly DirectoryProvider[], loadRest: () => void): SearchItem[] {
  const partial = providers.filter(({ users }) => !isWholeList(users.coverage));
  if (partial.length === 0) {
    return [];
  }
  const isLoading = partial.some(({ users }) => users.whole.progress !== undefined);
  return [
    {
      ...wordsRow(
        'rest',
        isLoading ? 'loading~spin' : 'cloud-download',
        isLoading
          ? vscode.l10n.t('Loading the remaining users…')
          : vscode.l10n.t('Load the Rest ({0})', costWords(partial)),
        quickPickDetail(vscode.l10n.t('Loaded: {0}', coverageWords(rows, providers))),
      ),
      description: vscode.l10n.t('to find any part of a name, email or ID ({0})', keyName('L')),
      accept: loadRest,
    },
  ];
}

function costWords(partial: readonly DirectoryProvider[]): string {
  const known = partial.map(({ users }) => users.whole.requests);
  const count = known.reduce<number>((sum, requests) => sum + (requests ?? 1), 0);
  const words = requestsWords(count);
  return known.includes(undefined) ? vscode.l10n.t('at least {0}', words) : words;
}

/** The row below an empty result of a directory that is loaded as a whole. */
export function loadAgainRow(loadAgain: () => void): SearchItem {
  return {
    ...wordsRow(
      'again',
      'refresh',
      vscode.l10n.t('Load all users again'),
      vscode.l10n.t('Users may have been synced since.'),
    ),
    accept: loadAgain,
  };
}

/** `Not among the 200 users loaded; 2 directories are not loaded completely`. */
export function searchedWords(providers: readonly DirectoryProvider[]): string {
  const loaded = providers.reduce((sum, { users }) => sum + users.coverage.count, 0).toLocaleString('en');
  const partial = providers.filter(({ users }) => !isWholeList(users.coverage)).length;
  if (partial === 0) {
    const oldest = Math.min(...providers.map(({ users }) => users.coverage.since ?? Infinity));
    return vscode.l10n.t('Not among all {0} users (loaded {1})', loaded, timeWords(oldest));
  }
  return partial === 1
    ? vscode.l10n.t('Not among the {0} users loaded; 1 directory is not loaded completely', loaded)
    : vscode.l10n.t('Not among the {0} users loaded; {1} directories are not loaded completely', loaded, partial);
}

/** A time of today, or a date and a time. */
function timeWords(since: number): string {
  const date = new Date(since);
  const isToday = date.toDateString() === new Date().toDateString();
  const time = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  return isToday
    ? date.toLocaleTimeString('en', time)
    : date.toLocaleString('en', { ...time, month: 'short', day: 'numeric' });
}
