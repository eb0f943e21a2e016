import vscode = require('vscode');
import type { ScimUser } from '../cloudflare/schemas';
import { registerCommand } from '../commands/commands';
import { documentTitle, documentUri } from '../commands/documentUri';
import { knownUser, type Selection, userReference, userTargets } from '../commands/targets';
import type { Directory } from '../directory/directory';
import { userName } from '../directory/display';
import type { ScimUserReference } from '../directory/reference';
import type { UserDocuments } from './userDocuments';

/** Shows a user's document, titled by the user's name; the URI holds ids only. */
export async function showUser(reference: ScimUserReference, user: ScimUser | undefined): Promise<void> {
  const name = (user && userName(user)) ?? reference.userId;
  await vscode.commands.executeCommand(
    'vscode.open',
    documentUri(reference),
    { preview: false } satisfies vscode.TextDocumentShowOptions,
    documentTitle(name),
  );
}

/** *Open User*. */
export function registerOpenUser(
  directory: Directory,
  documents: UserDocuments,
  selection: Selection,
): vscode.Disposable {
  /** The name for the title, of a user that no list has shown yet; a failure to load is told in the document. */
  const fetchUser = async (reference: ScimUserReference): Promise<ScimUser | undefined> => {
    try {
      const { user, rawText } = await directory.fetchUser(reference);
      await documents.prepare(documentUri(reference), rawText);
      return user;
    } catch {
      return undefined;
    }
  };
  return registerCommand('scimExplorer.openUser', async (...args) => {
    for (const target of userTargets(args, selection)) {
      const reference = userReference(target);
      const progress = { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Loading user…') };
      const user =
        knownUser(target, directory) ?? (await vscode.window.withProgress(progress, () => fetchUser(reference)));
      await showUser(reference, user);
    }
  });
}
