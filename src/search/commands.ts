import vscode = require('vscode');
import { registerCommand } from '../commands/commands';
import type { Directory } from '../directory/directory';
import { ExplainedError } from '../messages/explain';
import type { RateLimitWait } from '../messages/rateLimitWait';
import { type SearchPrompt, type UserActions, UserSearch } from './userSearch';

/** Characters of a selection that may be meant as a search. */
const maxInitialLength = 200;

/** *Search Users…* and *Insert User ID…*: one box, two things that Enter does. */
export function registerSearchCommands(
  directory: Directory,
  wait: RateLimitWait,
  actions: () => UserActions,
): vscode.Disposable {
  const show = (prompt: Omit<SearchPrompt, 'initialText'>) =>
    new UserSearch(directory, wait, { ...prompt, initialText: selectedText() }).show();
  return vscode.Disposable.from(
    registerCommand('scimExplorer.search', async () => {
      if (!(await isConnected(directory))) {
        return;
      }
      const available = actions();
      await show({ title: vscode.l10n.t('Search Users'), actions: available, onEnter: available.open });
    }),
    registerCommand('scimExplorer.insertId', async () => {
      if (!(await isConnected(directory))) {
        return;
      }
      const available = actions();
      const { insertId } = available;
      if (insertId === undefined) {
        throw new ExplainedError(
          vscode.l10n.t(
            'There is no text editor to insert into. Open the file and place the cursor, then run the command again.',
          ),
        );
      }
      await show({ title: vscode.l10n.t('Insert User ID: Choose a User'), actions: available, onEnter: insertId });
    }),
  );
}

/** Part of one line that is selected in the editor; empty for anything else. */
function selectedText(): string {
  const editor = vscode.window.activeTextEditor;
  const text = editor?.selection.isSingleLine ? editor.document.getText(editor.selection).trim() : '';
  return text.length <= maxInitialLength ? text : '';
}

/** Whether there is an account to search; where there is none, says so and offers to connect one. */
async function isConnected(directory: Directory): Promise<boolean> {
  if ((await directory.ensureAccounts()).length > 0) {
    return true;
  }
  // Not waited for: a notification may stay until it is cleared much later.
  void offerToConnect();
  return false;
}

async function offerToConnect(): Promise<void> {
  const connect = vscode.l10n.t('Connect…');
  const words = vscode.l10n.t('SCIM Explorer is not connected to a Cloudflare account yet.');
  if ((await vscode.window.showInformationMessage(words, connect)) === connect) {
    await vscode.commands.executeCommand('scimExplorer.connect');
  }
}
