import vscode = require('vscode');
import type { ScimUser } from '../cloudflare';
import { type Directory, type FoundUser, type ScimUserReference, userName } from '../directory';
import { documentTitle, userUri, knownUser, registerCommand, type Selection, userReference, userTargets } from '../ui';
import type { ResourceDocuments } from './resourceDocuments';

/** Shows a user document in a tab with the user's name as its title. The URI contains ids only. */
export async function showUser(
  documents: ResourceDocuments,
  reference: ScimUserReference,
  user: ScimUser | undefined,
  rawText?: string,
): Promise<void> {
  const name = (user && userName(user)) ?? reference.userId;
  await documents.open(userUri(reference), documentTitle(name), rawText);
}

/** *Open User*. */
export function registerOpenUser(
  directory: Directory,
  documents: ResourceDocuments,
  selection: Selection,
): vscode.Disposable {
  /** Loads a user for the tab's title. An error is shown in the document. */
  const fetchUser = async (reference: ScimUserReference): Promise<Partial<FoundUser>> => {
    try {
      return await directory.fetchUser(reference);
    } catch {
      return {};
    }
  };
  return registerCommand('scimExplorer.openUser', async (...args) => {
    for (const target of userTargets(args, selection)) {
      const reference = userReference(target);
      const known = knownUser(target, directory);
      const progress = { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Loading user…') };
      const { user, rawText } = known
        ? { user: known }
        : await vscode.window.withProgress(progress, () => fetchUser(reference));
      await showUser(documents, reference, user, rawText);
    }
  });
}
