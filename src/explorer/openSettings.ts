import vscode = require('vscode');
import { registerCommand } from '../ui';

/** *Settings* in the view's menu: VS Code's settings, filtered by this extension. */
export function registerOpenSettings(context: Pick<vscode.ExtensionContext, 'extension'>): vscode.Disposable {
  return registerCommand('scimExplorer.openSettings', async () => {
    await vscode.commands.executeCommand('workbench.action.openSettings', `@ext:${context.extension.id}`);
  });
}
