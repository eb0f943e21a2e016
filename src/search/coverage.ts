import vscode = require('vscode');
import { type DirectoryProvider, isWholeList, type ScimList } from '../directory';
import type { ScimKind } from '../matching';
import { quickPickDetail } from '../text';
import { countWords } from '../ui';
import { keyName } from './buttons';
import { type Rows, type SearchItem, wordsRow } from './rows';

/** What a search looks at: users or groups, and of which identity providers. */
export interface Covered {
  readonly kind: ScimKind;
  readonly providers: readonly DirectoryProvider[];
}

/** How much of each identity provider is loaded: `Okta: all 2,000 (10:26) · Entra ID: 300 of 100,000`. */
export function coverageWords(rows: Rows, { providers, kind }: Covered): string {
  return providers
    .map((provider) => {
      const { coverage } = provider.list(kind);
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

/** The identity providers whose users or groups are not all loaded. */
export function partialOf({ providers, kind }: Covered): DirectoryProvider[] {
  return providers.filter((provider) => !isWholeList(provider.list(kind).coverage));
}

/** The row that loads the users or groups that are not loaded yet, with its cost; none where all are. */
export function loadRestRow(rows: Rows, covered: Covered, loadRest: () => void): SearchItem[] {
  const { kind } = covered;
  const lists = partialOf(covered).map((provider) => provider.list(kind));
  if (lists.length === 0) {
    return [];
  }
  const isLoading = lists.some(({ whole }) => whole.progress !== undefined);
  const loading =
    kind === 'user' ? vscode.l10n.t('Loading the remaining users…') : vscode.l10n.t('Loading the remaining groups…');
  return [
    {
      ...wordsRow(
        'rest',
        isLoading ? 'loading~spin' : 'cloud-download',
        isLoading ? loading : vscode.l10n.t('Load the Rest ({0})', costWords(lists)),
        quickPickDetail(vscode.l10n.t('Loaded: {0}', coverageWords(rows, covered))),
      ),
      description:
        kind === 'user'
          ? vscode.l10n.t('to find any part of a name, email or ID ({0})', keyName('L'))
          : vscode.l10n.t('to find any part of a name or ID of a group ({0})', keyName('L')),
      accept: loadRest,
    },
  ];
}

function costWords(partial: readonly ScimList[]): string {
  const known = partial.map(({ whole }) => whole.requests);
  const count = known.reduce<number>((sum, requests) => sum + (requests ?? 1), 0);
  const words = requestsWords(count);
  return known.includes(undefined) ? vscode.l10n.t('at least {0}', words) : words;
}

/** The row below an empty result of a directory that is loaded as a whole. */
export function loadAgainRow({ kind }: Covered, loadAgain: () => void): SearchItem {
  const [label, detail] =
    kind === 'user'
      ? [vscode.l10n.t('Load all users again'), vscode.l10n.t('Users may have been synced since.')]
      : [vscode.l10n.t('Load all groups again'), vscode.l10n.t('Groups may have been synced since.')];
  return {
    ...wordsRow('again', 'refresh', label, detail),
    accept: loadAgain,
  };
}

/** `Not among the 200 users loaded; 2 directories are not loaded completely`. */
export function searchedWords(covered: Covered): string {
  const { providers, kind } = covered;
  const coverages = providers.map((provider) => provider.list(kind).coverage);
  const count = coverages.reduce((sum, coverage) => sum + coverage.count, 0);
  const loaded = countWords(kind, count);
  const partial = partialOf(covered).length;
  if (partial === 0) {
    const oldest = Math.min(...coverages.map(({ since }) => since ?? Infinity));
    return vscode.l10n.t('Not among all {0} (loaded {1})', loaded, timeWords(oldest));
  }
  return partial === 1
    ? vscode.l10n.t('Not among the {0} loaded; 1 directory is not loaded completely', loaded)
    : vscode.l10n.t('Not among the {0} loaded; {1} directories are not loaded completely', loaded, partial);
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
