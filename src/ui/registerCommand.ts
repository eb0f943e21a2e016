import vscode = require('vscode');
import { NoUserSelectedError } from './noUserSelected';
import { notifyOfError } from './notify';

/**
 * Registers a command whose errors are shown to the user. Where it needs a user and none is selected, the search opens. It returns nothing, so
 * that other extensions get no data.
 */
export function registerCommand(id: string, run: (...args: unknown[]) => Promise<void> | void): vscode.Disposable {
  return vscode.commands.registerCommand(id, async (...args: unknown[]) => {
    try {
      await run(...args);
    } catch (error) {
      if (error instanceof NoUserSelectedError) {
        await vscode.commands.executeCommand('scimExplorer.search');
      } else {
        notifyOfError(error);
      }
    }
  });
}
