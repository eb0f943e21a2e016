import vscode = require('vscode');
import type { Failure } from '../cloudflare';
import { type Explanation, withApiMessage } from '../ui';
import { tokenKind } from './pastedToken';
import type { TokenProblem } from './verify';

/** The problem of an entered account id, if any. */
export function accountIdProblem(id: string): Explanation | undefined {
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

export function emailProblem(email: string): Explanation | undefined {
  return /^[\x21-\x7e]+@[\x21-\x7e]+$/.test(email)
    ? undefined
    : { what: vscode.l10n.t('This is not an email address.'), next: '' };
}

export function keyProblem(key: string): Explanation | undefined {
  return tokenKind(key) === 'globalKey'
    ? undefined
    : {
        what: vscode.l10n.t('This is not a Global API Key.'),
        next: vscode.l10n.t('It has 37 hex digits, or begins with cfk_. For an API token, go back.'),
      };
}

/** The message for a problem with a token, or with storing it. */
export function problemWords(
  check:
    | TokenProblem
    | { readonly problem: 'notKept' | 'notReplaced' }
    | { readonly problem: 'unknownInAccount' | 'unknownKey'; readonly failure: Failure | undefined },
): Explanation {
  switch (check.problem) {
    case 'empty':
      return { what: vscode.l10n.t('Paste an API token.'), next: '' };
    case 'malformed':
      return {
        what: vscode.l10n.t('This is not an API token.'),
        next: vscode.l10n.t('It contains spaces or characters that no token has.'),
      };
    case 'tooShort':
      return {
        what: vscode.l10n.t('This is too short for an API token.'),
        next: vscode.l10n.t('Copy the whole token.'),
      };
    case 'globalKey':
      return {
        what: vscode.l10n.t('This is a Global API Key, not an API token.'),
        next: vscode.l10n.t(
          'It can do everything in your account. Create an API token that can only read, or press Enter to use the key anyway.',
        ),
      };
    case 'unknown':
      return {
        what: vscode.l10n.t('Cloudflare does not know this token.'),
        next: said(vscode.l10n.t('Check that it was copied completely and has not been revoked.'), check.failure),
      };
    case 'unknownInAccount':
      return {
        what: vscode.l10n.t('Cloudflare does not know this token in this account.'),
        next: said(
          vscode.l10n.t('Check the account ID, and that the token was copied completely and has not been revoked.'),
          check.failure,
        ),
      };
    case 'unknownKey':
      return {
        what: vscode.l10n.t('Cloudflare does not know this API email with this key.'),
        next: said(
          vscode.l10n.t(
            'Check both: the key must belong to this email, be copied completely, and not have been changed since.',
          ),
          check.failure,
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
      return { what: vscode.l10n.t('This token is not valid before {0}.', day(check.date ?? '')), next: '' };
    case 'notReplaced':
      return {
        what: vscode.l10n.t('The stored token was not replaced.'),
        next: vscode.l10n.t('Select another account, or check the setting "scimExplorer.apiBaseUrl".'),
      };
    case 'notKept':
      return {
        what: vscode.l10n.t('The token works, but your system did not store it.'),
        next: vscode.l10n.t('Check its keyring (on Linux, start VS Code with --password-store), then try again.'),
      };
  }
}

function said(words: string, failure: Failure | undefined): string {
  return failure ? withApiMessage(words, failure) : words;
}

/** The day of an RFC 3339 date from the network: `2027-01-31`; empty for a malformed one. */
function day(date: string): string {
  return Number.isNaN(Date.parse(date)) ? '' : new Date(date).toISOString().slice(0, 10);
}

/** UTF-16 code units of an input at most; tokens, emails and ids are far shorter. */
const maxInputLength = 1000;

/** The problem of a text that is too long for an input box; undefined for a shorter one. */
export function lengthProblem(text: string): Explanation | undefined {
  return text.length <= maxInputLength
    ? undefined
    : {
        what: vscode.l10n.t('This is too long: enter {0} characters at most.', maxInputLength),
        next: vscode.l10n.t('Paste only the token, email or ID.'),
      };
}
