import vscode = require('vscode');
import type { ScimResource } from '../cloudflare';
import {
  type Directory,
  DirectoryProvider,
  DirectoryResource,
  documentScheme,
  type FoundResource,
  isDocumentUri,
  type IdentityProviderReference,
  parseScimUri,
  scimIdOf,
  scimKindOf,
  type ScimReference,
  scimReference,
} from '../directory';
import type { ScimKind } from '../matching';
import { scimUri } from './documentUri';
import { ExplainedError } from './explain';
import { NoUserSelectedError } from './noUserSelected';

/** The user or group that a command works on: a row, or the ids. */
export type ResourceTarget = DirectoryResource | ScimReference;

/** The selected rows of the tree, for commands that are run without arguments from the palette or a shortcut. */
export type Selection = () => readonly unknown[];

/**
 * The users that a command was called with: a row, a row and the selection that it belongs to, a document's URI, or
 * `{accountId, identityProviderId, userId}`; without arguments the active document, else the tree's selection. Throws
 * NoUserSelectedError if nothing is selected, ExplainedError for anything else.
 */
export function userTargets(args: readonly unknown[], selection: Selection): ResourceTarget[] {
  const found = selectedResources(args, selection).filter((target) => targetKind(target) === 'user');
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
  const found = selectedResources(args, selection).filter((target) => targetKind(target) === 'group');
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

/** The same as `resourceTargets`, but empty if there are none. */
export function selectedResources(args: readonly unknown[], selection: Selection): ResourceTarget[] {
  return requestedOrSelected(args, selection).flatMap((argument) => toResourceTarget(argument) ?? []);
}

/** The same as `identityProviderTargets`, but empty if there are none. */
export function selectedProviders(args: readonly unknown[], selection: Selection): IdentityProviderReference[] {
  return requestedOrSelected(args, selection).flatMap((argument) => toIdentityProviderTarget(argument) ?? []);
}

/** The ids of a target; throws ExplainedError for a user or group without an id. */
export function targetReference(target: ResourceTarget): ScimReference {
  const reference = target instanceof DirectoryResource ? target.reference : target;
  if (reference === undefined) {
    throw new ExplainedError(
      targetKind(target) === 'group'
        ? vscode.l10n.t('Cloudflare lists this group without an ID, so it cannot be opened or asked for.')
        : vscode.l10n.t('Cloudflare lists this user without an ID, so it cannot be opened or asked for.'),
    );
  }
  return reference;
}

/** A target's user or group without a request: the row's own, or a loaded one. */
export function knownResource(target: ResourceTarget, directory: Directory): ScimResource | undefined {
  return target instanceof DirectoryResource ? target.data : directory.loadedResource(target);
}

/** A target's user or group, from the server if it is not loaded. */
export async function targetResource(target: ResourceTarget, directory: Directory): Promise<ScimResource> {
  return knownResource(target, directory) ?? (await directory.fetchResource(targetReference(target))).data;
}

/** A target's user or group with the server's JSON of it: as it is loaded, else from the server. Throws as `targetReference`. */
export async function resourceText(target: ResourceTarget, directory: Directory): Promise<FoundResource> {
  const reference = targetReference(target);
  const list = directory.loadedProvider(reference)?.list(scimKindOf(reference));
  const rawText = list?.rawText(scimIdOf(reference));
  const data = knownResource(target, directory);
  return rawText !== undefined && data ? { data, rawText } : directory.fetchResource(reference);
}

/** Cloudflare's id of a target; undefined where it has none. */
export function idOf(target: ResourceTarget): string | undefined {
  return target instanceof DirectoryResource ? target.data.id : scimIdOf(target);
}

/** `group` if all targets are groups. */
export function kindOfAll(targets: readonly ResourceTarget[]): ScimKind {
  return targets.every((target) => targetKind(target) === 'group') ? 'group' : 'user';
}

export function targetKind(target: ResourceTarget): ScimKind {
  return target instanceof DirectoryResource ? target.kind : scimKindOf(target);
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

export function toResourceTarget(argument: unknown): ResourceTarget | undefined {
  if (argument instanceof DirectoryResource) {
    return argument;
  }
  const { accountId, identityProviderId, userId, groupId, scheme, path } = asRecord(argument);
  return typeof scheme === 'string' && typeof path === 'string'
    ? parseScimUri({ scheme, path })
    : scimReference({
        accountId: idIn(accountId),
        identityProviderId: idIn(identityProviderId),
        userId: idIn(userId),
        groupId: idIn(groupId),
      });
}

/** The document of a command argument: the URI of the document, or the ids of its user or group. */
export function documentTarget(argument: unknown): vscode.Uri | undefined {
  if (argument instanceof vscode.Uri) {
    return isDocumentUri(argument) ? argument : undefined;
  }
  const target = toResourceTarget(argument);
  return target && !(target instanceof DirectoryResource) ? scimUri(target) : undefined;
}

function toIdentityProviderTarget(argument: unknown): IdentityProviderReference | undefined {
  if (argument instanceof DirectoryProvider) {
    return argument.reference;
  }
  const resource = toResourceTarget(argument);
  if (resource !== undefined) {
    return resource instanceof DirectoryResource ? resource.provider.reference : resource;
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

function idIn(value: unknown): string | undefined {
  return isId(value) ? value : undefined;
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
