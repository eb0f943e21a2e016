import vscode = require('vscode');
import type { CloudflareClient } from '../cloudflare';
import { DirectoryAccount, DirectoryProvider } from '../directory';
import { inputValue, quickPickDetail, quickPickLabel, shownName } from '../text';
import { confirm, registerCommand } from '../ui';
import { accountName } from './accountName';
import type { ConnectionStore } from './connectionStore';
import type { Environment } from './credentialSteps';
import type { Disconnecting } from './disconnect';
import type { PromptWindow } from './prompts';
import type { SignIn } from './signIn';

/** Characters of a name that the user gives an account. */
const maxLabelLength = 60;

interface ConnectionServices extends Disconnecting {
  readonly signIn: () => Promise<SignIn>;
  /** Focuses the view, and in it the rows of an account; without one, the view as it is. */
  readonly focusView: (account: DirectoryAccount | undefined) => Promise<void>;
}

/** The sign-in. Its code is loaded when the user connects an account. */
export async function openSignIn(
  window: PromptWindow,
  client: CloudflareClient,
  store: ConnectionStore,
  environment: Environment,
): Promise<SignIn> {
  const { SignIn } = await import('./signIn');
  return new SignIn(window, client, store, environment);
}

/** *Connect…*, *Reconnect…*, *Rename Account…*, *Copy Account ID*, *Disconnect* and *Disconnect All*. */
export function registerConnection(services: ConnectionServices): vscode.Disposable {
  const { directory, store, signIn, focusView, closeTabsOf } = services;
  const connect = async (known?: DirectoryAccount) => {
    const account = await (await signIn()).run(known);
    if (account) {
      await directory.reload();
      const connected = directory.accounts.find(({ id }) => id === account.id);
      // An account that is reconnected with the same credential keeps its last error until its providers are loaded again.
      void connected?.loadProviders();
      confirm(vscode.l10n.t('Connected to {0}', accountName(connected ?? account)));
      // Reconnecting leaves the selected row and the scroll position of the view as they are.
      await focusView(known ? undefined : connected);
    }
  };
  /** Also called for changes by another window: the tabs of an account that was disconnected there are closed here. */
  const onChange = async (accountId: string) => {
    await directory.reload();
    if (!directory.accounts.some(({ id }) => id === accountId)) {
      await closeTabsOf(accountId);
    }
  };
  const choose = async (argument: unknown, question: string) =>
    argument instanceof DirectoryAccount ? argument : chooseAccount(await directory.ensureAccounts(), question);

  return vscode.Disposable.from(
    store.onDidChange((accountId) => void onChange(accountId).catch(() => undefined)),
    registerCommand('scimExplorer.connect', () => connect()),
    registerCommand('scimExplorer.reconnect', async (argument) => {
      // The menu passes the row: an account, or the row of an error, whose `owner` is an account, a provider or a folder of a provider.
      const owner = (argument as { readonly owner?: unknown } | undefined)?.owner ?? argument;
      const provider = (owner as { readonly provider?: unknown } | undefined)?.provider ?? owner;
      const account =
        provider instanceof DirectoryProvider ? await directory.account(provider.reference.accountId) : owner;
      const chosen = await choose(account, vscode.l10n.t('Select the account to reconnect'));
      return chosen && connect(chosen);
    }),
    registerCommand('scimExplorer.renameAccount', async (argument) => {
      const account = await choose(argument, vscode.l10n.t('Select the account to rename'));
      const label = account && (await askLabel(account));
      if (account && label !== undefined) {
        await store.rename(account.id, label.trim());
        await directory.reload();
      }
    }),
    registerCommand('scimExplorer.copyAccountId', async (argument) => {
      const account = await choose(argument, vscode.l10n.t('Select the account whose ID to copy'));
      if (account) {
        await vscode.env.clipboard.writeText(account.id);
        confirm(vscode.l10n.t('Copied the account ID of {0}', accountName(account)));
      }
    }),
    registerCommand('scimExplorer.disconnect', async (argument) => {
      const account = await choose(argument, vscode.l10n.t('Select the account to disconnect'));
      return account && (await import('./disconnect')).disconnect(services, account);
    }),
    registerCommand('scimExplorer.disconnectAll', async () => (await import('./disconnect')).disconnectAll(services)),
  );
}

function askLabel({ name }: DirectoryAccount): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: vscode.l10n.t('Rename Account'),
    prompt: vscode.l10n.t("Changes the name in this view only. Leave it empty to use the account's own name."),
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
