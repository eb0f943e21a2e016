import type vscode = require('vscode');
import type { Directory, DirectoryResource } from '../directory';
import { registerCommand, type Selection, targetReference } from '../ui';
import { closeTabsOf } from './closeTabs';
import { registerOpenResource, showResource } from './openResource';
import { registerSaveAs } from './saveAs';
import { registerSymbols } from './registerSymbols';
import { ResourceDocuments } from './resourceDocuments';

/** The documents, for the other capabilities. */
export interface Documents {
  /** Shows the document of a user or group in a tab. */
  readonly show: (resource: DirectoryResource) => Promise<void>;
  /** Reads an open document again; see `ResourceDocuments.refresh`. */
  readonly refresh: (uri: vscode.Uri) => Promise<void>;
  readonly closeTabsOf: (accountId: string) => Promise<void>;
  readonly dispose: () => void;
}

/** Registers the documents, their outline, and the commands that open, save and copy them. */
export function registerDocuments(directory: Directory, selection: Selection): Documents {
  const documents = new ResourceDocuments(directory);
  const parts = [
    documents,
    registerOpenResource(directory, documents, selection),
    registerSaveAs(documents),
    registerCommand('scimExplorer.openProvider', async (...args) => {
      const { openProvider } = await import('./openProvider');
      await openProvider(directory, documents, selection, args);
    }),
    registerCommand('scimExplorer.showHistory', async (...args) => {
      const { showHistory } = await import('./showHistory');
      await showHistory(directory, documents, selection, args);
    }),
    registerCommand('scimExplorer.copyJson', async (...args) => {
      const { copyJson } = await import('./copyJson');
      await copyJson(directory, selection, args);
    }),
    registerSymbols(),
  ];
  return {
    show: (resource) => showResource(documents, targetReference(resource), resource.data),
    refresh: (uri) => documents.refresh(uri),
    closeTabsOf,
    dispose: () => parts.forEach((part) => void part.dispose()),
  };
}
