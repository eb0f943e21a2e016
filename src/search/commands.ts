import vscode = require('vscode');
import type { Clock } from '../cloudflare';
import {
  type Directory,
  DirectoryAccount,
  type DirectoryProvider,
  DirectoryResource,
  parseScimUri,
  scimKindOf,
} from '../directory';
import { ContextKey, ExplainedError, identityProviderTargets, type RateLimitWait, registerCommand } from '../ui';
import type { SmallDirectories } from '../lookup';
import { SearchHistory } from './history';
import type { SearchPrompt, FoundActions } from './prompt';
import type { SearchBox } from './searchBox';

/** Characters of a selection that may be meant as a search. */
const maxInitialLength = 200;

/** The actions of the shortcuts while the box is open. */
const shortcuts: Record<string, (box: SearchBox) => void> = {
  'scimExplorer.search.copyId': (box) => box.press('copyId'),
  'scimExplorer.search.insertId': (box) => box.press('insertId'),
  'scimExplorer.search.reveal': (box) => box.press('reveal'),
  'scimExplorer.search.activeOnly': (box) => box.toggleActiveOnly(),
  'scimExplorer.search.scope': (box) => void box.pickScope(),
  'scimExplorer.search.loadRest': (box) => box.loadRest(),
};

/** Creates a search box. Its code is loaded at the first search. */
export type OpenSearch = (
  prompt: SearchPrompt,
  window?: Pick<typeof vscode.window, 'createQuickPick'>,
) => Promise<SearchBox>;

export interface Search {
  /** For tests, which look at the box. */
  readonly open: OpenSearch;
  readonly dispose: () => void;
}

/** The parts of the other capabilities that the search uses. */
export interface SearchOptions {
  readonly directory: Directory;
  readonly wait: RateLimitWait;
  readonly clock: Clock;
  /** Whether a search may load small directories as a whole; read at each search. */
  readonly loadsSmallDirectories: () => boolean;
  /** The actions for found users; called when the box opens, since they depend on the active editor. */
  readonly actions: () => FoundActions;
}

/** Registers *Search Users…*, *Insert User ID…* and the shortcuts of the box. */
export function registerSearch({ directory, wait, clock, loadsSmallDirectories, actions }: SearchOptions): Search {
  const history = new SearchHistory(directory);
  let small: SmallDirectories | undefined;
  const open: OpenSearch = async (prompt, window = vscode.window) => {
    const [{ SearchBox }, { SmallDirectories }] = await Promise.all([import('./searchBox'), import('../lookup')]);
    small ??= new SmallDirectories(loadsSmallDirectories);
    return new SearchBox({ directory, wait, history, small, window, clock }, prompt);
  };
  /** The shortcuts of the box look at this. */
  const isSearching = new ContextKey('scimExplorer.isSearching');
  let current: SearchBox | undefined;
  const show = async (prompt: Omit<SearchPrompt, 'initialText'>, initialText = selectedText()) => {
    const search = await open({ ...prompt, initialText });
    current = search;
    isSearching.set(true);
    await search.show();
    if (current === search) {
      current = undefined;
      isSearching.set(false);
    }
  };
  const search = async (scope?: DirectoryAccount | DirectoryProvider, initialText?: string) => {
    if (await isConnected(directory)) {
      const available = actions();
      const title = vscode.l10n.t('Search Users');
      await show({ title, actions: available, onEnter: available.open, scope }, initialText);
    }
  };
  const parts = [
    history,
    // Also users and groups that were opened from the tree.
    vscode.window.onDidChangeActiveTextEditor((editor) => {
      const resource = editor && loadedResource(editor.document.uri, directory);
      if (resource) {
        history.add('', resource);
      }
    }),
    registerCommand('scimExplorer.search', () => search()),
    // The folder *Groups*, and the last row of a long list of groups, search groups.
    registerCommand('scimExplorer.searchHere', async (row, kind) =>
      search(await scopeOf(row, directory), kind === 'group' ? 'group:' : undefined),
    ),
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
    ...Object.entries(shortcuts).map(([id, run]) => registerCommand(id, () => current && run(current))),
  ];
  return { open, dispose: () => parts.forEach((part) => void part.dispose()) };
}

/** The loaded user or group that a document shows. */
function loadedResource(uri: vscode.Uri, directory: Directory): DirectoryResource | undefined {
  const reference = parseScimUri(uri);
  const provider = reference && directory.loadedProvider(reference);
  const data = reference && directory.loadedResource(reference);
  return provider && data && new DirectoryResource(provider, scimKindOf(reference), data);
}

/** The account or identity provider that a row of the view stands for, or that its ids name; nothing else is searched instead. */
async function scopeOf(row: unknown, directory: Directory): Promise<DirectoryAccount | DirectoryProvider> {
  const [reference] = row instanceof DirectoryAccount ? [] : identityProviderTargets([row], () => []);
  const scope = reference ? await directory.provider(reference) : (row as DirectoryAccount);
  if (scope === undefined) {
    throw new ExplainedError(vscode.l10n.t('This identity provider is no longer there. Refresh the view.'));
  }
  return scope;
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
