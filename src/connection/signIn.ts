import vscode = require('vscode');
import { type Account, CloudflareApi } from '../cloudflare/api';
import { type Credential, tokenKind, trimPastedToken } from '../cloudflare/credential';
import type { Gate } from '../cloudflare/gate';
import { type Explanation, requiredPermission } from '../messages/explain';
import { shownName, withoutIcons } from '../text/untrusted';
import type { ConnectionStore } from './connectionStore';
import { type Answered, askPick, askText, type Outcome, type PromptWindow } from './prompts';
import { tokenFormUrl } from './tokenForm';
import { checkAccountToken, checkToken, listableAccounts, type TokenProblem, unlikelyToken } from './verify';

/** A token that works as far as is known, with what is needed to go on. */
interface CheckedToken {
  readonly credential: Extract<Credential, { scheme: 'token' }>;
  readonly origin: string;
  readonly api: CloudflareApi;
  /** Only the account itself can tell whether the token works. */
  readonly needsAccount: boolean;
  readonly accounts: readonly Account[];
}

interface AccountItem extends vscode.QuickPickItem {
  /** Undefined for the row that asks for the id by hand. */
  readonly account: Account | undefined;
}

const totalSteps = 2;

/** Connects an account: token, account, proof, and only then the store. Nothing is kept of a token that does not work. */
export class SignIn {
  constructor(
    private readonly window: PromptWindow,
    private readonly gate: Gate,
    private readonly store: ConnectionStore,
  ) {}

  /** The account that was connected; undefined where the person left. */
  async run(): Promise<Account | undefined> {
    let typed = '';
    for (;;) {
      const token = await this.askToken(typed, (text) => (typed = text));
      if (typeof token === 'string') {
        return undefined;
      }
      const account = await this.askAccount(token.result);
      if (account !== 'back') {
        return account === 'cancelled' ? undefined : account.result;
      }
    }
  }

  private askToken(value: string, remember: (text: string) => void): Promise<Answered<CheckedToken>> {
    return askText(this.window, {
      title: vscode.l10n.t('Connect to a Cloudflare Account'),
      step: 1,
      totalSteps,
      prompt: vscode.l10n.t(
        'Paste an API token with the permission "{0}", and "Account Settings Read" to choose the account by name. It is kept in your system\'s secret storage and sent to Cloudflare only. [Create such a token in the dashboard]({1})',
        requiredPermission,
        tokenFormUrl(),
      ),
      placeholder: vscode.l10n.t('API token'),
      password: true,
      value,
      link: {
        tooltip: vscode.l10n.t("Open Cloudflare's form for a new token, with the permissions ticked"),
        url: tokenFormUrl(),
      },
      check: (text) => {
        const problem = unlikelyToken(tokenKind(trimPastedToken(text)));
        return problem && problemWords(problem);
      },
      submit: async (text, signal) => {
        remember(text);
        return this.checkToken(trimPastedToken(text), signal);
      },
    });
  }

  private async checkToken(token: string, signal: AbortSignal): Promise<Outcome<CheckedToken>> {
    const credential = { scheme: 'token', token } as const;
    const { origin } = this.gate;
    const api = new CloudflareApi(this.gate, { credential, origin });
    const check = await checkToken(api, tokenKind(token), signal);
    if ('problem' in check) {
      return { problem: problemWords(check) };
    }
    const accounts = await listableAccounts(api, signal);
    return { result: { credential, origin, api, needsAccount: check.needsAccount, accounts } };
  }

  private async askAccount(token: CheckedToken): Promise<Answered<Account>> {
    while (token.accounts.length > 0) {
      const answer = await this.pickAccount(token);
      if (typeof answer === 'string' || answer.result !== 'byHand') {
        return answer as Answered<Account>;
      }
      const byHand = await this.askAccountId(token);
      if (byHand !== 'back') {
        return byHand;
      }
    }
    return this.askAccountId(token);
  }

  private pickAccount(token: CheckedToken): Promise<Answered<Account | 'byHand'>> {
    const byName = token.accounts.map((account): AccountItem => ({
      label: withoutIcons(shownName(account.name || account.id)),
      description: withoutIcons(shownName(account.id)),
      iconPath: new vscode.ThemeIcon('organization'),
      account,
    }));
    const byHand = { label: vscode.l10n.t('Enter an account ID…'), alwaysShow: true, account: undefined };
    return askPick<AccountItem, Account | 'byHand'>(this.window, {
      title: vscode.l10n.t('Connect to a Cloudflare Account'),
      step: 2,
      totalSteps,
      canGoBack: true,
      placeholder: vscode.l10n.t('Choose the account whose identity providers you want to see'),
      items: [...byName, byHand],
      submit: async ({ account }, signal) =>
        account ? this.connect(token, account, signal) : { result: 'byHand' as const },
    });
  }

  private askAccountId(token: CheckedToken): Promise<Answered<Account>> {
    return askText(this.window, {
      title: vscode.l10n.t('Connect to a Cloudflare Account'),
      step: 2,
      totalSteps,
      canGoBack: true,
      prompt:
        token.accounts.length > 0
          ? vscode.l10n.t('The account ID stands in the address of the dashboard: dash.cloudflare.com/<account ID>')
          : vscode.l10n.t(
              'The accounts of this token cannot be listed, so type the account ID. It stands in the address of the dashboard: dash.cloudflare.com/<account ID>',
            ),
      placeholder: vscode.l10n.t('Account ID, 32 hex digits'),
      check: (text) => accountIdProblem(text.trim()),
      submit: (text, signal) => {
        const id = text.trim().toLowerCase();
        const known = token.accounts.find((account) => account.id === id);
        return this.connect(token, known ?? { id, name: '' }, signal);
      },
    });
  }

  /** Proves that the token can do what it is for, stores it, and reads it back. */
  private async connect(token: CheckedToken, account: Account, signal: AbortSignal): Promise<Outcome<Account>> {
    const { api, credential, origin } = token;
    const problem = token.needsAccount ? await checkAccountToken(api, account.id, signal) : undefined;
    if (problem) {
      return { problem: problemWords(problem) };
    }
    await api.listIdentityProviders(account.id, { signal });
    signal.throwIfAborted();
    const undo = await this.store.save({ accountId: account.id, accountName: account.name, credential, origin });
    if (signal.aborted) {
      // Whoever closed the box while the system's keyring was asking did not mean to connect.
      await undo?.();
    }
    return undo
      ? { result: account }
      : {
          problem: {
            what: vscode.l10n.t('The token works, but your system did not keep it.'),
            next: vscode.l10n.t('Check its keyring (on Linux, start VS Code with --password-store), then try again.'),
          },
        };
  }
}

function accountIdProblem(id: string): Explanation | undefined {
  if (/^[0-9a-f]{32}$/i.test(id)) {
    return undefined;
  }
  return {
    what: /[^0-9a-f]/i.test(id)
      ? vscode.l10n.t('An account ID has only the digits 0 to 9 and the letters a to f.')
      : vscode.l10n.t('An account ID has 32 characters; this one has {0}.', id.length),
    next: '',
  };
}

function problemWords(check: TokenProblem): Explanation {
  switch (check.problem) {
    case 'empty':
      return { what: vscode.l10n.t('Paste an API token.'), next: '' };
    case 'malformed':
      return {
        what: vscode.l10n.t('This is not an API token.'),
        next: vscode.l10n.t('It holds spaces or characters that no token has.'),
      };
    case 'tooShort':
      return {
        what: vscode.l10n.t('This is too short for an API token.'),
        next: vscode.l10n.t('Copy the whole token.'),
      };
    case 'globalKey':
      return {
        what: vscode.l10n.t('This is a Global API Key, not an API token.'),
        next: vscode.l10n.t('It can do everything in your account. Create an API token that can only read.'),
      };
    case 'unknown':
      return {
        what: vscode.l10n.t('Cloudflare does not know this token.'),
        next: vscode.l10n.t(
          'Check that it was copied whole and not revoked and, if an account owns it, that the account ID is that one.',
        ),
      };
    case 'disabled':
      return {
        what: vscode.l10n.t('This token is disabled.'),
        next: vscode.l10n.t('Enable it in the Cloudflare dashboard, or create a new one.'),
      };
    case 'expired':
      return {
        what:
          check.date === undefined
            ? vscode.l10n.t('This token has expired.')
            : vscode.l10n.t('This token expired on {0}.', day(check.date)),
        next: vscode.l10n.t('Create a new one in the Cloudflare dashboard.'),
      };
    case 'notYetValid':
      return { what: vscode.l10n.t('This token is valid from {0} only.', day(check.date ?? '')), next: '' };
  }
}

/** The day of an RFC 3339 date, which comes over the network: `2027-01-31`, or nothing that is not one. */
function day(date: string): string {
  return Number.isNaN(Date.parse(date)) ? '' : new Date(date).toISOString().slice(0, 10);
}
