import vscode = require('vscode');
import type { Directory, DirectoryAccount } from '../directory';
import { confirm, ExplainedError } from '../ui';
import { accountName } from './accountName';
import type { ConnectionStore } from './connectionStore';
import { isConfirmed, type QuestionWindow } from './question';

/** What ending a connection needs of the rest. */
export interface Disconnecting {
  readonly directory: Directory;
  readonly store: ConnectionStore;
  readonly window: QuestionWindow;
  /** Closes the tabs that show something of an account. */
  readonly closeTabsOf: (accountId: string) => Promise<void>;
}

/** Asks, and forgets one account. */
export async function disconnect(services: Disconnecting, account: DirectoryAccount): Promise<void> {
  const { store } = services;
  const name = accountName(account);
  const stored = await store.connection(account.id);
  const isKey = stored !== undefined && 'credential' in stored && stored.credential.scheme === 'key';
  const detail = isKey
    ? vscode.l10n.t(
        'Its API key is deleted, and VS Code does not show it. To connect again you need the key from the Cloudflare dashboard. Open documents of this account are closed.',
      )
    : vscode.l10n.t(
        'Its token is deleted and cannot be read again anywhere: VS Code does not show it, and Cloudflare shows a token only once. To connect again, create a new token in the Cloudflare dashboard. Open documents of this account are closed.',
      );
  if (await isAllowed(services, vscode.l10n.t('Disconnect from {0}?', name), detail)) {
    await forget(services, [account], () => store.remove(account.id));
    confirm(vscode.l10n.t('Disconnected from {0}; its token is forgotten', name));
  }
}

/** Asks once, and forgets every account. */
export async function disconnectAll(services: Disconnecting): Promise<void> {
  const { directory, store } = services;
  const accounts = await directory.ensureAccounts();
  const [only] = accounts;
  if (only === undefined) {
    confirm(vscode.l10n.t('No account is connected'));
    return;
  }
  if (accounts.length === 1) {
    return disconnect(services, only);
  }
  const question = vscode.l10n.t('Disconnect from all {0} accounts?', accounts.length);
  const detail = vscode.l10n.t(
    'Their tokens are deleted and cannot be read again anywhere: VS Code does not show them, and Cloudflare shows a token only once. To connect again, create new tokens in the Cloudflare dashboard. Open documents of these accounts are closed.',
  );
  if (await isAllowed(services, question, detail)) {
    await forget(services, accounts, () => store.removeAll());
    confirm(vscode.l10n.t('Disconnected from {0} accounts; their tokens are forgotten', accounts.length));
  }
}

function isAllowed({ window }: Disconnecting, question: string, detail: string): Promise<boolean> {
  return isConfirmed(window, question, detail, vscode.l10n.t('Disconnect'));
}

/** Removes accounts, and closes what is open of those that are gone; throws in words where one is not. */
async function forget(
  { directory, closeTabsOf }: Disconnecting,
  accounts: readonly DirectoryAccount[],
  remove: () => Promise<void>,
): Promise<void> {
  try {
    await remove();
  } catch (cause) {
    throw new ExplainedError(
      vscode.l10n.t(
        'Not everything could be deleted from the secret storage of your system. Unlock its keyring, then disconnect again.',
      ),
      { cause },
    );
  } finally {
    await directory.reload();
    const left = new Set(directory.accounts.map(({ id }) => id));
    await Promise.all(accounts.filter(({ id }) => !left.has(id)).map(({ id }) => closeTabsOf(id)));
  }
}
