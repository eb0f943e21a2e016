import vscode = require('vscode');
import type { ScimResource, ScimUpdate } from '../cloudflare';
import { type ProvisioningHistory, primaryEmail, resourceName } from '../directory';
import { logLine, shownName } from '../text';
import { changesOf, type UpdateKind } from './changes';

const kindWords: Readonly<Record<UpdateKind, () => string>> = {
  created: () => vscode.l10n.t('created'),
  deactivated: () => vscode.l10n.t('deactivated'),
  reactivated: () => vscode.l10n.t('reactivated'),
  changed: () => vscode.l10n.t('changed'),
  deleted: () => vscode.l10n.t('deleted'),
  other: () => vscode.l10n.t('other request'),
};

/** The document of a provisioning history: a head, then a paragraph for each update, newest first. */
export function historyText(
  { updates, isCut, logBegins }: ProvisioningHistory,
  owner: ScimResource | undefined,
  providerName: string,
): string {
  const failed = updates.filter(hasFailed);
  const begins =
    logBegins === undefined
      ? vscode.l10n.t('The log of this identity provider is empty.')
      : vscode.l10n.t(
          'The log of this identity provider begins at {0}. It says nothing about the time before.',
          shownTime(logBegins),
        );
  const head = [
    owner
      ? vscode.l10n.t('Provisioning history of {0} in {1}', describe(owner), shownName(providerName))
      : vscode.l10n.t('Provisioning history of {0}', shownName(providerName)),
    vscode.l10n.t('Requests of the identity provider to Cloudflare, newest first. Times are in UTC.'),
    countWords(updates.length, failed.length),
    ...(isCut
      ? [
          owner
            ? vscode.l10n.t('Older updates were not read.')
            : vscode.l10n.t('Older updates were not read, except for the newest of those that failed.'),
        ]
      : []),
    begins,
  ].map(logLine);
  return `${head.join('\n')}\n\n${updates.map((update) => `${entryText(update, owner === undefined)}\n`).join('\n')}`;
}

function countWords(count: number, failed: number): string {
  if (count === 0) {
    return vscode.l10n.t('The log has no such requests.');
  }
  const updates = count === 1 ? vscode.l10n.t('1 update') : vscode.l10n.t('{0} updates', count.toLocaleString('en'));
  return failed === 0
    ? vscode.l10n.t('{0}, none failed.', updates)
    : vscode.l10n.t('{0}, {1} FAILED.', updates, failed.toLocaleString('en'));
}

function entryText(update: ScimUpdate, namesResource: boolean): string {
  const { logged_at, request_method, request_body, error_description } = update;
  const { kind, lines, omitted } = changesOf(request_method, request_body);
  const hasError = hasFailed(update);
  const first = [
    shownTime(logged_at),
    hasError ? vscode.l10n.t('FAILED ({0})', kindWords[kind]()) : kindWords[kind](),
    request_method ?? '',
    update.status ?? vscode.l10n.t('(no status)'),
    ...(namesResource ? [resourceOf(update)] : []),
  ];
  const error = error_description ?? (hasError ? vscode.l10n.t('(no description)') : undefined);
  return [
    logLine(first.join('  ')),
    ...(error === undefined ? [] : [indented(vscode.l10n.t('Error: {0}', error))]),
    ...lines.map(indented),
    ...(omitted > 0 ? [indented(vscode.l10n.t('… and {0} more values', omitted))] : []),
  ].join('\n');
}

/** The API says `FAILURE`, the documentation `ERROR`: everything but a success has failed. */
function hasFailed({ status }: ScimUpdate): boolean {
  return status?.toUpperCase() !== 'SUCCESS';
}

function resourceOf({
  resource_type,
  resource_user_email,
  resource_group_name,
  cf_resource_id,
  idp_resource_id,
}: ScimUpdate): string {
  const name =
    resource_user_email ?? resource_group_name ?? cf_resource_id ?? idp_resource_id ?? vscode.l10n.t('(no name)');
  return `${(resource_type ?? '').toLowerCase()} ${name}`.trim();
}

function describe(owner: ScimResource): string {
  const name = resourceName(owner) ?? '';
  const email = primaryEmail(owner);
  return shownName(email === undefined || email === name ? name : `${name} (${email})`, 120);
}

function indented(text: string): string {
  return `    ${logLine(text)}`;
}

/** `2026-03-01 06:31:00`, in UTC; a text that is not a time as it is. */
function shownTime(time: string | undefined): string {
  const parsed = new Date(time ?? '');
  return Number.isNaN(parsed.getTime())
    ? (time ?? vscode.l10n.t('(no time)'))
    : parsed.toISOString().slice(0, 19).replace('T', ' ');
}
