import vscode = require('vscode');
import type { Account, CloudflareApi } from '../cloudflare/api';
import { type Credential, tokenKind, trimPastedToken } from '../cloudflare/credential';
import type { CloudflareError } from '../cloudflare/errors';
import { requiredPermission } from '../cloudflare/permission';
import { quickPickDetail, quickPickLabel, shownName } from '../text/surfaces';
import type { ConnectionStore } from './connectionStore';
import { type Answered, askPick, askText, type Outcome, type Prompting, type StepAction } from './prompts';
import { accountIdProblem, emailProblem, keyProblem, problemWords } from './problems';
import { tokenFormUrl } from './tokenForm';
import { checkAccountToken, checkToken, type IsRefusal, listableAccounts, unlikelyToken } from './verify';

/** A credential that works as far as is known, with what is needed to go on. */
interface Checked {
  readonly credential: Credential;
  readonly origin: string;
  readonly api: CloudflareApi;
  /** Only the account itself can tell whether the token works. */
  readonly needsAccount: boolean;
  readonly expiresOn: string | undefined;
  readonly accounts: readonly Account[];
}

/** The person wants the legacy scheme; `key` is what was typed into the token's box. */
interface WantsKey {
  readonly key: string;
}

interface AccountItem extends vscode.QuickPickItem {
  /** Undefined for the row that asks for the id by hand. */
  readonly account: Account | undefined;
}

/** What the environment offers; read only when a person signs in, and used only when they press its button. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What the sign-in needs of the rest. It is bundled into a file of its own, `dist/signIn.js`, and loaded when somebody connects, so the
 * classes that must be the same everywhere are handed in.
 */
export interface SignInServices extends Prompting {
  /** The API on behalf of a credential, at the address in force; throws InvalidBaseUrlError. */
  readonly open: (credential: Credential) => { readonly api: CloudflareApi; readonly origin: string };
  readonly isRefusal: IsRefusal;
}

/**
 * Connects an account: credential, account, proof, and only then the store. Nothing is kept of a credential that does not work. What
 * was typed is there again when one goes back.
 */
export class SignIn {
  constructor(
    private readonly services: SignInServices,
    private readonly store: ConnectionStore,
    private readonly environment: Environment,
  ) {}

  /** The account that was connected; undefined where the person left. With `known`, that account is connected anew. */
  async run(known?: Account): Promise<Account | undefined> {
    const typed = { token: '', email: this.environment.CLOUDFLARE_EMAIL ?? '', key: '' };
    for (;;) {
      const checked = await this.askCredential(typed);
      if (checked === 'cancelled') {
        return undefined;
      }
      const account = await this.askAccount(checked, known);
      if (account !== 'back') {
        return account === 'cancelled' ? undefined : account.result;
      }
    }
  }

  private async askCredential(typed: { token: string; email: string; key: string }): Promise<Checked | 'cancelled'> {
    for (;;) {
      const token = await this.askToken(typed);
      if (token === 'back' || token === 'cancelled') {
        return 'cancelled';
      }
      if ('api' in token.result) {
        return token.result;
      }
      typed.key = token.result.key || typed.key;
      const key = await this.askKey(typed);
      if (key !== 'back') {
        return key === 'cancelled' ? key : key.result;
      }
    }
  }

  private askToken(typed: { token: string }): Promise<Answered<Checked | WantsKey>> {
    return askText<Checked | WantsKey>(this.services, {
      title: title(),
      step: 1,
      totalSteps: 2,
      prompt: vscode.l10n.t(
        'Paste an API token with the permission "{0}", and "Account Settings Read" to choose the account by name. It is kept in your system\'s secret storage and sent to Cloudflare only. [Create such a token in the dashboard]({1})',
        requiredPermission,
        tokenFormUrl(),
      ),
      placeholder: vscode.l10n.t('API token'),
      password: true,
      value: typed.token,
      link: {
        tooltip: vscode.l10n.t("Open Cloudflare's form for a new token, with the permissions ticked"),
        url: tokenFormUrl(),
      },
      actions: this.tokenActions(),
      check: (text) => {
        const problem = unlikelyToken(tokenKind(trimPastedToken(text)));
        return problem && problemWords(problem);
      },
      // A Global API Key is no token; whoever presses Enter all the same is led to where it belongs.
      isAllowed: (text) => tokenKind(trimPastedToken(text)) === 'globalKey',
      submit: async (text, signal) => {
        typed.token = text;
        const token = trimPastedToken(text);
        if (tokenKind(token) === 'globalKey') {
          typed.token = '';
          return { result: { key: token } };
        }
        return this.checkToken(token, signal);
      },
    });
  }

  private tokenActions(): StepAction<Checked | WantsKey>[] {
    const token = this.environment.CLOUDFLARE_API_TOKEN;
    const key = this.environment.CLOUDFLARE_API_KEY ?? '';
    return [
      ...(token
        ? [
            {
              icon: 'terminal',
              tooltip: vscode.l10n.t('Use CLOUDFLARE_API_TOKEN from the environment'),
              run: () => ({ text: token }),
            },
          ]
        : []),
      {
        icon: 'key',
        tooltip: key
          ? vscode.l10n.t('Use CLOUDFLARE_EMAIL and CLOUDFLARE_API_KEY from the environment (legacy)')
          : vscode.l10n.t('Use an API email and a Global API Key instead (legacy)'),
        run: () => ({ result: { key } }),
      },
    ];
  }

  private async askKey(typed: { email: string; key: string }): Promise<Answered<Checked>> {
    const legacy = vscode.l10n.t(
      'Legacy: a Global API Key can do everything in your account, and cannot be limited. An API token that can only read is safer.',
    );
    for (;;) {
      const email = await askText<string>(this.services, {
        title: title(),
        step: 1,
        totalSteps: 3,
        canGoBack: true,
        prompt: legacy,
        placeholder: vscode.l10n.t('API email: the address that you sign in to Cloudflare with'),
        value: typed.email,
        check: (text) => emailProblem(text.trim()),
        submit: (text) => Promise.resolve({ result: (typed.email = text.trim()) }),
      });
      if (typeof email === 'string') {
        return email;
      }
      const key = await askText<Checked>(this.services, {
        title: title(),
        step: 2,
        totalSteps: 3,
        canGoBack: true,
        prompt: legacy,
        placeholder: vscode.l10n.t('Global API Key'),
        password: true,
        value: typed.key,
        check: (text) => keyProblem(trimPastedToken(text)),
        submit: async (text, signal) => {
          typed.key = text;
          const credential = { scheme: 'key', email: email.result, key: trimPastedToken(text) } as const;
          const { api, origin } = this.services.open(credential);
          // There is no address that verifies a key: listing the accounts is its proof.
          return inWordsOfNew(credential, async () => {
            const accounts = await api.listAccounts({ signal });
            return { result: { credential, origin, api, needsAccount: false, expiresOn: undefined, accounts } };
          });
        },
      });
      if (key !== 'back') {
        return key;
      }
    }
  }

  private async checkToken(token: string, signal: AbortSignal): Promise<Outcome<Checked>> {
    const credential = { scheme: 'token', token } as const;
    const { api, origin } = this.services.open(credential);
    const check = await checkToken(api, tokenKind(token), this.services.isRefusal, signal);
    if ('problem' in check) {
      return { problem: problemWords(check) };
    }
    const { needsAccount, expiresOn } = check;
    const accounts = await listableAccounts(api, this.services.isRefusal, signal);
    return { result: { credential, origin, api, needsAccount, expiresOn, accounts } };
  }

  private async askAccount(checked: Checked, known: Account | undefined): Promise<Answered<Account>> {
    if (known) {
      return this.pickAccount(checked, [known], false) as Promise<Answered<Account>>;
    }
    while (checked.accounts.length > 0) {
      const answer = await this.pickAccount(checked, checked.accounts, true);
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

  private pickAccount(
    checked: Checked,
    accounts: readonly Account[],
    mayTypeId: boolean,
  ): Promise<Answered<Account | 'byHand'>> {
    const byName = accounts.map((account): AccountItem => ({
      label: quickPickLabel(shownName(account.name || account.id)),
      description: quickPickDetail(shownName(account.id)),
      iconPath: new vscode.ThemeIcon('organization'),
      account,
    }));
    const byHand = {
      label: vscode.l10n.t('Enter an account ID…'),
      iconPath: new vscode.ThemeIcon('edit'),
      alwaysShow: true,
      account: undefined,
    };
    return askPick<AccountItem, Account | 'byHand'>(this.services, {
      title: title(),
      ...lastStep(checked),
      canGoBack: true,
      placeholder: mayTypeId
        ? vscode.l10n.t('Choose the account whose identity providers you want to see')
        : vscode.l10n.t('Connect this account again with the new credential'),
      items: mayTypeId ? [...byName, byHand] : byName,
      submit: async ({ account }, signal) =>
        account ? this.prove(checked, account, signal) : { result: 'byHand' as const },
    });
  }

  private askAccountId(checked: Checked): Promise<Answered<Account>> {
    return askText(this.services, {
      title: title(),
      ...lastStep(checked),
      canGoBack: true,
      value: this.environment.CLOUDFLARE_ACCOUNT_ID ?? '',
      prompt:
        checked.accounts.length > 0
          ? vscode.l10n.t('The account ID stands in the address of the dashboard: dash.cloudflare.com/<account ID>')
          : vscode.l10n.t(
              'The accounts of this token cannot be listed, so type the account ID. It stands in the address of the dashboard: dash.cloudflare.com/<account ID>',
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

  /** Proves that the credential can do what it is for, stores it, and reads it back. */
  private async connect(checked: Checked, account: Account, signal: AbortSignal): Promise<Outcome<Account>> {
    const { api, credential, origin } = checked;
    const check = checked.needsAccount
      ? await checkAccountToken(api, account.id, this.services.isRefusal, signal)
      : checked;
    if ('problem' in check) {
      return { problem: problemWords(check.problem === 'unknown' ? { problem: 'unknownInAccount' } : check) };
    }
    const { expiresOn } = check;
    await api.listIdentityProviders(account.id, { signal });
    signal.throwIfAborted();
    const { id: accountId } = account;
    const listed = checked.accounts.find(({ id }) => id === accountId);
    // An account that is connected anew comes with the name that the person gave it.
    const before = await this.store.connection(accountId);
    const accountName = listed?.name ?? before?.accountName ?? account.name;
    const undo = await this.store.save({ accountId, accountName, credential, origin, expiresOn });
    if (signal.aborted) {
      // Whoever closed the box while the system's keyring was asking did not mean to connect.
      await undo?.();
    }
    return undo ? { result: account } : { problem: problemWords({ problem: 'notKept' }) };
  }
}

/** What was refused has never worked here, so it is not told that it no longer does. */
async function inWordsOfNew<T>({ scheme }: Credential, work: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
  try {
    return await work();
  } catch (error) {
    if (!isUnauthorized(error)) {
      throw error;
    }
    const problem = problemWords({ problem: scheme === 'key' ? 'unknownKey' : 'unknown' });
    const { apiMessage, code = 0 } = error.failure;
    const words = vscode.l10n.t(
      '{0} Cloudflare says: {1} (code {2})',
      problem.next,
      shownName(apiMessage ?? '', 200),
      code,
    );
    return { problem: apiMessage === undefined ? problem : { ...problem, next: words } };
  }
}

/** The class itself is in another bundle. */
function isUnauthorized(error: unknown): error is CloudflareError {
  return error instanceof Error && 'reason' in error && error.reason === 'unauthorized';
}

function title(): string {
  return vscode.l10n.t('Connect to a Cloudflare Account');
}

function lastStep({ credential }: Checked): { readonly step: number; readonly totalSteps: number } {
  return credential.scheme === 'token' ? { step: 2, totalSteps: 2 } : { step: 3, totalSteps: 3 };
}
