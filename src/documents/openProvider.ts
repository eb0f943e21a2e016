import vscode = require('vscode');
import { type Directory, documentScheme, identityProviderPath } from '../directory';
import { chosenProviders, documentTitle, registerCommand, type Selection } from '../ui';
import type { UserDocuments } from './userDocuments';

/** *Open Identity Provider*: its settings without secrets, as JSON. */
export function registerOpenProvider(
  directory: Directory,
  documents: UserDocuments,
  selection: Selection,
): vscode.Disposable {
  return registerCommand('scimExplorer.openProvider', async (...args) => {
    const question = vscode.l10n.t('Select the identity provider to open');
    for (const reference of await chosenProviders(args, selection, directory, question, false)) {
      const uri = vscode.Uri.from({ scheme: documentScheme, path: `${identityProviderPath(reference)}.json` });
      const name = directory.loadedProvider(reference)?.name ?? reference.identityProviderId;
      await documents.open(uri, documentTitle(name));
    }
  });
}
