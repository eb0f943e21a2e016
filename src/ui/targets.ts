import vscode = require('vscode');
import type { ScimGroup, ScimUser } from '../cloudflare';
import {
  type Directory,
  DirectoryGroup,
  DirectoryProvider,
  type DirectoryResource,
  DirectoryUser,
  documentScheme,
  isDocumentUri,
  type IdentityProviderReference,
  parseGroupUri,
  parseUserUri,
  type ScimGroupReference,
  type ScimUserReference,
} from '../directory';
import { scimUri } from './documentUri';
import { ExplainedError } from './explain';
import { NoUserSelectedError } from './noUserSelected';

/** The user that a command works on: a row, or the ids of a user. */
export type UserTarget = DirectoryUser | ScimUserReference;

/** The user or group that a command works on. */
export type ResourceTarget = DirectoryResource | ScimUserReference | ScimGroupReference;

/** The selected rows of the tree, for commands that are run without arguments from the palette or a shortcut. */
export type Selection = () => readonly unknown[];

/**
 * The users that a command was called with: a row, a row and the selection that it belongs to, a document's URI, or
 * `{accountId, identityProviderId, userId}`; without arguments the active document, else the tree's selection. Throws
 * NoUserSelectedError if nothing is selected, ExplainedError for anything else.
 */
export function userTargets(args: readonly unknown[], selection: Selection): UserTarget[] {
  const found = selectedUsers(args, selection);
  if (found.length === 0) {
    throw args[0] === undefined
      ? new NoUserSelectedError()
      : new ExplainedError(
          vscode.l10n.t(
            'This command works on a SCIM user: a row of the view, a user document, or {accountId, identityProviderId, userId}.',
          ),
        );
  }
  return found;
}

/** The same for users and groups: a row, a document's URI, or the ids. */
export function resourceTargets(args: readonly unknown[], selection: Selection): ResourceTarget[] {
  const found = selectedResources(args, selection);
  return found.length > 0 ? found : userTargets(args, selection);
}

/** The same for groups; throws ExplainedError if nothing is selected. */
export function groupTargets(args: readonly unknown[], selection: Selection): ResourceTarget[] {
  const found = selectedResources(args, selection).filter(isGroupTarget);
  if (found.length === 0) {
    throw new ExplainedError(vscode.l10n.t('Select a group in the SCIM Explorer view, then run the command again.'));
  }
  return found;
}

/** The same for identity providers: a row, or `{accountId, identityProviderId}`. The row of a user or group stands for its provider. */
export function identityProviderTargets(args: readonly unknown[], selection: Selection): IdentityProviderReference[] {
  const found = selectedProviders(args, selection);
  if (found.length === 0) {
    throw new ExplainedError(
      vscode.l10n.t('Select an identity provider in the SCIM Explorer view, then run the command again.'),
    );
  }
  return found;
}

function selectedUsers(args: readonly unknown[], selection: Selection): UserTarget[] {
  return requestedOrSelected(args, selection).flatMap((argument) => toUserTarget(argument) ?? []);
}

/** The same as `resourceTargets`, but empty if there are none. */
export function selectedResources(args: readonly unknown[], selection: Selection): ResourceTarget[] {
  return requestedOrSelected(args, selection).flatMap((argument) => toResourceTarget(argument) ?? []);
}

/** The same as `identityProviderTargets`, but empty if there are none. */
export function selectedProviders(args: readonly unknown[], selection: Selection): IdentityProviderReference[] {
  return requestedOrSelected(args, selection).flatMap((argument) => toIdentityProviderTarget(argument) ?? []);
}

/** The ids of a target; throws ExplainedError for a user or group without an id. */
export function targetReference(target: UserTarget): ScimUserReference;
export function targetReference(target: ResourceTarget): ScimUserReference | ScimGroupReference;
export function targetReference(target: ResourceTarget): ScimUserReference | ScimGroupReference {
  const reference = isRow(target) ? target.reference : target;
  if (reference === undefined) {
    throw new ExplainedError(
      target instanceof DirectoryGroup
        ? vscode.l10n.t('Cloudflare lists this group without an ID, so it cannot be opened or asked for.')
        : vscode.l10n.t('Cloudflare lists this user without an ID, so it cannot be opened or asked for.'),
    );
  }
  return reference;
}

/** A target's user or group without a request: the row's own, or a loaded one. */
export function knownResource(target: ResourceTarget, directory: Directory): ScimUser | ScimGroup | undefined {
  if (isRow(target)) {
    return target.data;
  }
  return 'groupId' in target ? directory.loadedGroup(target) : directory.loadedUser(target);
}

/** A target's user or group with the server's JSON of it, from the server. */
export async function fetchResource(
  reference: ScimUserReference | ScimGroupReference,
  directory: Directory,
): Promise<{ readonly data: ScimUser | ScimGroup; readonly rawText: string }> {
  if ('groupId' in reference) {
    const { group, rawText } = await directory.fetchGroup(reference);
    return { data: group, rawText };
  }
  const { user, rawText } = await directory.fetchUser(reference);
  return { data: user, rawText };
}

/** A target's user or group, from the server if it is not loaded. */
export async function targetResource(target: ResourceTarget, directory: Directory): Promise<ScimUser | ScimGroup> {
  return knownResource(target, directory) ?? (await fetchResource(targetReference(target), directory)).data;
}

/** A target's user or group with the server's JSON of it: as it is loaded, else from the server. Throws as `targetReference`. */
export async function resourceText(
  target: ResourceTarget,
  directory: Directory,
): Promise<{ readonly data: ScimUser | ScimGroup; readonly rawText: string }> {
  const reference = targetReference(target);
  const list = directory.loadedProvider(reference)?.list(isGroupTarget(target) ? 'group' : 'user');
  const rawText = list?.rawText(idOf(target) ?? '');
  const data = knownResource(target, directory);
  return rawText !== undefined && data ? { data, rawText } : fetchResource(reference, directory);
}

/** Cloudflare's id of a target; undefined where it has none. */
export function idOf(target: ResourceTarget): string | undefined {
  if (isRow(target)) {
    return target.data.id;
  }
  return 'groupId' in target ? target.groupId : target.userId;
}

export function isGroupTarget(target: ResourceTarget): target is DirectoryGroup | ScimGroupReference {
  return target instanceof DirectoryGroup || 'groupId' in target;
}

function isRow(target: ResourceTarget): target is DirectoryResource {
  return target instanceof DirectoryUser || target instanceof DirectoryGroup;
}

function requestedOrSelected(args: readonly unknown[], selection: Selection): readonly unknown[] {
  if (args[0] !== undefined) {
    return requested(args);
  }
  // One selected row is the one in the active document, or an older selection; several rows were selected on purpose.
  const front = vscode.window.activeTextEditor?.document.uri;
  const selected = selection();
  return selected.length <= 1 && front?.scheme === documentScheme ? [front] : selected;
}

/** The rows that a command was called on: the selection that contains its row, or its one argument. */
export function requested([first, all]: readonly unknown[]): readonly unknown[] {
  return Array.isArray(all) && all.includes(first) ? all : [first];
}

function toUserTarget(argument: unknown): UserTarget | undefined {
  if (argument instanceof DirectoryUser) {
    return argument;
  }
  const { accountId, identityProviderId, userId, scheme, path } = asRecord(argument);
  if (typeof scheme === 'string' && typeof path === 'string') {
    return parseUserUri({ scheme, path });
  }
  return isId(accountId) && isId(identityProviderId) && isId(userId)
    ? { accountId, identityProviderId, userId }
    : undefined;
}

export function toResourceTarget(argument: unknown): ResourceTarget | undefined {
  if (argument instanceof DirectoryGroup) {
    return argument;
  }
  const { accountId, identityProviderId, groupId, scheme, path } = asRecord(argument);
  if (typeof scheme === 'string' && typeof path === 'string') {
    return parseUserUri({ scheme, path }) ?? parseGroupUri({ scheme, path });
  }
  return isId(accountId) && isId(identityProviderId) && isId(groupId)
    ? { accountId, identityProviderId, groupId }
    : toUserTarget(argument);
}

/** The document of a command argument: the URI of the document, or the ids of its user or group. */
export function documentTarget(argument: unknown): vscode.Uri | undefined {
  if (argument instanceof vscode.Uri) {
    return isDocumentUri(argument) ? argument : undefined;
  }
  const target = toResourceTarget(argument);
  return target && !isRow(target) ? scimUri(target) : undefined;
}

function toIdentityProviderTarget(argument: unknown): IdentityProviderReference | undefined {
  if (argument instanceof DirectoryProvider) {
    return argument.reference;
  }
  const resource = toResourceTarget(argument);
  if (resource !== undefined) {
    return isRow(resource) ? resource.provider.reference : resource;
  }
  const { accountId, identityProviderId, provider } = asRecord(argument);
  if (provider instanceof DirectoryProvider) {
    // A folder of the provider.
    return provider.reference;
  }
  return isId(accountId) && isId(identityProviderId) ? { accountId, identityProviderId } : undefined;
}

/** Gives access to the properties of any object. A URI's properties are getters, which a copy would lose. */
function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
