import { homedir, tmpdir } from 'node:os';
import vscode = require('vscode');

/** Proposes a place for a file with personal data: the home folder, and never a folder of the workspace. */
export function proposedPlace(fileName: string): vscode.Uri {
  const folders = [homedir(), tmpdir()].map((path) => vscode.Uri.file(path));
  const folder = folders.find((uri) => vscode.workspace.getWorkspaceFolder(uri) === undefined);
  return vscode.Uri.joinPath(folder ?? vscode.Uri.file('/'), fileName);
}

/** The folder of the Git repository that a file would be in; undefined if there is none. */
export async function repositoryOf(file: vscode.Uri): Promise<vscode.Uri | undefined> {
  let folder = vscode.Uri.joinPath(file, '..');
  for (;;) {
    if (await exists(vscode.Uri.joinPath(folder, '.git'))) {
      return folder;
    }
    const parent = vscode.Uri.joinPath(folder, '..');
    if (parent.path === folder.path) {
      return undefined;
    }
    folder = parent;
  }
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}
