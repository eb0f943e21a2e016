import vscode = require('vscode');
import type { Directory } from '../directory';
import type { Selection } from '../ui';
import { registerCopy } from './copy';
import { registerInsertAtCursor } from './insert';

/** Registers the commands that copy values of users, groups and identity providers, and *Insert ID at Cursor*. */
export function registerClipboard(directory: Directory, selection: Selection): vscode.Disposable {
  return vscode.Disposable.from(registerCopy(directory, selection), registerInsertAtCursor(directory, selection));
}
