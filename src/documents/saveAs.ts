import vscode = require('vscode');
import { homedir } from 'node:os';
import { posix } from 'node:path';
import { confirm, ExplainedError, registerCommand } from '../ui';
import type { ResourceDocuments } from './resourceDocuments';

/**
 * *Save As…* of a document. VS Code's own command proposes the folder of the document, which is virtual, and opens the saved file, whose
 * content its JSON service then acts on.
 */
export function registerSaveAs(documents: ResourceDocuments): vscode.Disposable {
  return registerCommand('scimExplorer.saveAs', async (argument) => {
    const uri = argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
    const text = uri && documents.shownText(uri);
    if (text === undefined) {
      throw new ExplainedError(vscode.l10n.t('Open a document, wait until it is loaded, then run the command again.'));
    }
    const target = await vscode.window.showSaveDialog({
      defaultUri: vscode.Uri.joinPath(folder(), posix.basename(uri?.path ?? '')),
      filters: uri?.path.endsWith('.json') ? { JSON: ['json'] } : {},
    });
    if (target !== undefined) {
      await write(target, text);
    }
  });
}

/** A folder that can be written to: the workspace's, else the home folder. */
function folder(): vscode.Uri {
  const folders = vscode.workspace.workspaceFolders?.map(({ uri }) => uri) ?? [];
  const isWritable = ({ scheme }: vscode.Uri) => vscode.workspace.fs.isWritableFileSystem(scheme) === true;
  return folders.find(isWritable) ?? vscode.Uri.file(homedir());
}

async function write(target: vscode.Uri, text: string): Promise<void> {
  try {
    await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ExplainedError(vscode.l10n.t('The file could not be written: {0} Choose another place.', reason));
  }
  confirm(vscode.l10n.t('Saved to {0}', posix.basename(target.path)));
}
