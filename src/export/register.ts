import type vscode = require('vscode');
import { registerCommand } from '../ui';
import type { ExportOptions } from './exportResources';

/** Registers *Export…*. */
export function registerExport(options: ExportOptions): vscode.Disposable {
  return registerCommand('scimExplorer.export', async (...args) => {
    const { exportResources } = await import('./exportResources');
    await exportResources(options, args);
  });
}
