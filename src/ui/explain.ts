import vscode = require('vscode');
import {
  type BaseUrlProblem,
  CloudflareError,
  type Failure,
  type FailureReason,
  InvalidBaseUrlError,
  type NetworkProblem,
  permissionFor,
  unknownKeyCode,
} from '../cloudflare';
import {
  AccountNotConnectedError,
  AccountUnusableError,
  LoadingCancelledError,
  type Unusable,
  ResourceNotFoundError,
} from '../directory';
import { shownName } from '../text';

/** An error in two texts: what happened, and the next step. Many surfaces show them in two places. */
export interface Explanation {
  readonly what: string;
  readonly next: string;
}

/** An error whose message is already text for the user. */
export class ExplainedError extends Error {}

/** The text of an error for the user. It is not escaped: the surface that shows it does that. */
export function explain(error: unknown): Explanation {
  if (error instanceof ExplainedError) {
    return { what: error.message, next: '' };
  }
  if (error instanceof CloudflareError) {
    return failureWords[error.reason](error.failure);
  }
  if (error instanceof InvalidBaseUrlError) {
    return {
      what: vscode.l10n.t('Nothing was sent: the setting "scimExplorer.apiBaseUrl" is refused.'),
      next: baseUrlWords[error.problem](),
    };
  }
  if (error instanceof AccountUnusableError) {
    return unusableWords[error.unusable]();
  }
  if (error instanceof AccountNotConnectedError) {
    return { what: vscode.l10n.t('This account is not connected.'), next: vscode.l10n.t('Connect it, then refresh.') };
  }
  if (error instanceof LoadingCancelledError) {
    return { what: vscode.l10n.t('Loading was cancelled.'), next: vscode.l10n.t('Retry to load it.') };
  }
  if (error instanceof ResourceNotFoundError) {
    return {
      what:
        'groupId' in error.reference
          ? vscode.l10n.t('The identity provider no longer lists a group with this ID.')
          : vscode.l10n.t('The identity provider no longer lists a user with this ID.'),
      next: vscode.l10n.t('It may have been removed, or synced again with a new ID: search by email or name.'),
    };
  }
  if (isMissingModule(error)) {
    return {
      what: vscode.l10n.t('SCIM Explorer was updated.'),
      next: vscode.l10n.t('Reload the window to use the new version.'),
    };
  }
  return {
    what: vscode.l10n.t('Something went wrong in SCIM Explorer itself.'),
    next: vscode.l10n.t('Refresh, and report it if it happens again.'),
  };
}

/** Whether a file of the extension is missing: VS Code deletes the files of the running version when it updates an extension. */
export function isMissingModule(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown };
  return error instanceof Error && (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND');
}

/** The text of an error in one piece, for surfaces that show only one. */
export function explainInOne(error: unknown): string {
  const { what, next } = explain(error);
  return next === '' ? what : `${what} ${next}`;
}

/** Whether only connecting again helps: a retry would fail in the same way. */
export function needsConnecting(error: unknown): boolean {
  return (
    error instanceof AccountUnusableError ||
    (error instanceof CloudflareError && (error.reason === 'unauthorized' || error.reason === 'otherOrigin'))
  );
}

/** The codes of status 403 that stand for a missing permission [public reports]. */
const permissionCodes: ReadonlySet<number> = new Set([9109, 10_000]);

/** Maximum number of Cloudflare's messages in one text. */
const mostCauses = 3;

const retrySoon = () => vscode.l10n.t('Retry in a moment.');

const failureWords: Record<FailureReason, (failure: Failure) => Explanation> = {
  network: ({ networkProblem = 'other', networkCode }) =>
    networkWords[networkProblem](networkCode ?? vscode.l10n.t('no connection')),
  timeout: () => ({
    what: vscode.l10n.t('Cloudflare did not answer in time.'),
    next: vscode.l10n.t('Check the network, then retry.'),
  }),
  redirect: ({ redirectHost }) => ({
    what: redirectHost
      ? vscode.l10n.t(
          'The server answered with a redirect, which is not followed. It points to {0}.',
          shownName(redirectHost, 80),
        )
      : vscode.l10n.t('The server answered with a redirect, which is not followed.'),
    next: vscode.l10n.t(
      'The token was not sent there. A gateway of your network may require a sign-in: open a web page to find out, then retry. Otherwise, check the setting "scimExplorer.apiBaseUrl".',
    ),
  }),
  tooLarge: (failure) => unreadable(vscode.l10n.t('it is larger than 32 MB'), failure),
  notJson: (failure) => unreadable(vscode.l10n.t('it is not complete JSON'), failure),
  tooDeep: (failure) => unreadable(vscode.l10n.t('it is nested too deeply'), failure),
  tooMany: (failure) => unreadable(vscode.l10n.t('it contains too many values'), failure),
  unexpectedShape: (failure) => unreadable(vscode.l10n.t('it is not a response of the Cloudflare API'), failure),
  edge: ({ status = 0, ray }) => ({
    what: vscode.l10n.t('No answer from the API (status {0}).', status),
    next: withRay(vscode.l10n.t('Cloudflare or a proxy returned an error page. Retry in a moment.'), ray),
  }),
  unauthorized: (failure) =>
    failure.code === unknownKeyCode
      ? {
          what: vscode.l10n.t('API key no longer works — Reconnect.'),
          next: withApiMessage(vscode.l10n.t('It was changed, or its email was: connect again.'), failure),
        }
      : {
          what: vscode.l10n.t('Token no longer works — Reconnect.'),
          next: withApiMessage(
            vscode.l10n.t('It has expired, or was disabled or revoked: connect again with a new one.'),
            failure,
          ),
        },
  forbidden: (failure) =>
    permissionCodes.has(failure.code ?? 0)
      ? {
          what: vscode.l10n.t('The token lacks "{0}".', permissionFor(failure)),
          next: withApiMessage(vscode.l10n.t('Add the permission in the Cloudflare dashboard, then retry.'), failure),
        }
      : {
          what: vscode.l10n.t('Cloudflare refused the request (status {0}).', failure.status ?? 0),
          next: withRay(
            withApiMessage(
              vscode.l10n.t('The cause is not known. The token may lack "{0}".', permissionFor(failure)),
              failure,
            ),
            failure.ray,
          ),
        },
  location: (failure) => ({
    what: vscode.l10n.t('Cloudflare does not accept this token from your IP address.'),
    next: withApiMessage(
      vscode.l10n.t(
        'The token is limited to some IP addresses: use the network or VPN that it allows, or change the token in the Cloudflare dashboard.',
      ),
      failure,
    ),
  }),
  notEnabled: (failure) => ({
    what: vscode.l10n.t('Zero Trust is not set up in this account.'),
    next: withApiMessage(vscode.l10n.t('Open Zero Trust in the Cloudflare dashboard once, then retry.'), failure),
  }),
  notFound: (failure) => ({
    what: vscode.l10n.t('This no longer exists in Cloudflare.'),
    next: withApiMessage(vscode.l10n.t('It may have been deleted: refresh the view.'), failure),
  }),
  rateLimited: (failure) => ({
    what: vscode.l10n.t("Cloudflare's rate limit is reached."),
    next: withApiMessage(
      failure.retryAfterSeconds === undefined
        ? vscode.l10n.t('It is shared with Terraform and the dashboard. Retry in 5 minutes.')
        : vscode.l10n.t('It is shared with Terraform and the dashboard. Retry in {0} s.', failure.retryAfterSeconds),
      failure,
    ),
  }),
  server: (failure) => ({
    what: vscode.l10n.t('Cloudflare has a problem (status {0}).', failure.status ?? 0),
    next: withRay(withApiMessage(retrySoon(), failure), failure.ray),
  }),
  refused: (failure) => ({
    what: vscode.l10n.t('Cloudflare refused the request (status {0}).', failure.status ?? 0),
    next: withRay(withApiMessage(retrySoon(), failure), failure.ray),
  }),
  otherOrigin: () => ({
    what: vscode.l10n.t('Nothing was sent: the token was checked against another address.'),
    next: vscode.l10n.t(
      'The setting "scimExplorer.apiBaseUrl" has changed since. Connect again, or set the address back.',
    ),
  }),
};

const networkWords: Record<NetworkProblem, (code: string) => Explanation> = {
  untrustedCertificate: (code) => ({
    what: vscode.l10n.t('The certificate of the connection is not trusted ({0}).', code),
    next: vscode.l10n.t(
      'If your company inspects traffic, its CA belongs in the system\'s store, and the setting "http.systemCertificates" must be on. Then reload the window.',
    ),
  }),
  expiredCertificate: (code) => ({
    what: vscode.l10n.t('The certificate of the connection is not valid today ({0}).', code),
    next: vscode.l10n.t(
      "Check this computer's clock. If it is right, ask the administrators of the network or the proxy.",
    ),
  }),
  wrongHost: () => ({
    what: vscode.l10n.t('The certificate of the connection is for another host.'),
    next: vscode.l10n.t(
      'A sign-in page of the network may be in the way: open a web page to see. Else check the setting "scimExplorer.apiBaseUrl".',
    ),
  }),
  proxyUnreachable: (code) => ({
    what: vscode.l10n.t('The proxy could not be reached ({0}).', code),
    next: vscode.l10n.t('Check the setting "http.proxy", and the network or VPN that the proxy is in, then retry.'),
  }),
  proxyRefused: (code) => ({
    what: vscode.l10n.t('The proxy refused the connection ({0}).', code),
    next: vscode.l10n.t('Ask its administrators to allow the connection, or check the setting "http.proxy".'),
  }),
  proxyPassword: () => ({
    what: vscode.l10n.t('The proxy asks for a password.'),
    next: vscode.l10n.t(
      'Sign in where VS Code asks for it, or set "http.proxy" to http://user:password@host:port, then retry.',
    ),
  }),
  unknownHost: (code) => ({
    what: vscode.l10n.t('The host of the API was not found ({0}).', code),
    next: vscode.l10n.t(
      'Check the network or VPN, and the setting "http.proxy" if you are behind a proxy, then retry.',
    ),
  }),
  offline: (code) => ({
    what: vscode.l10n.t('No connection: Cloudflare could not be reached ({0}).', code),
    next: vscode.l10n.t(
      'You may be offline. Check the network, and the setting "http.proxy" if you are behind a proxy, then retry.',
    ),
  }),
  other: (code) => ({
    what: vscode.l10n.t('Cloudflare could not be reached ({0}).', code),
    next: vscode.l10n.t('Check the network, and the proxy in the setting "http.proxy", then retry.'),
  }),
};

const unusableWords: Record<Unusable, () => Explanation> = {
  secretMissing: () => ({
    what: vscode.l10n.t('Connect again: the token is no longer stored on this computer.'),
    next: vscode.l10n.t(
      'It was removed, for example by Disconnect in another profile, or your system did not keep it. On Linux without a keyring, start VS Code with --password-store.',
    ),
  }),
  secretUnreadable: () => ({
    what: vscode.l10n.t('Connect again: the stored token cannot be read.'),
    next: vscode.l10n.t('It may come from a newer version.'),
  }),
};

const baseUrlWords: Record<BaseUrlProblem, () => string> = {
  notAUrl: () => vscode.l10n.t('It is not a URL.'),
  notHttps: () => vscode.l10n.t('It must begin with https:// (http:// only on localhost, 127.0.0.1 or [::1]).'),
  hasUserInfo: () => vscode.l10n.t('It must not contain a user name or password.'),
  hasQuery: () => vscode.l10n.t('It must not contain a query.'),
  hasFragment: () => vscode.l10n.t('It must not contain a fragment.'),
};

function unreadable(why: string, { endpoint, status, ray }: Failure): Explanation {
  return {
    what: vscode.l10n.t("Cloudflare's answer could not be used: {0}.", why),
    next: withRay(vscode.l10n.t('{0} ({1}, status {2})', retrySoon(), endpoint, status ?? 0), ray),
  };
}

/** The message with Cloudflare's own: `… Cloudflare says: Invalid request headers (code 6003): Invalid format (code 6111)`. */
export function withApiMessage(words: string, { apiMessage, code, causes = [] }: Failure): string {
  const said = [{ message: apiMessage, code }, ...causes].flatMap(({ message, code = 0 }) =>
    message === undefined ? [] : [vscode.l10n.t('{0} (code {1})', shownName(message, 200), code)],
  );
  return said.length === 0
    ? words
    : vscode.l10n.t('{0} Cloudflare says: {1}', words, said.slice(0, mostCauses).join(': '));
}

function withRay(words: string, ray: string | undefined): string {
  return ray === undefined ? words : vscode.l10n.t('{0} Ray ID: {1}', words, shownName(ray, 40));
}
