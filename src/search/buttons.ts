import vscode = require('vscode');

/** The keys of package.json, as they are written on this system. */
export function keyName(letter: string): string {
  return process.platform === 'darwin' ? `⌥⌘${letter}` : `Alt+${letter}`;
}

export const copyButton: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('copy'),
  tooltip: vscode.l10n.t('Copy User ID ({0})', keyName('C')),
};
export const insertButton: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('insert'),
  tooltip: vscode.l10n.t('Insert User ID at the Cursors ({0})', keyName('I')),
};
export const revealButton: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('list-tree'),
  tooltip: vscode.l10n.t('Reveal in the View ({0})', keyName('V')),
};

/** A button of the box's title that is on or off; its icon and its words say which, in every VS Code. */
export function activeOnlyButton(isOn: boolean): vscode.QuickInputButton {
  return {
    iconPath: new vscode.ThemeIcon(isOn ? 'filter-filled' : 'filter'),
    tooltip: isOn
      ? vscode.l10n.t('Active Users Only: On ({0})', keyName('A'))
      : vscode.l10n.t('Active Users Only: Off ({0})', keyName('A')),
  };
}

export function scopeButton(isNarrowed: boolean): vscode.QuickInputButton {
  return {
    iconPath: new vscode.ThemeIcon(isNarrowed ? 'folder-active' : 'folder'),
    tooltip: vscode.l10n.t('Choose Where to Search ({0})', keyName('S')),
  };
}
