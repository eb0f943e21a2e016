import vscode = require('vscode');
import type { Directory } from '../directory/directory';
import { documentScheme, parseDocumentUri, type ScimUserReference } from '../directory/reference';
import { explain } from '../messages/explain';
import { withoutIsolates } from '../text/untrusted';

/** Why nothing can be typed into a user's document; shown where someone tries. */
export function readOnlyMessage(): vscode.MarkdownString {
  return new vscode.MarkdownString(
    vscode.l10n.t(
      'This is what Cloudflare knows of the user. SCIM Explorer only reads: users are changed in the identity provider.',
    ),
  );
}

interface Shown {
  /** Grows with every change, as VS Code expects of a file's. */
  readonly mtime: number;
  /** Whether the document tells of a failure in place of showing a user. */
  readonly isFailure: boolean;
}

/**
 * Users as read-only documents, `scim-explorer:/accounts/…/users/<id>.json`. A file system and not a content provider, since
 * only that survives a reload of the window and can say why it is read-only. No text is kept here: VS Code has it while it is open.
 */
export class UserDocuments implements vscode.FileSystemProvider, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.changes.event;
  private readonly shown = new Map<string, Shown>();
  /** Texts that are here already and VS Code has not fetched yet. */
  private readonly fetched = new Map<string, string>();
  private readonly subscriptions: vscode.Disposable;

  constructor(private readonly directory: Directory) {
    const onAccounts = () => this.onAccountsChanged();
    directory.on('change', onAccounts);
    this.subscriptions = vscode.Disposable.from(
      this.changes,
      new vscode.Disposable(() => directory.off('change', onAccounts)),
      vscode.workspace.registerFileSystemProvider(documentScheme, this, {
        isCaseSensitive: true,
        isReadonly: readOnlyMessage(),
      }),
      vscode.workspace.onDidCloseTextDocument((document) => this.onClosed(document)),
      vscode.workspace.onDidOpenTextDocument((document) => this.setLanguage(document)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.setLanguage(document)),
    );
  }

  /** Never asks the network. */
  stat(uri: vscode.Uri): vscode.FileStat {
    if (parseDocumentUri(uri) === undefined) {
      throw vscode.FileSystemError.FileNotFound(uri);
    }
    return {
      type: vscode.FileType.File,
      ctime: 0,
      mtime: this.shown.get(uri.toString())?.mtime ?? 0,
      size: 0,
      permissions: vscode.FilePermission.Readonly,
    };
  }

  /**
   * The user as the server has it now; a failure is told in words in the document, since VS Code would not show them. A document
   * that shows a user keeps it: then the failure is VS Code's to handle, and it leaves the text alone.
   */
  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const reference = parseDocumentUri(uri);
    if (reference === undefined) {
      throw vscode.FileSystemError.FileNotFound(uri);
    }
    const key = uri.toString();
    const fetched = this.fetched.get(key);
    this.fetched.delete(key);
    if (fetched !== undefined) {
      return new TextEncoder().encode(fetched);
    }
    const { text, error } = await this.load(reference);
    if (error !== undefined && this.shown.get(key)?.isFailure === false) {
      throw vscode.FileSystemError.Unavailable(uri);
    }
    // The time stays as stat told it: VS Code would take another one for a change, and ask again at every turn.
    this.shown.set(key, { mtime: this.shown.get(key)?.mtime ?? 0, isFailure: error !== undefined });
    return new TextEncoder().encode(text);
  }

  /** Hands in a user that was just fetched, so that opening its document does not fetch it again. */
  async prepare(uri: vscode.Uri, rawText: string): Promise<void> {
    const { formatDocument } = await import('./format.js');
    this.showAnew(uri, formatDocument(rawText), false);
  }

  /** Reads an open document's user again. Where that fails, a user that is shown stays, and the error is thrown. */
  async refresh(uri: vscode.Uri): Promise<void> {
    const reference = parseDocumentUri(uri);
    if (reference === undefined) {
      return;
    }
    const { text, error } = await this.load(reference);
    if (error !== undefined && this.shown.get(uri.toString())?.isFailure === false) {
      throw error;
    }
    this.showAnew(uri, text, error !== undefined);
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  writeFile(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  private async load(reference: ScimUserReference): Promise<{ text: string; error: Error | undefined }> {
    try {
      const [{ rawText }, { formatDocument }] = await Promise.all([
        this.directory.fetchUser(reference),
        import('./format.js'),
      ]);
      return { text: formatDocument(rawText), error: undefined };
    } catch (cause) {
      const error = cause instanceof Error ? cause : new Error('Not an error was thrown', { cause });
      return { text: failureText(error), error };
    }
  }

  /** Gives a document another text, and a time that is new to VS Code. */
  private showAnew(uri: vscode.Uri, text: string, isFailure: boolean): void {
    this.fetched.set(uri.toString(), text);
    this.touch(uri, isFailure);
    this.changes.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  private touch(uri: vscode.Uri, isFailure: boolean): void {
    const key = uri.toString();
    this.shown.set(key, { mtime: (this.shown.get(key)?.mtime ?? 0) + 1, isFailure });
  }

  private onClosed({ uri, isClosed }: vscode.TextDocument): void {
    // A change of language is told as closing and opening, too.
    if (isClosed) {
      this.shown.delete(uri.toString());
      this.fetched.delete(uri.toString());
    }
  }

  /**
   * After a connection was made or ended: documents of an account that is gone turn into words that say so, and such words
   * into the user again.
   */
  private onAccountsChanged(): void {
    const connected = new Set(this.directory.accounts.map(({ id }) => id));
    for (const { uri } of vscode.workspace.textDocuments) {
      const reference = parseDocumentUri(uri);
      if (!reference || this.shown.get(uri.toString())?.isFailure !== connected.has(reference.accountId)) {
        continue;
      }
      // VS Code keeps a document for a while after its tab was closed: nothing is asked for it, but the new time makes
      // VS Code read it again when it is opened once more.
      this.touch(uri, true);
      if (!connected.has(reference.accountId) || isInTab(uri)) {
        void this.refresh(uri);
      }
    }
  }

  /** Words in a `.json` document would be underlined as errors: they are shown as plain text until there is a user. */
  private setLanguage(document: vscode.TextDocument): void {
    const shown = this.shown.get(document.uri.toString());
    const language = shown?.isFailure ? 'plaintext' : 'json';
    if (shown !== undefined && document.languageId !== language) {
      // It rejects for a document that was closed meanwhile.
      void vscode.languages.setTextDocumentLanguage(document, language).then(undefined, () => undefined);
    }
  }
}

function failureText(error: unknown): string {
  const { what, next } = explain(error);
  const again = vscode.l10n.t(
    'To try again, run "SCIM Explorer: Refresh" from the command palette, or use the button above.',
  );
  return withoutIsolates([vscode.l10n.t('This user could not be loaded.'), what, next, again].join('\n\n') + '\n');
}

function isInTab(uri: vscode.Uri): boolean {
  const tabs = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs);
  return tabs.some(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri.toString());
}
