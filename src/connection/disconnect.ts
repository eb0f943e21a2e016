import vscode = require('vscode');
import type { Directory, DirectoryAccount } from '../directory';
import { confirm, ExplainedError } from '../ui';
import { accountName } from './accountName';
import type { ConnectionStore } from './connectionStore';
import { isConfirmed, type QuestionWindow } from './question';

export interface Disconnecting {
  readonly directory: Directory;
  readonly store: ConnectionStore;
  readonly window: QuestionWindow;
  /** Closes the tabs with documents of an account. */
  readonly closeTabsOf: (accountId: string) => Promise<void>;
}

/** Asks for confirmation, and deletes an account's connection. */
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
    await removeConnections(services, [account], () => store.remove(account.id));
    confirm(
      isKey
        ? vscode.l10n.t('Disconnected from {0}; API key removed from this computer', name)
        : vscode.l10n.t('Disconnected from {0}; token removed from this computer', name),
    );
  }
}

/** Asks for confirmation once, and deletes all connections. */
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
    await removeConnections(services, accounts, () => store.removeAll());
    confirm(vscode.l10n.t('Disconnected from {0} accounts; tokens removed from this computer', accounts.length));
  }
}

function isAllowed({ window }: Disconnecting, question: string, detail: string): Promise<boolean> {
  return isConfirmed(window, question, detail, vscode.l10n.t('Disconnect'));
}

/** Deletes connections, and closes the tabs of the accounts that are gone. Throws ExplainedError if a connection is left. */
async function removeConnections(
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
