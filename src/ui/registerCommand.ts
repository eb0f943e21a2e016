import vscode = require('vscode');
import { notifyOfError } from './notify';

/**
 * A command whose failures a person is told of in words. Its result is dropped: no command hands anything out to other
 * extensions.
 */
export function registerCommand(id: string, run: (...args: unknown[]) => Promise<void> | void): vscode.Disposable {
  return vscode.commands.registerCommand(id, async (...args: unknown[]) => {
    try {
      await run(...args);
    } catch (error) {
      notifyOfError(error);
    }
  });
}
