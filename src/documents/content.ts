import vscode = require('vscode');
import {
  type Directory,
  isDocumentUri,
  parseHistoryUri,
  parseProviderUri,
  parseScimUri,
  scimKindOf,
} from '../directory';

/** What a document shows, by its URI. */
export interface Content {
  readonly accountId: string;
  /** Requests the text; throws the errors of the request. */
  readonly load: () => Promise<string>;
  /** The first words of the document if it cannot be loaded. */
  readonly failure: () => string;
}

/** The content that a URI stands for; undefined for a URI that no document has. Sends nothing. */
export function contentOf(uri: vscode.Uri, directory: Directory): Content | undefined {
  const resource = parseScimUri(uri);
  if (resource) {
    return {
      accountId: resource.accountId,
      load: async () => {
        // Before the request, so that nothing can change between the response and its text.
        const { formatDocument } = await import('./format');
        return formatDocument((await directory.fetchResource(resource)).rawText);
      },
      failure: () =>
        scimKindOf(resource) === 'user'
          ? vscode.l10n.t('This user could not be loaded.')
          : vscode.l10n.t('This group could not be loaded.'),
    };
  }
  const provider = parseProviderUri(uri);
  if (provider) {
    return {
      accountId: provider.accountId,
      load: async () => {
        const account = await directory.account(provider.accountId);
        return `${JSON.stringify(await account.fetchIdentityProvider(provider), undefined, 2)}\n`;
      },
      failure: () => vscode.l10n.t('This identity provider could not be loaded.'),
    };
  }
  const history = parseHistoryUri(uri);
  return (
    history && {
      accountId: history.accountId,
      load: async () => {
        const { historyText } = await import('./historyText');
        const read = await directory.fetchHistory(history);
        const shown = await directory.provider(history);
        return historyText(read, read.owner, shown?.name ?? history.identityProviderId);
      },
      failure: () => vscode.l10n.t('This provisioning history could not be loaded.'),
    }
  );
}

/** Whether a URI is a folder of documents. Breadcrumbs and *Save As…* ask for the folder of a document. */
export function isFolder(uri: vscode.Uri): boolean {
  const inside = ['any.json', 'provisioning_history.log'].map((name) => vscode.Uri.joinPath(uri, name));
  return inside.some(isDocumentUri);
}
