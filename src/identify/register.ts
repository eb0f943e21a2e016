import vscode = require('vscode');
import type { Directory } from '../directory';
import { registerCommand } from '../ui';

/**
 * Registers *Who Is This?*, the hover over ids and emails in files, and *Go to Definition* on them. Hover and definition answer from memory:
 * a file never causes a request. They are for files of every language, and are loaded at the first use with a connected account.
 */
export function registerIdentify(directory: Directory): vscode.Disposable {
  const isHoverOn = () => vscode.workspace.getConfiguration('scimExplorer').get('hover') !== 'off';
  return vscode.Disposable.from(
    registerCommand('scimExplorer.whoIs', async () => (await import('./whoIs')).whoIs(directory)),
    vscode.languages.registerHoverProvider('*', {
      async provideHover(document, position) {
        return directory.accounts.length > 0 && isHoverOn()
          ? (await import('./hover')).hoverAt(document, position, directory)
          : undefined;
      },
    }),
    vscode.languages.registerDefinitionProvider('*', {
      async provideDefinition(document, position) {
        return directory.accounts.length > 0
          ? (await import('./hover')).definitionsAt(document, position, directory)
          : undefined;
      },
    }),
  );
}
