import * as vscode from 'vscode';
import { type BaseUrlProblem, InvalidBaseUrlError } from '../cloudflare/baseUrl';
import { CloudflareError, type Failure, type FailureReason } from '../cloudflare/errors';
import { AccountNotConnectedError, UserNotFoundError } from '../directory/directory';
import { isolate, shorten } from '../text/untrusted';

/** The permission that every list of this extension needs, as Cloudflare's dashboard writes it. */
export const requiredPermission = 'Access: Organizations, Identity Providers, and Groups Read';

/** An error whose message is already words for a person. */
export class ExplainedError extends Error {}

/** What happened and what to do next, in words. Plain text: the surface that shows it escapes what it must. */
export function explain(error: unknown): string {
  if (error instanceof ExplainedError) {
    return error.message;
  }
  if (error instanceof CloudflareError) {
    return failureWords[error.reason](error.failure);
  }
  if (error instanceof InvalidBaseUrlError) {
    return baseUrlWords[error.problem]();
  }
  if (error instanceof AccountNotConnectedError) {
    return vscode.l10n.t('This account is not connected. Connect it, then refresh.');
  }
  if (error instanceof UserNotFoundError) {
    return vscode.l10n.t(
      'The identity provider lists no user with this ID any more. It may have been removed, or synced anew under another ID: search for the person by email.',
    );
  }
  return vscode.l10n.t('Something went wrong in SCIM Explorer itself. Refresh, and report it if it happens again.');
}

/** The page on Cloudflare's developer documentation that an answer points to; no other link of an answer is offered. */
export function documentationLink(error: unknown): vscode.Uri | undefined {
  const link = error instanceof CloudflareError ? error.failure.documentationUrl : undefined;
  const url = link !== undefined && URL.canParse(link) ? new URL(link) : undefined;
  return url?.origin === 'https://developers.cloudflare.com' ? vscode.Uri.parse(url.href) : undefined;
}

const failureWords: Record<FailureReason, (failure: Failure) => string> = {
  network: ({ networkCode = '' }) =>
    vscode.l10n.t(
      'Cloudflare could not be reached ({0}). Check the network, and the proxy in the setting "http.proxy", then retry.',
      networkCode || vscode.l10n.t('no connection'),
    ),
  timeout: () => vscode.l10n.t('Cloudflare did not answer in time. Check the network, then retry.'),
  redirect: () =>
    vscode.l10n.t(
      'The server answered with a redirect, which is not followed because it would carry the token along. Check the setting "scimExplorer.apiBaseUrl".',
    ),
  tooLarge: (failure) => unreadable(vscode.l10n.t('it is larger than 32 MB'), failure),
  notJson: (failure) => unreadable(vscode.l10n.t('it is not complete JSON'), failure),
  tooDeep: (failure) => unreadable(vscode.l10n.t('it is nested too deeply'), failure),
  unexpectedShape: (failure) => unreadable(vscode.l10n.t('it does not have the form of a Cloudflare answer'), failure),
  edge: ({ status = 0, ray }) =>
    withRay(
      vscode.l10n.t(
        "A web page came instead of an answer (status {0}): Cloudflare's edge, or a proxy on the way, has a problem. Retry in a moment.",
        status,
      ),
      ray,
    ),
  unauthorized: (failure) =>
    withApiMessage(
      vscode.l10n.t(
        'Cloudflare does not accept the token: it is wrong, expired or revoked. Connect again with a new one.',
      ),
      failure,
    ),
  forbidden: (failure) =>
    withApiMessage(
      vscode.l10n.t(
        'The token lacks "{0}". Add the permission in the Cloudflare dashboard, then retry.',
        requiredPermission,
      ),
      failure,
    ),
  notFound: (failure) =>
    withApiMessage(
      vscode.l10n.t('Cloudflare does not know this place any more: it may have been deleted. Refresh the view.'),
      failure,
    ),
  rateLimited: ({ retryAfterSeconds }) =>
    retryAfterSeconds === undefined
      ? vscode.l10n.t(
          "Cloudflare's rate limit is reached (it is shared with Terraform and the dashboard). Retry in 5 minutes.",
        )
      : vscode.l10n.t(
          "Cloudflare's rate limit is reached (it is shared with Terraform and the dashboard). Retry in {0} s.",
          retryAfterSeconds,
        ),
  server: (failure) =>
    withRay(
      withApiMessage(
        vscode.l10n.t('Cloudflare has a problem (status {0}). Retry in a moment.', failure.status ?? 0),
        failure,
      ),
      failure.ray,
    ),
  refused: (failure) =>
    withRay(
      withApiMessage(vscode.l10n.t('Cloudflare refused the request (status {0}).', failure.status ?? 0), failure),
      failure.ray,
    ),
  otherOrigin: () =>
    vscode.l10n.t(
      'Nothing was sent: the token was checked against another address than the setting "scimExplorer.apiBaseUrl" now names. Connect again, or set the address back.',
    ),
};

const baseUrlWords: Record<BaseUrlProblem, () => string> = {
  notAUrl: () => refusedBaseUrl(vscode.l10n.t('it is not a URL')),
  notHttps: () => refusedBaseUrl(vscode.l10n.t('it must begin with https:// (http:// only for this machine)')),
  hasUserInfo: () => refusedBaseUrl(vscode.l10n.t('it must not hold a user name or password')),
  hasQuery: () => refusedBaseUrl(vscode.l10n.t('it must not hold a query')),
  hasFragment: () => refusedBaseUrl(vscode.l10n.t('it must not hold a fragment')),
};

function refusedBaseUrl(why: string): string {
  return vscode.l10n.t('Nothing was sent: the setting "scimExplorer.apiBaseUrl" is refused, because {0}.', why);
}

function unreadable(why: string, { endpoint, status, ray }: Failure): string {
  const words = vscode.l10n.t(
    "Cloudflare's answer could not be used: {0} ({1}, status {2}). Retry in a moment.",
    why,
    endpoint,
    status ?? 0,
  );
  return withRay(words, ray);
}

function withApiMessage(words: string, { apiMessage, code }: Failure): string {
  return apiMessage === undefined
    ? words
    : vscode.l10n.t('{0} Cloudflare says: {1} (code {2})', words, isolate(shorten(apiMessage, 200)), code ?? 0);
}

function withRay(words: string, ray: string | undefined): string {
  return ray === undefined ? words : vscode.l10n.t('{0} Ray ID: {1}', words, isolate(shorten(ray, 40)));
}
