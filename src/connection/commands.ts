import vscode = require('vscode');
import { registerCommand } from '../commands/commands';
import { DirectoryAccount, DirectoryProvider } from '../directory/account';
import type { Directory } from '../directory/directory';
import { confirm } from '../messages/notify';
import { inputValue, quickPickDetail, quickPickLabel, shownName } from '../text/surfaces';
import type { ConnectionStore } from './connectionStore';
import type { SignIn } from './signIn';

/** Characters of a name that a person gives an account. */
const maxLabelLength = 60;

/** *Connect…*, *Reconnect…*, *Rename Account…*, *Disconnect* and *Disconnect All*. */
export function registerConnectionCommands(
  directory: Directory,
  store: ConnectionStore,
  loadSignIn: () => Promise<Pick<SignIn, 'run'>>,
  focusView: () => Promise<void>,
): vscode.Disposable {
  const connect = async (known?: DirectoryAccount) => {
    const signIn = await loadSignIn();
    const account = await signIn.run(known);
    if (account) {
      await directory.reload();
      const connected = directory.accounts.find(({ id }) => id === account.id);
      // The same connection made anew keeps its account, and what that failed with before.
      void connected?.loadProviders();
      confirm(vscode.l10n.t('Connected to {0}', accountName(connected ?? account)));
      await focusView();
    }
  };
  const disconnect = async (accounts: readonly DirectoryAccount[]) => {
    for (const { id } of accounts) {
      await store.remove(id);
    }
    await directory.reload();
    const [only] = accounts;
    if (only) {
      confirm(
        accounts.length === 1
          ? vscode.l10n.t('Disconnected from {0}; its token is forgotten', accountName(only))
          : vscode.l10n.t('Disconnected from {0} accounts; their tokens are forgotten', accounts.length),
      );
    }
  };
  const choose = async (argument: unknown, question: string) =>
    argument instanceof DirectoryAccount ? argument : chooseAccount(await directory.ensureAccounts(), question);

  return vscode.Disposable.from(
    store.onDidChange(() => void directory.reload().catch(() => undefined)),
    registerCommand('scimExplorer.connect', () => connect()),
    registerCommand('scimExplorer.reconnect', async (argument) => {
      // What failed may be an identity provider's list, and the row of it is what a menu hands over.
      const owner = (argument as { readonly owner?: unknown } | undefined)?.owner ?? argument;
      const account = owner instanceof DirectoryProvider ? await directory.account(owner.reference.accountId) : owner;
      const chosen = await choose(account, vscode.l10n.t('Connect which account again?'));
      return chosen && connect(chosen);
    }),
    registerCommand('scimExplorer.renameAccount', async (argument) => {
      const account = await choose(argument, vscode.l10n.t('Rename which account?'));
      const label = account && (await askLabel(account));
      if (account && label !== undefined) {
        await store.rename(account.id, label.trim());
        await directory.reload();
      }
    }),
    registerCommand('scimExplorer.disconnect', async (argument) => {
      const account = await choose(argument, vscode.l10n.t('Disconnect from which account?'));
      return account && disconnect([account]);
    }),
    registerCommand('scimExplorer.disconnectAll', async () => disconnect(await directory.ensureAccounts())),
  );
}

function askLabel({ name }: DirectoryAccount): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: vscode.l10n.t('Rename Account'),
    prompt: vscode.l10n.t("The name in this view only. Leave it empty for the account's own name."),
    value: inputValue(name, maxLabelLength),
    ignoreFocusOut: true,
    validateInput: (text) =>
      text.length > maxLabelLength ? vscode.l10n.t('At most {0} characters.', maxLabelLength) : undefined,
  });
}

async function chooseAccount(
  accounts: readonly DirectoryAccount[],
  question: string,
): Promise<DirectoryAccount | undefined> {
  if (accounts.length === 0) {
    confirm(vscode.l10n.t('No account is connected'));
  }
  if (accounts.length <= 1) {
    return accounts[0];
  }
  const items = accounts.map((account) => ({
    label: quickPickLabel(accountName(account)),
    description: quickPickDetail(shownName(account.id)),
    account,
  }));
  const chosen = await vscode.window.showQuickPick(items, { placeHolder: question });
  return chosen?.account;
}

function accountName({ id, name }: { readonly id: string; readonly name: string }): string {
  return shownName(name || id);
}
