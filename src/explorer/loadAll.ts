import vscode = require('vscode');
import { pageSize } from '../cloudflare';
import type { DirectoryProvider, ScimList } from '../directory';
import type { ScimKind } from '../matching';
import { modal, notification, shownName, statusBarText } from '../text';
import { confirm, countWords, notifyOfError } from '../ui';

const minuteMs = 60_000;

/** Milliseconds of a wait for the rate limit that the progress shows: shorter ones are between two requests. */
const pauseShownMs = 2000;

/** Milliseconds between two updates of the progress. */
const tellIntervalMs = 250;

/** Loads all users, or all groups, of identity providers, one provider after the other, with progress that can be cancelled. */
export async function loadAllOf(providers: readonly DirectoryProvider[], kind: ScimKind): Promise<void> {
  const loaded: DirectoryProvider[] = [];
  for (const provider of providers) {
    const outcome = await loadAll(provider, kind);
    if (outcome === 'stopped') {
      return;
    }
    loaded.push(...(outcome === 'loaded' ? [provider] : []));
  }
  const [first] = loaded;
  const count = countWords(
    kind,
    loaded.reduce((sum, provider) => sum + provider.list(kind).coverage.count, 0),
  );
  if (first !== undefined) {
    confirm(
      loaded.length === 1
        ? vscode.l10n.t('Loaded all {0} of {1}', count, nameOf(first))
        : vscode.l10n.t('Loaded all {0} of {1} identity providers', count, loaded.length),
    );
  }
}

/**
 * `stopped`: the user declined or cancelled, or the account was disconnected; no more providers are loaded. `failed` and `uncertain` were
 * shown to the user already, and the next provider is loaded.
 */
type Outcome = 'loaded' | 'uncertain' | 'failed' | 'stopped';

async function loadAll(provider: DirectoryProvider, kind: ScimKind): Promise<Outcome> {
  const list = provider.list(kind);
  const name = nameOf(provider);
  if (list.whole.progress !== undefined) {
    // Another call shows the progress already.
    return (await list.whole.read()) ? 'loaded' : 'stopped';
  }
  // The first page tells how long the list is.
  if (!list.shown.hasFirstPage && (await loadFirstPage(list, kind, name)) === 'cancelled') {
    return 'stopped';
  }
  if (list.shown.hasFirstPage && !(await isWanted(list, kind, name))) {
    return 'stopped';
  }
  const result = await withProgress(list, kind, name, async (report) => {
    const telling = tellProgress(list, kind, report);
    const isDone = await provider.loadAll(kind);
    clearInterval(telling);
    return isDone ? 'done' : 'failed';
  });
  const { count, total, state } = list.coverage;
  switch (result) {
    case 'cancelled':
      confirm(vscode.l10n.t('{0} of {1} are loaded; the next load continues there', countWords(kind, count), name));
      return 'stopped';
    case 'failed':
      // Without an error the account was disconnected meanwhile.
      if (list.whole.error === undefined) {
        return 'stopped';
      }
      notifyOfError(list.whole.error);
      return 'failed';
    case 'done':
      if (state === 'repaired' || state === 'uncertain') {
        const words =
          total !== undefined && total > count
            ? announcedWords(kind, name, count, total)
            : changedWords(kind, name, state);
        void vscode.window.showInformationMessage(notification(words));
      }
      return state === 'uncertain' ? 'uncertain' : 'loaded';
  }
}

/** Shows its progress in the status bar: a notification would stay behind the dialog that follows. */
async function loadFirstPage({ shown }: ScimList, kind: ScimKind, name: string): Promise<'done' | 'cancelled'> {
  const title = statusBarText(
    kind === 'user'
      ? vscode.l10n.t('Loading the first users of {0}', name)
      : vscode.l10n.t('Loading the first groups of {0}', name),
  );
  await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, () => shown.loadMore());
  return shown.hasFirstPage || shown.failure !== undefined ? 'done' : 'cancelled';
}

type Report = (message: string, increment: number) => void;

/** Runs a function while a notification shows its progress and offers *Cancel*. */
async function withProgress<T>(
  list: ScimList,
  kind: ScimKind,
  name: string,
  work: (report: Report) => Promise<T>,
): Promise<T | 'cancelled'> {
  const title = notification(
    kind === 'user'
      ? vscode.l10n.t('Loading all users of {0}', name)
      : vscode.l10n.t('Loading all groups of {0}', name),
  );
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, cancellable: true, title },
    async (progress, token) => {
      token.onCancellationRequested(() => {
        list.shown.cancel();
        list.whole.cancel();
      });
      const result = await work((message, increment) => progress.report({ message, increment }));
      return token.isCancellationRequested && result !== 'done' ? 'cancelled' : result;
    },
  );
}

function announcedWords(kind: ScimKind, name: string, count: number, total: number): string {
  return vscode.l10n.t(
    'Loaded {0} of {1} of {2}: Cloudflare announced more than it sent. Load all again later, or search by a whole {3}.',
    count.toLocaleString('en'),
    countWords(kind, total),
    name,
    kind === 'user' ? vscode.l10n.t('email') : vscode.l10n.t('name'),
  );
}

function changedWords(kind: ScimKind, name: string, state: 'repaired' | 'uncertain'): string {
  const what = kind === 'user' ? vscode.l10n.t('users') : vscode.l10n.t('groups');
  return state === 'uncertain'
    ? vscode.l10n.t(
        'The {0} of {1} changed while they were loaded, and again while they were read a second time. Some may be missing: load all {0} again when the sync is done.',
        what,
        name,
      )
    : vscode.l10n.t(
        'The {0} of {1} changed while they were loaded. The changed pages were read again, and the list is complete.',
        what,
        name,
      );
}

/** Asks before a load that takes more than one window of the rate limit, since other work on the credential waits meanwhile. */
async function isWanted(list: ScimList, kind: ScimKind, name: string): Promise<boolean> {
  const { waitMs, totalMs, now } = list.whole.duration;
  if (waitMs === 0) {
    return true;
  }
  const { count, total = Infinity } = list.coverage;
  const loadedNow = Math.min(total, count + now * pageSize).toLocaleString('en');
  const load = vscode.l10n.t('Load All');
  const question =
    kind === 'user'
      ? vscode.l10n.t('Load all users of {0}: {1} now, the rest in about {2}?', name, loadedNow, duration(totalMs))
      : vscode.l10n.t('Load all groups of {0}: {1} now, the rest in about {2}?', name, loadedNow, duration(totalMs));
  const chosen = await vscode.window.showInformationMessage(
    modal(question),
    {
      modal: true,
      detail: vscode.l10n.t(
        "Cloudflare's rate limit allows a limited number of requests in 5 minutes. You can search meanwhile, and cancel at any time: what is loaded stays.",
      ),
    },
    load,
  );
  return chosen === load;
}

/** `34,100 of 100,000 · 18,200 a second · 4 s left`, or `96,700 of 100,000 · waiting 4:40 for the rate limit`, again and again. */
function tellProgress(list: ScimList, kind: ScimKind, report: Report): NodeJS.Timeout {
  let start = { at: performance.now(), count: list.whole.progress?.count ?? 0, isAgain: false };
  let before = 0;
  return setInterval(() => {
    const { progress } = list.whole;
    if (progress === undefined) {
      return;
    }
    const { count, total, isAgain } = progress;
    if (isAgain !== start.isAgain) {
      start = { at: performance.now(), count, isAgain };
    }
    const elapsedMs = performance.now() - start.at;
    // A rate over a shorter time varies too much.
    const perMs = elapsedMs < 1000 ? 0 : Math.max(0, count - start.count) / elapsedMs;
    const percent = total === undefined || total === 0 ? 0 : (count / total) * 100;
    const { totalMs, pauseMs, isKept } = list.whole.duration;
    const isPaused = pauseMs > pauseShownMs;
    const leftMs = Math.max(totalMs, total === undefined ? 0 : (total - count) / perMs);
    report(
      [
        isAgain ? vscode.l10n.t('the list changed, reading it again') : undefined,
        total === undefined
          ? countWords(kind, count)
          : vscode.l10n.t('{0} of {1}', count.toLocaleString('en'), total.toLocaleString('en')),
        ...(isPaused ? pauseWords(pauseMs, isKept) : []),
        perMs > 0 && !isPaused
          ? vscode.l10n.t('{0} a second', Math.round(perMs * 1000).toLocaleString('en'))
          : undefined,
        perMs > 0 && !isPaused && total !== undefined ? vscode.l10n.t('{0} left', duration(leftMs)) : undefined,
      ]
        .filter(Boolean)
        .join(' · '),
      percent - before,
    );
    before = percent;
  }, tellIntervalMs);
}

/** `waiting 4:40 for the rate limit`, and a link that uses the reserve where only that is kept. */
function pauseWords(milliseconds: number, isKept: boolean): string[] {
  const seconds = Math.ceil(milliseconds / 1000);
  const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  const link = `[${vscode.l10n.t('Use the Reserve Now')}](command:scimExplorer.useReserve)`;
  return [vscode.l10n.t('waiting {0} for the rate limit', time), ...(isKept ? [link] : [])];
}

function duration(milliseconds: number): string {
  return milliseconds < 1.5 * minuteMs
    ? vscode.l10n.t('{0} s', Math.ceil(milliseconds / 1000))
    : vscode.l10n.t('{0} minutes', Math.round(milliseconds / minuteMs));
}

function nameOf({ name }: DirectoryProvider): string {
  return shownName(name, 60);
}
