// Shows the view of SCIM Explorer when the demo window opens, beside its README.
import * as vscode from 'vscode';

export function activate() {
  return vscode.commands.executeCommand('workbench.view.extension.scimExplorer');
}
