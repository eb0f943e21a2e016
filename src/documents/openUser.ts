import * as vscode from 'vscode';
import { registerCommand } from '../commands/commands';
import { type Selection, targetUser, userReference, userTargets } from '../commands/targets';
import type { Directory } from '../directory/directory';
import { userName } from '../directory/display';
import type { ScimUserReference } from '../directory/reference';
import type { ScimUser } from '../cloudflare/schemas';
import { isolate, shorten } from '../text/untrusted';
import { documentUri } from './userDocuments';

/** Characters of a name in a tab's title. */
const maxTitleLength = 60;

export interface ShowOptions {
  /** Leaves the focus where it is and uses the preview tab, as a click on a row does. */
  readonly preview?: boolean;
}

/** Shows a user's document, titled by the user's name; the URI holds ids only. */
export async function showUser(
  reference: ScimUserReference,
  user: ScimUser | undefined,
  { preview = false }: ShowOptions = {},
) {
  const name = (user && userName(user)) ?? reference.userId;
  const title = `${isolate(shorten(name, maxTitleLength))}.json`;
  await vscode.commands.executeCommand(
    'vscode.open',
    documentUri(reference),
    { preview, preserveFocus: preview } satisfies vscode.TextDocumentShowOptions,
    title,
  );
}

/** *Open User*. Its second argument may be `{preview: true}`. */
export function registerOpenUser(directory: Directory, selection: Selection): vscode.Disposable {
  return registerCommand('scimExplorer.openUser', async (...args) => {
    const preview = typeof args[1] === 'object' && args[1] !== null && 'preview' in args[1] && args[1].preview === true;
    for (const target of userTargets(args, selection)) {
      const reference = userReference(target);
      // A failure to load is told in the document, so a name that cannot be had stops nothing.
      const user = await targetUser(target, directory).catch(() => undefined);
      await showUser(reference, user, { preview });
    }
  });
}
