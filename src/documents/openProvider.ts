import vscode = require('vscode');
import type { Directory } from '../directory';
import { chosenProviders, documentTitle, providerUri, type Selection } from '../ui';
import type { ResourceDocuments } from './resourceDocuments';

/** *Open Identity Provider*: its settings without secrets, as JSON. */
export async function openProvider(
  directory: Directory,
  documents: ResourceDocuments,
  selection: Selection,
  args: readonly unknown[],
): Promise<void> {
  const question = vscode.l10n.t('Select the identity provider to open');
  for (const reference of await chosenProviders(args, selection, directory, question, false)) {
    const name = directory.loadedProvider(reference)?.name ?? reference.identityProviderId;
    await documents.open(providerUri(reference), documentTitle(name));
  }
}
