import vscode = require('vscode');
import { registerCommand } from '../commands/commands';
import type { DirectoryAccount } from '../directory/account';
import type { Directory } from '../directory/directory';
import { confirm } from '../messages/notify';
import { shownName, withoutIcons } from '../text/untrusted';
import type { ConnectionStore } from './connectionStore';
import type { SignIn } from './signIn';

/** *Connect to a Cloudflare Account…* and *Disconnect*. */
export function registerConnectionCommands(
  directory: Directory,
  store: ConnectionStore,
  signIn: Pick<SignIn, 'run'>,
): vscode.Disposable {
  return vscode.Disposable.from(
    registerCommand('scimExplorer.connect', async () => {
      const account = await signIn.run();
      if (account) {
        await directory.reload();
        // The same connection made anew keeps its account, and what that failed with before.
        void directory.accounts.find(({ id }) => id === account.id)?.loadProviders();
        confirm(vscode.l10n.t('Connected to {0}', accountName(account)));
        await vscode.commands.executeCommand('scimExplorer.providers.focus');
      }
    }),
    registerCommand('scimExplorer.disconnect', async () => {
      const account = await chooseAccount(await directory.ensureAccounts());
      if (account) {
        await store.remove(account.id);
        await directory.reload();
        confirm(vscode.l10n.t('Disconnected from {0}; its token is forgotten', accountName(account)));
      }
    }),
  );
}

async function chooseAccount(accounts: readonly DirectoryAccount[]): Promise<DirectoryAccount | undefined> {
  if (accounts.length === 0) {
    confirm(vscode.l10n.t('No account is connected'));
  }
  if (accounts.length <= 1) {
    return accounts[0];
  }
  const items = accounts.map((account) => ({
    label: withoutIcons(accountName(account)),
    description: withoutIcons(shownName(account.id)),
    account,
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    placeHolder: vscode.l10n.t('Disconnect from which account?'),
  });
  return chosen?.account;
}

function accountName({ id, name }: { readonly id: string; readonly name: string }): string {
  return shownName(name || id);
}
