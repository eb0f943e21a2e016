import type vscode = require('vscode');
import type { Directory, DirectoryUser } from '../directory';
import { registerCommand, type Selection, userReference } from '../ui';
import { closeTabsOf } from './closeTabs';
import { registerOpenUser, showUser } from './openUser';
import { registerSaveAs } from './saveAs';
import { registerSymbols } from './registerSymbols';
import { ResourceDocuments } from './resourceDocuments';

/** The documents, for the other capabilities. */
export interface Documents {
  /** Shows the document of a user in a tab. */
  readonly show: (user: DirectoryUser) => Promise<void>;
  /** Reads an open document again; see `ResourceDocuments.refresh`. */
  readonly refresh: (uri: vscode.Uri) => Promise<void>;
  readonly closeTabsOf: (accountId: string) => Promise<void>;
  readonly dispose: () => void;
}

/** Registers the documents, the outline of users and identity providers, and the commands that open, save and copy them. */
export function registerDocuments(directory: Directory, selection: Selection): Documents {
  const documents = new ResourceDocuments(directory);
  const parts = [
    documents,
    registerOpenUser(directory, documents, selection),
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
    show: (user) => showUser(documents, userReference(user), user.user),
    refresh: (uri) => documents.refresh(uri),
    closeTabsOf,
    dispose: () => parts.forEach((part) => void part.dispose()),
  };
}
