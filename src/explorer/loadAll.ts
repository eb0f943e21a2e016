import vscode = require('vscode');
import type { DirectoryProvider } from '../directory/account';
import { shownName, withoutLinks } from '../text/untrusted';

const minuteMs = 60_000;

/** How often the progress is told, in ms. */
const tellIntervalMs = 250;

/** How failures and ends are told; the same everywhere. */
export interface LoadAllServices {
  readonly notifyOfError: (error: unknown) => void;
  readonly confirm: (words: string) => void;
}

/**
 * Reads identity providers as a whole, one after the other, with progress that can be cancelled. Bundled into a file of its own,
 * `dist/loadAll.js`, and loaded when it is first needed.
 */
export async function loadAllOf(providers: readonly DirectoryProvider[], services: LoadAllServices): Promise<void> {
  for (const provider of providers) {
    if (!(await loadAll(provider, services))) {
      return;
    }
  }
  const [only] = providers;
  const loaded = providers.reduce((sum, { users }) => sum + users.coverage.count, 0).toLocaleString('en');
  services.confirm(
    only && providers.length === 1
      ? vscode.l10n.t('Loaded all {0} users of {1}', loaded, nameOf(only))
      : vscode.l10n.t('Loaded all {0} users of {1} identity providers', loaded, providers.length),
  );
}

/** Whether the whole list is there now: it was neither declined, nor given up, nor did it fail. */
async function loadAll(provider: DirectoryProvider, { notifyOfError, confirm }: LoadAllServices): Promise<boolean> {
  const { users } = provider;
  if (users.reading !== undefined) {
    // Somebody is told of its progress already.
    await users.loadAll();
    return users.coverage.isComplete;
  }
  const name = nameOf(provider);
  await users.ensureFirstPage();
  if (!(await isWanted(provider, name))) {
    return false;
  }
  const isGivenUp = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      cancellable: true,
      title: withoutLinks(vscode.l10n.t('Loading all users of {0}', name)),
    },
    async (progress, token) => {
      token.onCancellationRequested(() => users.cancelLoadAll());
      const telling = tellProgress(provider, (message, increment) => progress.report({ message, increment }));
      await users.loadAll();
      clearInterval(telling);
      return token.isCancellationRequested;
    },
  );
  const { count, hasChanged, hasMoved } = users.coverage;
  if (users.readingError !== undefined) {
    notifyOfError(users.readingError);
    return false;
  }
  if (isGivenUp) {
    const loaded = count.toLocaleString('en');
    confirm(vscode.l10n.t('{0} users of {1} are loaded; loading goes on there next time', loaded, name));
    return false;
  }
  if (hasChanged) {
    void vscode.window.showInformationMessage(withoutLinks(changedWords(name, hasMoved)));
  }
  return true;
}

function changedWords(name: string, hasMoved: boolean): string {
  return hasMoved
    ? vscode.l10n.t(
        'The users of {0} changed while they were loaded, and again when they were read once more: somebody may be missing. Load all users again when the sync is done.',
        name,
      )
    : vscode.l10n.t(
        'The users of {0} changed while they were loaded. What may have been missed was read again: the list is complete.',
        name,
      );
}

/** Asks before what takes more than one window of the rate limit: other work on the credential waits meanwhile. */
async function isWanted({ users }: DirectoryProvider, name: string): Promise<boolean> {
  const { waitMs, totalMs } = users.readingDuration;
  if (waitMs === 0) {
    return true;
  }
  const load = vscode.l10n.t('Load All');
  const chosen = await vscode.window.showInformationMessage(
    vscode.l10n.t('Loading all users of {0} takes about {1}.', name, duration(totalMs)),
    {
      modal: true,
      detail: vscode.l10n.t(
        "Cloudflare's rate limit lets only so many requests through in 5 minutes. Search works meanwhile, and you can cancel at any time: what was loaded stays.",
      ),
    },
    load,
  );
  return chosen === load;
}

/** `34,100 of 100,000 · 18,200 a second · 4 s left`, again and again. */
function tellProgress(
  { users }: DirectoryProvider,
  report: (message: string, increment: number) => void,
): NodeJS.Timeout {
  const start = { at: performance.now(), count: users.reading?.count ?? 0 };
  let before = 0;
  return setInterval(() => {
    const { reading } = users;
    if (reading === undefined) {
      return;
    }
    const { count, total, isAgain } = reading;
    const perMs = Math.max(0, count - start.count) / (performance.now() - start.at);
    const percent = total === undefined || total === 0 ? 0 : (count / total) * 100;
    const leftMs = Math.max(users.readingDuration.totalMs, total === undefined ? 0 : (total - count) / perMs);
    report(
      [
        isAgain ? vscode.l10n.t('the list changed, reading it again') : undefined,
        total === undefined
          ? vscode.l10n.t('{0} users', count.toLocaleString('en'))
          : vscode.l10n.t('{0} of {1}', count.toLocaleString('en'), total.toLocaleString('en')),
        perMs > 0 ? vscode.l10n.t('{0} a second', Math.round(perMs * 1000).toLocaleString('en')) : undefined,
        perMs > 0 && total !== undefined ? vscode.l10n.t('{0} left', duration(leftMs)) : undefined,
      ]
        .filter(Boolean)
        .join(' · '),
      percent - before,
    );
    before = percent;
  }, tellIntervalMs);
}

function duration(milliseconds: number): string {
  return milliseconds < 1.5 * minuteMs
    ? vscode.l10n.t('{0} s', Math.ceil(milliseconds / 1000))
    : vscode.l10n.t('{0} minutes', Math.ceil(milliseconds / minuteMs));
}

function nameOf({ identityProvider: { name, type } }: DirectoryProvider): string {
  return shownName(name || type, 60);
}
