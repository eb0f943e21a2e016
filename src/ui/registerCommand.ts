import vscode = require('vscode');
import { notifyOfError } from './notify';

/** Registers a command whose errors are shown to the user. It returns nothing, so that other extensions get no data. */
export function registerCommand(id: string, run: (...args: unknown[]) => Promise<void> | void): vscode.Disposable {
  return vscode.commands.registerCommand(id, async (...args: unknown[]) => {
    try {
      await run(...args);
    } catch (error) {
      notifyOfError(error);
    }
  });
}
