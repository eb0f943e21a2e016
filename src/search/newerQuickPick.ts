import type vscode = require('vscode');

/** Parts of VS Code's quick pick that are newer than the oldest supported version, or not in the typings. */
export interface NewerQuickPick {
  /** Since 1.108. */
  prompt?: string | undefined;
  /** Not in the typings (microsoft/vscode#73904). Without it VS Code sorts rows by where their labels match. */
  sortByLabel?: boolean;
}

/** Keeps the rows of a quick pick in the order in which they were set. */
export function keepOrder<T extends vscode.QuickPickItem>(pick: vscode.QuickPick<T> & NewerQuickPick): void {
  if ('sortByLabel' in pick) {
    pick.sortByLabel = false;
  }
}
