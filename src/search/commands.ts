import * as vscode from 'vscode';
import { registerCommand } from '../commands/commands';
import type { Directory } from '../directory/directory';
import { ExplainedError } from '../messages/explain';
import { type UserActions, UserSearch } from './userSearch';

/** Characters of a selection that may be meant as a search. */
const maxInitialLength = 200;

/** *Search Users…* and *Insert User ID…*: one box, two things that Enter does. */
export function registerSearchCommands(directory: Directory, actions: () => UserActions): vscode.Disposable {
  return vscode.Disposable.from(
    registerCommand('scimExplorer.search', async () => {
      await requireAccount(directory);
      const available = actions();
      const title = vscode.l10n.t('Search Users');
      await new UserSearch(directory, {
        title,
        initialText: selectedText(),
        actions: available,
        onEnter: available.open,
      }).show();
    }),
    registerCommand('scimExplorer.insertId', async () => {
      await requireAccount(directory);
      const available = actions();
      const { insertId } = available;
      if (insertId === undefined) {
        throw new ExplainedError(
          vscode.l10n.t(
            'There is no text editor to insert into. Open the file and place the cursor, then run the command again.',
          ),
        );
      }
      const title = vscode.l10n.t('Insert User ID: Choose a User');
      await new UserSearch(directory, {
        title,
        initialText: selectedText(),
        actions: available,
        onEnter: insertId,
      }).show();
    }),
  );
}

/** Part of one line that is selected in the editor; empty for anything else. */
function selectedText(): string {
  const editor = vscode.window.activeTextEditor;
  const text = editor?.selection.isSingleLine ? editor.document.getText(editor.selection).trim() : '';
  return text.length <= maxInitialLength ? text : '';
}

async function requireAccount(directory: Directory): Promise<void> {
  if ((await directory.ensureAccounts()).length > 0) {
    return;
  }
  const connect = vscode.l10n.t('Connect…');
  const chosen = await vscode.window.showInformationMessage(
    vscode.l10n.t('Connect to a Cloudflare account first.'),
    connect,
  );
  if (chosen === connect) {
    await vscode.commands.executeCommand('scimExplorer.connect');
  }
}
