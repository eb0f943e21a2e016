import vscode = require('vscode');
import type { ScimKind } from '../matching';

/** A shortcut of package.json, as it is written on this system. */
export function keyName(letter: string): string {
  return process.platform === 'darwin' ? `⌥⌘${letter}` : `Alt+${letter}`;
}

/** Names of the buttons of a found row; the shortcuts use them, too. */
export type RowButtonName = 'copyId' | 'insertId' | 'reveal';

/** A button of a row, with its own action. */
export interface RowButton extends vscode.QuickInputButton {
  readonly name: RowButtonName;
  readonly run: () => void;
}

const icons: Record<RowButtonName, vscode.ThemeIcon> = {
  copyId: new vscode.ThemeIcon('copy'),
  insertId: new vscode.ThemeIcon('insert'),
  reveal: new vscode.ThemeIcon('list-tree'),
};

const tooltips: Record<RowButtonName, (kind: ScimKind) => string> = {
  copyId: (kind) =>
    kind === 'user'
      ? vscode.l10n.t('Copy User ID ({0})', keyName('C'))
      : vscode.l10n.t('Copy SCIM Group ID ({0})', keyName('C')),
  insertId: (kind) =>
    kind === 'user'
      ? vscode.l10n.t('Insert User ID at the Cursors ({0})', keyName('I'))
      : vscode.l10n.t('Insert SCIM Group ID at the Cursors ({0})', keyName('I')),
  reveal: () => vscode.l10n.t('Reveal in the View ({0})', keyName('V')),
};

export function rowButton(name: RowButtonName, kind: ScimKind, run: () => void): RowButton {
  return { name, iconPath: icons[name], tooltip: tooltips[name](kind), run };
}

/** A button of the box's title, with its own action. */
export interface TitleButton extends vscode.QuickInputButton {
  readonly run: () => void;
}

/** Icon and tooltip say whether it is on, since older versions of VS Code have no toggle buttons. */
export function activeOnlyButton(isOn: boolean, run: () => void): TitleButton {
  return {
    iconPath: new vscode.ThemeIcon(isOn ? 'filter-filled' : 'filter'),
    tooltip: isOn
      ? vscode.l10n.t('Active Users Only: On ({0})', keyName('A'))
      : vscode.l10n.t('Active Users Only: Off ({0})', keyName('A')),
    run,
  };
}

export function scopeButton(isNarrowed: boolean, run: () => void): TitleButton {
  return {
    iconPath: new vscode.ThemeIcon(isNarrowed ? 'folder-active' : 'folder'),
    tooltip: vscode.l10n.t('Filter by Identity Provider ({0})', keyName('S')),
    run,
  };
}
