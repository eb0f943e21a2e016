import vscode = require('vscode');
import {
  type Account,
  type CloudflareApi,
  type CloudflareClient,
  CloudflareError,
  type Credential,
  requiredPermission,
} from '../cloudflare';

import { Destination } from './destination';
import { type Answered, askText, type Outcome, type PromptWindow, type StepAction } from './prompts';
import { tokenKind, trimPastedToken } from './pastedToken';
import { emailProblem, keyProblem, problemWords } from './problems';
import { tokenFormUrl } from './tokenForm';
import { checkToken, listableAccounts, unlikelyToken } from './verify';

/** A credential that was checked as far as possible without an account. */
export interface Checked {
  readonly credential: Credential;
  readonly origin: string;
  readonly api: CloudflareApi;
  /** Whether the token can only be verified with its account, since it may be account-owned. */
  readonly needsAccount: boolean;
  readonly expiresOn: string | undefined;
  readonly accounts: readonly Account[];
}

/** The user chose the legacy scheme; `key` is a Global API Key that was entered as a token, or empty. */
interface WantsKey {
  readonly key: string;
}

/** Environment variables. They are read when the user signs in, and used only when the user presses their button. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Asks for a token, or for an email and an API key, and checks them as far as possible without an account. Each input box names the address
 * that the secret will be sent to. Input is kept when the user goes back.
 */
export class CredentialSteps {
  private readonly typed: { token: string; email: string; key: string };
  private readonly destination: Destination;

  constructor(
    private readonly window: PromptWindow,
    private readonly client: CloudflareClient,
    private readonly environment: Environment,
  ) {
    this.typed = { token: '', email: environment.CLOUDFLARE_EMAIL ?? '', key: '' };
    this.destination = new Destination(client);
  }

  /** @param pasted A token that was pasted before its box was there; else empty. */
  async ask(pasted = ''): Promise<Checked | 'cancelled'> {
    this.typed.token = pasted || this.typed.token;
    for (;;) {
      const token = await this.askToken();
      if (token === 'back' || token === 'cancelled') {
        return 'cancelled';
      }
      if ('api' in token.result) {
        return token.result;
      }
      this.typed.key = token.result.key || this.typed.key;
      const key = await this.askKey();
      if (key !== 'back') {
        return key === 'cancelled' ? key : key.result;
      }
    }
  }

  private askToken(): Promise<Answered<Checked | WantsKey>> {
    return askText<Checked | WantsKey>(this.window, {
      title: title(),
      step: 1,
      totalSteps: 2,
      prompt: () =>
        vscode.l10n.t(
          'Paste an API token with the permission "{0}", and "Account Settings Read" to choose the account by name. It is kept in VS Code\'s secret storage. {1} [Create such a token in the dashboard]({2})',
          requiredPermission,
          this.destination.words(),
          tokenFormUrl(),
        ),
      placeholder: vscode.l10n.t('API token'),
      password: true,
      value: this.typed.token,
      link: {
        tooltip: vscode.l10n.t("Open Cloudflare's form for a new token, with the permissions ticked"),
        url: tokenFormUrl(),
      },
      actions: this.tokenActions(),
      check: (text) => {
        const problem = unlikelyToken(tokenKind(trimPastedToken(text)));
        return problem && problemWords(problem);
      },
      // Enter on a Global API Key leads to the steps of the legacy scheme.
      isAllowed: (text) => tokenKind(trimPastedToken(text)) === 'globalKey',
      submit: async (text, signal) => {
        this.typed.token = text;
        const token = trimPastedToken(text);
        if (tokenKind(token) === 'globalKey') {
          this.typed.token = '';
          return { result: { key: token } };
        }
        const problem = this.destination.problem();
        return problem ? { problem } : this.checkToken(token, signal);
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

  private async askKey(): Promise<Answered<Checked>> {
    const prompt = () =>
      vscode.l10n.t(
        'Legacy: a Global API Key can do everything in your account, and cannot be limited. An API token that can only read is safer. {0}',
        this.destination.words(),
      );
    for (;;) {
      const email = await askText<string>(this.window, {
        title: title(),
        step: 1,
        totalSteps: 3,
        canGoBack: true,
        prompt,
        placeholder: vscode.l10n.t('API email: the address that you sign in to Cloudflare with'),
        value: this.typed.email,
        check: (text) => emailProblem(text.trim()),
        submit: (text) => Promise.resolve({ result: (this.typed.email = text.trim()) }),
      });
      if (typeof email === 'string') {
        return email;
      }
      const key = await askText<Checked>(this.window, {
        title: title(),
        step: 2,
        totalSteps: 3,
        canGoBack: true,
        prompt,
        placeholder: vscode.l10n.t('Global API Key'),
        password: true,
        value: this.typed.key,
        check: (text) => keyProblem(trimPastedToken(text)),
        submit: async (text, signal) => {
          this.typed.key = text;
          const problem = this.destination.problem();
          if (problem) {
            return { problem };
          }
          const credential = { scheme: 'key', email: email.result, key: trimPastedToken(text) } as const;
          const { api, origin } = await this.open(credential);
          // The API has no endpoint that verifies a key; listing the accounts does.
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

  /** Binds a credential to the origin of the address in force; throws InvalidBaseUrlError. */
  private async open(credential: Credential): Promise<Pick<Checked, 'api' | 'origin'>> {
    const { origin } = this.client;
    return { origin, api: await this.client.open({ credential, origin }) };
  }

  private async checkToken(token: string, signal: AbortSignal): Promise<Outcome<Checked>> {
    const credential = { scheme: 'token', token } as const;
    const { api, origin } = await this.open(credential);
    const check = await checkToken(api, tokenKind(token), signal);
    if ('problem' in check) {
      return { problem: problemWords(check) };
    }
    const { needsAccount, expiresOn } = check;
    const accounts = await listableAccounts(api, signal);
    return { result: { credential, origin, api, needsAccount, expiresOn, accounts } };
  }
}

/** Replaces the message that a token no longer works: a new credential has never worked. */
export async function inWordsOfNew<T>({ scheme }: Credential, work: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CloudflareError && error.reason === 'unauthorized')) {
      throw error;
    }
    return { problem: problemWords({ problem: scheme === 'key' ? 'unknownKey' : 'unknown', failure: error.failure }) };
  }
}

export function title(): string {
  return vscode.l10n.t('Connect to a Cloudflare Account');
}
