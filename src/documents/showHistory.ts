import vscode = require('vscode');
import { type Directory, resourceName } from '../directory';
import {
  chosenProviders,
  historyTitle,
  historyUri,
  idOf,
  knownResource,
  selectedResources,
  type Selection,
  targetReference,
} from '../ui';
import type { ResourceDocuments } from './resourceDocuments';

/** *Show Provisioning History* of users, groups or identity providers; without a row or a document, of the identity provider that is chosen. */
export async function showHistory(
  directory: Directory,
  documents: ResourceDocuments,
  selection: Selection,
  args: readonly unknown[],
): Promise<void> {
  const resources = selectedResources(args, selection);
  for (const target of resources) {
    const reference = targetReference(target);
    const known = knownResource(target, directory);
    const name = (known && resourceName(known)) ?? idOf(reference) ?? '';
    await documents.open(historyUri(reference), historyTitle(name));
  }
  if (resources.length > 0) {
    return;
  }
  const question = vscode.l10n.t('Select the identity provider whose provisioning history to show');
  for (const reference of await chosenProviders(args, selection, directory, question, true)) {
    const name = directory.loadedProvider(reference)?.name ?? reference.identityProviderId;
    await documents.open(historyUri(reference), historyTitle(name));
  }
}
