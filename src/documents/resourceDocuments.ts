import vscode = require('vscode');
import { type Directory, documentScheme, isSameId } from '../directory';
import { type Content, contentOf, isFolder } from './content';
import { OpenedDocuments } from './openedDocuments';
import { urisInTabs } from './tabs';
import { failureText, notOpenedText } from './words';

/** Why a document is read-only. VS Code shows it when the user types into the document. */
export function readOnlyMessage(): vscode.MarkdownString {
  return new vscode.MarkdownString(
    vscode.l10n.t('This is what Cloudflare has. SCIM Explorer is read-only: change users in the identity provider.'),
  );
}

interface Shown {
  /** Increases with every change, as VS Code expects of `mtime`. */
  readonly mtime: number;
  /** Undefined if the document has to be read again. */
  readonly text: string | undefined;
  /** Whether the text is an error message. */
  readonly isFailure: boolean;
}

/**
 * Users, identity providers and provisioning histories as read-only documents: `content.ts` says what each URI shows. A file system and not a
 * content provider, since only its documents survive a reload of the window and can say why they are read-only. The text is kept while VS Code
 * has the document open, so that a second reader causes no request. `OpenedDocuments` decides which readers may cause one.
 */
export class ResourceDocuments implements vscode.FileSystemProvider, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.changes.event;
  private readonly shown = new Map<string, Shown>();
  private readonly loading = new Map<string, Promise<string>>();
  private readonly opened = new OpenedDocuments(urisInTabs);
  private readonly subscriptions: vscode.Disposable;

  constructor(private readonly directory: Directory) {
    const onAccounts = () => this.onAccountsChanged();
    directory.on('change', onAccounts);
    const onTabs = () => {
      this.readAgain();
      this.forgetClosed();
    };
    this.subscriptions = vscode.Disposable.from(
      this.changes,
      new vscode.Disposable(() => directory.off('change', onAccounts)),
      vscode.workspace.registerFileSystemProvider(documentScheme, this, {
        isCaseSensitive: true,
        isReadonly: readOnlyMessage(),
      }),
      vscode.window.tabGroups.onDidChangeTabs(onTabs),
      vscode.window.tabGroups.onDidChangeTabGroups(onTabs),
      vscode.workspace.onDidOpenTextDocument(() => this.readAgain()),
      vscode.workspace.onDidCloseTextDocument(() => this.forgetClosed()),
    );
  }

  /** Sends no request. The folder of a document exists as well, for the breadcrumbs and *Save As…*. */
  stat(uri: vscode.Uri): vscode.FileStat {
    const isFile = contentOf(uri, this.directory) !== undefined;
    if (!isFile && !isFolder(uri)) {
      throw vscode.FileSystemError.FileNotFound(uri);
    }
    return {
      type: isFile ? vscode.FileType.File : vscode.FileType.Directory,
      ctime: 0,
      mtime: this.shown.get(uri.toString())?.mtime ?? 0,
      size: 0,
      permissions: vscode.FilePermission.Readonly,
    };
  }

  /**
   * The text that the document already shows; otherwise, for a document that the user opened, the server's current user. An error becomes the
   * document's text, since VS Code would not show it. The text for a reader without a tab is not kept.
   */
  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const content = contentOf(uri, this.directory);
    if (content === undefined) {
      throw vscode.FileSystemError.FileNotFound(uri);
    }
    const key = uri.toString();
    let text = this.shown.get(key)?.text;
    text ??= this.opened.mayAsk(key) ? await this.firstText(key, content) : notOpenedText();
    return new TextEncoder().encode(text);
  }

  /** The JSON that an open document shows; undefined if it shows a message. */
  shownText(uri: vscode.Uri): string | undefined {
    const { text, isFailure = true } = this.shown.get(uri.toString()) ?? {};
    return isFailure ? undefined : text;
  }

  /** Shows a document in a tab. JSON that was just fetched is shown without a second request. */
  async open(uri: vscode.Uri, title: string, rawText?: string): Promise<void> {
    if (rawText !== undefined) {
      const { formatDocument } = await import('./format');
      // The account may have been disconnected meanwhile.
      if (this.isConnected(uri)) {
        this.show(uri, formatDocument(rawText), false);
      }
    }
    const options: vscode.TextDocumentShowOptions = { preview: false };
    try {
      await this.opened.whileOpening(uri.toString(), () =>
        vscode.commands.executeCommand('vscode.open', uri, options, title),
      );
    } finally {
      this.forgetClosed();
    }
  }

  /** Requests the user of an open document again. On failure the document keeps the user, and the error is thrown. */
  async refresh(uri: vscode.Uri): Promise<void> {
    const content = contentOf(uri, this.directory);
    if (content === undefined || !openDocuments().has(uri.toString())) {
      return;
    }
    const { text, error } = await load(content);
    if (error !== undefined && this.shown.get(uri.toString())?.isFailure === false) {
      throw error;
    }
    this.show(uri, text, error !== undefined);
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

  /** The text of a document that has none yet. Several readers share one request. */
  private async firstText(key: string, content: Content): Promise<string> {
    const read = async () => {
      try {
        const { text, error } = await load(content);
        // A refresh may have been faster. Keep the time that `stat` returned: VS Code takes another time for a change.
        const { mtime = 0, text: newer } = this.shown.get(key) ?? {};
        if (newer === undefined) {
          this.shown.set(key, { mtime, text, isFailure: error !== undefined });
        }
        return newer ?? text;
      } finally {
        this.loading.delete(key);
      }
    };
    const loading = this.loading.get(key) ?? read();
    this.loading.set(key, loading);
    return loading;
  }

  /** Replaces the text of a document and its time. Without a text VS Code reads the document again. */
  private show(uri: vscode.Uri, text: string | undefined, isFailure: boolean): void {
    const key = uri.toString();
    this.shown.set(key, { mtime: (this.shown.get(key)?.mtime ?? 0) + 1, text, isFailure });
    this.changes.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  /** Lets VS Code read documents again that it read before a tab showed them. */
  private readAgain(): void {
    const documents = openDocuments();
    const isAnswered = (key: string) => this.loading.has(key) || this.shown.get(key)?.text !== undefined;
    for (const key of this.opened.toReadAgain(documents.keys(), isAnswered)) {
      this.show(vscode.Uri.parse(key), undefined, true);
    }
  }

  private forgetClosed(): void {
    const documents = openDocuments();
    for (const key of this.shown.keys()) {
      if (!documents.has(key) && !this.opened.mayAsk(key)) {
        this.shown.delete(key);
      }
    }
  }

  /**
   * Updates documents after an account was connected or disconnected: those that show a user of a disconnected account, and those that show a
   * message although their account is connected now.
   */
  private onAccountsChanged(): void {
    for (const [key, { isFailure }] of this.shown) {
      const uri = vscode.Uri.parse(key);
      if (isFailure === this.isConnected(uri)) {
        this.show(uri, undefined, true);
      }
    }
  }

  private isConnected(uri: vscode.Uri): boolean {
    const accountId = contentOf(uri, this.directory)?.accountId;
    return this.directory.accounts.some(({ id }) => isSameId(accountId, id));
  }
}

/** The user documents that VS Code has open, whether a tab shows them or not. */
function openDocuments(): Set<string> {
  const uris = vscode.workspace.textDocuments.map(({ uri }) => uri);
  return new Set(uris.filter(({ scheme }) => scheme === documentScheme).map((uri) => uri.toString()));
}

/** The text of a document: its content, or an error message. */
async function load(content: Content): Promise<{ text: string; error: Error | undefined }> {
  try {
    return { text: await content.load(), error: undefined };
  } catch (cause) {
    const error = cause instanceof Error ? cause : new Error('Not an error was thrown', { cause });
    return { text: failureText(content.failure(), error), error };
  }
}
