import vscode = require('vscode');
import {
  type Directory,
  DirectoryUser,
  documentScheme,
  historyPath,
  type HistoryReference,
  userName,
} from '../directory';
import { shownName, tabTitle } from '../text';
import { chosenProviders, knownUser, registerCommand, type Selection, toUserTarget, userReference } from '../ui';
import type { UserDocuments } from './userDocuments';

/** *Show Provisioning History* of a user or an identity provider; without a row or a document, of the identity provider that is chosen. */
export function registerShowHistory(
  directory: Directory,
  documents: UserDocuments,
  selection: Selection,
): vscode.Disposable {
  return registerCommand('scimExplorer.showHistory', async (...args) => {
    const [argument = vscode.window.activeTextEditor?.document.uri] = args;
    const user = toUserTarget(argument) ?? (args[0] === undefined ? toUserTarget(selection()[0]) : undefined);
    if (user !== undefined) {
      const reference = userReference(user);
      const known = user instanceof DirectoryUser ? user.user : knownUser(user, directory);
      await show(documents, reference, (known && userName(known)) ?? reference.userId);
      return;
    }
    const question = vscode.l10n.t('Select the identity provider whose provisioning history to show');
    for (const reference of await chosenProviders(args, selection, directory, question, true)) {
      const name = directory.loadedProvider(reference)?.name ?? reference.identityProviderId;
      await show(documents, { ...reference, userId: undefined }, name);
    }
  });
}

/** Maximum characters of a name in a tab title. */
const maxNameLength = 60;

async function show(documents: UserDocuments, reference: HistoryReference, name: string): Promise<void> {
  const uri = vscode.Uri.from({ scheme: documentScheme, path: historyPath(reference) });
  await documents.open(uri, tabTitle(vscode.l10n.t('Provisioning History of {0}', shownName(name, maxNameLength))));
}
