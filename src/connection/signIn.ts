import vscode = require('vscode');
import type { Account, CloudflareClient } from '../cloudflare';
import { quickPickDetail, quickPickLabel, shownName } from '../text';
import { accountName } from './accountName';
import type { ConnectionStore, StoredConnection } from './connectionStore';
import { type Checked, CredentialSteps, type Environment, inWordsOfNew, title } from './credentialSteps';
import { shownOrigin } from './destination';
import { type Answered, askPick, askText, type Outcome, type PromptWindow } from './prompts';
import { accountIdProblem, problemWords } from './problems';
import { isConfirmed } from './question';
import { storedTokens } from './storedTokens';
import { checkAccountToken } from './verify';

interface AccountItem extends vscode.QuickPickItem {
  /** Undefined for the row *Enter an account ID…*. */
  readonly account: Account | undefined;
}

/** A token that is not stored; `pasted` is a part that the user has entered already. */
interface NewToken {
  readonly pasted: string;
}

interface TokenItem extends vscode.QuickPickItem {
  readonly checked: Checked | NewToken;
}

/** Characters of a text that is a token rather than a search for a row. */
const shortestPaste = 20;

/**
 * Connects an account: asks for a credential and an account, verifies them, and stores them only then. Input is kept when the user goes
 * back.
 */
export class SignIn {
  constructor(
    private readonly window: PromptWindow,
    private readonly client: CloudflareClient,
    private readonly store: ConnectionStore,
    /** Read when the user signs in. */
    private readonly environment: Environment,
  ) {}

  /** @param known An account to reconnect. @returns The connected account; undefined if the user cancelled. */
  async run(known?: Account): Promise<Account | undefined> {
    const credential = new CredentialSteps(this.window, this.client, this.environment);
    const connections = known ? [] : await this.store.load();
    const connected = new Set(connections.map(({ accountId }) => accountId));
    for (;;) {
      const stored = await this.askToken(connections);
      const checked = stored !== 'cancelled' && 'pasted' in stored ? await credential.ask(stored.pasted) : stored;
      if (checked === 'cancelled') {
        return undefined;
      }
      const account = await this.askAccount(checked, known, connected);
      if (account !== 'back') {
        return account === 'cancelled' ? undefined : account.result;
      }
    }
  }

  /** Offers the stored tokens that reach further accounts. */
  private async askToken(connections: readonly StoredConnection[]): Promise<Checked | NewToken | 'cancelled'> {
    if (connections.length === 0) {
      return { pasted: '' };
    }
    const items = storedTokens(connections, this.client).then((tokens) =>
      tokens.map(({ of, checked }): TokenItem => ({
        label: quickPickLabel(vscode.l10n.t('Use the token of "{0}"', accountName(of))),
        detail: quickPickDetail(
          checked.accounts
            .filter(({ id }) => id !== of.id)
            .map(accountName)
            .join(', '),
        ),
        iconPath: new vscode.ThemeIcon('key'),
        checked,
      })),
    );
    const another: TokenItem = {
      label: vscode.l10n.t('Use another token…'),
      iconPath: new vscode.ThemeIcon('add'),
      checked: { pasted: '' },
    };
    const answer = await askPick<TokenItem, Checked | NewToken>(this.window, {
      title: title(),
      step: 1,
      totalSteps: 2,
      placeholder: vscode.l10n.t('Select the token for the further account'),
      items: [another],
      more: { items, withoutMore: { pasted: '' } },
      // This box shows its text, and who pastes a token aims at the next one.
      forNext: (text) => (text.length >= shortestPaste ? { pasted: text } : undefined),
      submit: ({ checked }) => Promise.resolve({ result: checked }),
    });
    return typeof answer === 'string' ? 'cancelled' : answer.result;
  }

  /** @param connected The ids of the connected accounts; empty for an account to reconnect. */
  private async askAccount(
    checked: Checked,
    known: Account | undefined,
    connected: ReadonlySet<string>,
  ): Promise<Answered<Account>> {
    if (known) {
      return this.pickAccount(checked, [known], connected, false) as Promise<Answered<Account>>;
    }
    while (checked.accounts.length > 0) {
      const answer = await this.pickAccount(checked, checked.accounts, connected, true);
      if (typeof answer === 'string' || answer.result !== 'byHand') {
        return answer as Answered<Account>;
      }
      const byHand = await this.askAccountId(checked);
      if (byHand !== 'back') {
        return byHand;
      }
    }
    return this.askAccountId(checked);
  }

  private async pickAccount(
    checked: Checked,
    accounts: readonly Account[],
    connected: ReadonlySet<string>,
    mayTypeId: boolean,
  ): Promise<Answered<Account | 'byHand'>> {
    const isConnected = ({ id }: Account) => connected.has(id);
    const newFirst = accounts.toSorted((a, b) => Number(isConnected(a)) - Number(isConnected(b)));
    const byName = newFirst.map((account): AccountItem => ({
      label: quickPickLabel(shownName(account.name || account.id)),
      description: quickPickDetail(
        isConnected(account) ? vscode.l10n.t('connected · {0}', shownName(account.id)) : shownName(account.id),
      ),
      iconPath: new vscode.ThemeIcon('organization'),
      account,
    }));
    const byHand = {
      label: vscode.l10n.t('Enter an account ID…'),
      iconPath: new vscode.ThemeIcon('edit'),
      alwaysShow: true,
      account: undefined,
    };
    return askPick<AccountItem, Account | 'byHand'>(this.window, {
      title: title(),
      ...lastStep(checked),
      canGoBack: true,
      placeholder: mayTypeId
        ? vscode.l10n.t('Select the account whose identity providers you want to see')
        : vscode.l10n.t('Reconnect this account with the new credential'),
      items: mayTypeId ? [...byName, byHand] : byName,
      submit: async ({ account }, signal) =>
        account ? this.prove(checked, account, signal) : { result: 'byHand' as const },
    });
  }

  private askAccountId(checked: Checked): Promise<Answered<Account>> {
    return askText(this.window, {
      title: title(),
      ...lastStep(checked),
      canGoBack: true,
      value: this.environment.CLOUDFLARE_ACCOUNT_ID ?? '',
      prompt: () =>
        checked.accounts.length > 0
          ? vscode.l10n.t('The account ID is in the URL of the dashboard: dash.cloudflare.com/<account ID>')
          : vscode.l10n.t(
              'This token cannot list its accounts. Enter the account ID, which is in the URL of the dashboard: dash.cloudflare.com/<account ID>',
            ),
      placeholder: vscode.l10n.t('Account ID, 32 hex digits'),
      check: (text) => accountIdProblem(text.trim()),
      submit: (text, signal) => {
        const id = text.trim().toLowerCase();
        const known = checked.accounts.find((account) => account.id === id);
        return this.prove(checked, known ?? { id, name: '' }, signal);
      },
    });
  }

  private prove(checked: Checked, account: Account, signal: AbortSignal): Promise<Outcome<Account>> {
    return inWordsOfNew(checked.credential, () => this.connect(checked, account, signal));
  }

  /** Verifies that the credential can list the identity providers of the account, and stores it. */
  private async connect(checked: Checked, account: Account, signal: AbortSignal): Promise<Outcome<Account>> {
    const { api, credential, origin } = checked;
    const check = checked.needsAccount ? await checkAccountToken(api, account.id, signal) : checked;
    if ('problem' in check) {
      return { problem: problemWords(check.problem === 'unknown' ? { ...check, problem: 'unknownInAccount' } : check) };
    }
    const { expiresOn } = check;
    await api.listIdentityProviders(account.id, { signal });
    signal.throwIfAborted();
    const { id: accountId } = account;
    const listed = checked.accounts.find(({ id }) => id === accountId);
    // The name of a reconnected account may be the one that the user gave it, so the stored one is taken.
    const before = await this.store.connection(accountId);
    const name = listed?.name ?? before?.accountName ?? account.name;
    if (before && 'credential' in before && before.origin !== origin) {
      const replaced = { id: accountId, name: before.label ?? name };
      if (!(await this.mayReplace(replaced, before.origin, origin))) {
        return { problem: problemWords({ problem: 'notReplaced' }) };
      }
      signal.throwIfAborted();
    }
    const undo = await this.store.save({ accountId, accountName: name, credential, origin, expiresOn });
    if (signal.aborted) {
      // The user cancelled while the system's keyring was asking for its password.
      await undo?.();
    }
    return undo ? { result: account } : { problem: problemWords({ problem: 'notKept' }) };
  }

  /** Asks before a token for another origin is replaced: the setting may have been changed by mistake, and the old token is lost. */
  private mayReplace(account: Account, before: string, after: string): Promise<boolean> {
    return isConfirmed(
      this.window,
      vscode.l10n.t('Replace the token of {0}?', accountName(account)),
      vscode.l10n.t(
        'This account is connected to {0}. The new token was verified by {1}, and all requests for this account will be sent there. The stored token is deleted and cannot be read again anywhere.',
        shownOrigin(before),
        shownOrigin(after),
      ),
      vscode.l10n.t('Replace'),
    );
  }
}

function lastStep({ credential }: Checked): { readonly step: number; readonly totalSteps: number } {
  return credential.scheme === 'token' ? { step: 2, totalSteps: 2 } : { step: 3, totalSteps: 3 };
}
