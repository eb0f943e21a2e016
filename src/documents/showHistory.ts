import vscode = require('vscode');
import { type Directory, userName } from '../directory';
import {
  chosenProviders,
  historyTitle,
  historyUri,
  knownUser,
  selectedUsers,
  type Selection,
  userReference,
} from '../ui';
import type { ResourceDocuments } from './resourceDocuments';

/** *Show Provisioning History* of users or identity providers; without a row or a document, of the identity provider that is chosen. */
export async function showHistory(
  directory: Directory,
  documents: ResourceDocuments,
  selection: Selection,
  args: readonly unknown[],
): Promise<void> {
  const users = selectedUsers(args, selection);
  for (const target of users) {
    const reference = userReference(target);
    const user = knownUser(target, directory);
    await documents.open(historyUri(reference), historyTitle((user && userName(user)) ?? reference.userId));
  }
  if (users.length > 0) {
    return;
  }
  const question = vscode.l10n.t('Select the identity provider whose provisioning history to show');
  for (const reference of await chosenProviders(args, selection, directory, question, true)) {
    const name = directory.loadedProvider(reference)?.name ?? reference.identityProviderId;
    await documents.open(historyUri(reference), historyTitle(name));
  }
}
