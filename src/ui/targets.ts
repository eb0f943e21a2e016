import vscode = require('vscode');
import type { ScimUser } from '../cloudflare';
import {
  type Directory,
  DirectoryProvider,
  DirectoryUser,
  documentScheme,
  isDocumentUri,
  type IdentityProviderReference,
  parseUserUri,
  type ScimUserReference,
} from '../directory';
import { userUri } from './documentUri';
import { ExplainedError } from './explain';
import { NoUserSelectedError } from './noUserSelected';

/** The user that a command works on: a row, or the ids of a user. */
export type UserTarget = DirectoryUser | ScimUserReference;

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

/** The same for identity providers: a row, or `{accountId, identityProviderId}`. A user's row stands for its provider. */
export function identityProviderTargets(args: readonly unknown[], selection: Selection): IdentityProviderReference[] {
  const found = selectedProviders(args, selection);
  if (found.length === 0) {
    throw new ExplainedError(
      vscode.l10n.t('Select an identity provider in the SCIM Explorer view, then run the command again.'),
    );
  }
  return found;
}

/** The same as `userTargets`, but empty if there are none. */
export function selectedUsers(args: readonly unknown[], selection: Selection): UserTarget[] {
  return requestedOrSelected(args, selection).flatMap((argument) => toUserTarget(argument) ?? []);
}

/** The same as `identityProviderTargets`, but empty if there are none. */
export function selectedProviders(args: readonly unknown[], selection: Selection): IdentityProviderReference[] {
  return requestedOrSelected(args, selection).flatMap((argument) => toIdentityProviderTarget(argument) ?? []);
}

/** The ids of a target; throws ExplainedError for a user without an id. */
export function userReference(target: UserTarget): ScimUserReference {
  const reference = target instanceof DirectoryUser ? target.reference : target;
  if (reference === undefined) {
    throw new ExplainedError(
      vscode.l10n.t('Cloudflare lists this user without an ID, so it cannot be opened or asked for.'),
    );
  }
  return reference;
}

/** A target's user without a request: the row's own, or a loaded one. */
export function knownUser(target: UserTarget, directory: Directory): ScimUser | undefined {
  return target instanceof DirectoryUser ? target.user : directory.loadedUser(target);
}

/** A target's user, from the server if it is not loaded. */
export async function targetUser(target: UserTarget, directory: Directory): Promise<ScimUser> {
  return knownUser(target, directory) ?? (await directory.fetchUser(userReference(target))).user;
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

export function toUserTarget(argument: unknown): UserTarget | undefined {
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

/** The document of a command argument: the URI of the document, or the ids of its user. */
export function documentTarget(argument: unknown): vscode.Uri | undefined {
  if (argument instanceof vscode.Uri) {
    return isDocumentUri(argument) ? argument : undefined;
  }
  const target = toUserTarget(argument);
  return target && !(target instanceof DirectoryUser) ? userUri(target) : undefined;
}

function toIdentityProviderTarget(argument: unknown): IdentityProviderReference | undefined {
  if (argument instanceof DirectoryProvider) {
    return argument.reference;
  }
  const user = toUserTarget(argument);
  if (user !== undefined) {
    return user instanceof DirectoryUser ? user.provider.reference : user;
  }
  const { accountId, identityProviderId } = asRecord(argument);
  return isId(accountId) && isId(identityProviderId) ? { accountId, identityProviderId } : undefined;
}

/** Gives access to the properties of any object. A URI's properties are getters, which a copy would lose. */
function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
