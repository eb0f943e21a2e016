import { setTimeout } from 'node:timers/promises';
import vscode = require('vscode');
import { type Directory, DirectoryAccount, type DirectoryResource, isDocumentUri } from '../directory';
import { shownName } from '../text';
import { ContextKey, documentTarget, ExplainedError, type RateLimitWait, registerCommand, requested } from '../ui';
import { dragOfIds } from './dragOfIds';
import { loadAll, registerLoadAll } from './loadAllCommand';
import { ProvidersTree } from './providersTree';
import { expiryWords } from './accountItem';
import {
  failureOf,
  FailureRow,
  GroupsFolder,
  kindOf,
  ListEnd,
  listOf,
  maxShown,
  type Owner,
  ownerOf,
  providerOf,
  type Row,
} from './rows';

export const viewId = 'scimExplorer.providers';

/** How many times, and at what interval in ms, the view tries to focus a row until VS Code has drawn it. */
const maxFocusAttempts = 10;
const focusPauseMs = 50;

/** Milliseconds until a message is drawn: VS Code collects changes of a view for 200 ms. */
const messagePauseMs = 300;

/** Milliseconds after which the view says that it waits for the system's keyring. */
const keyringPatienceMs = 3000;

/** Registers the view *Identity Providers* and its commands. @param refreshDocument Reads an open document of a user again. */
export function registerExplorer(
  directory: Directory,
  wait: RateLimitWait,
  refreshDocument: (uri: vscode.Uri) => Promise<void>,
): ProvidersView {
  return new ProvidersView(directory, wait, refreshDocument);
}

/** The view *Identity Providers*, with *Load More*, *Load All Users*, *Retry* and *Refresh*. */
export class ProvidersView implements vscode.Disposable {
  readonly tree: ProvidersTree;
  readonly drag = dragOfIds;
  private readonly view: vscode.TreeView<Row>;
  private readonly disposables: vscode.Disposable;
  private readonly isWaiting = new ContextKey('scimExplorer.isWaiting');
  /** What the line above the rows may say. */
  private told: { readonly wait?: string | undefined; readonly account?: string | undefined } = {};
  /** The refreshes that are running. */
  private readonly refreshing = new Set<AbortController>();

  constructor(
    private readonly directory: Directory,
    wait: RateLimitWait,
    /** Reads an open user document again. */
    private readonly refreshDocument: (uri: vscode.Uri) => Promise<void>,
  ) {
    this.tree = new ProvidersTree(directory);
    this.view = vscode.window.createTreeView(viewId, {
      treeDataProvider: this.tree,
      canSelectMany: true,
      dragAndDropController: this.drag,
      showCollapseAll: true,
    });
    const describe = () => void this.describe().catch(() => undefined);
    directory.on('change', describe);
    // Also when an account was renamed.
    const drawn = this.tree.onDidChangeTreeData(describe);
    this.disposables = vscode.Disposable.from(
      this.tree,
      this.view,
      drawn,
      new vscode.Disposable(() => directory.off('change', describe)),
      this.view.onDidChangeVisibility(describe),
      wait.onDidChange((words) => this.tellOfWait(words)),
      registerLoadAll(directory, () => this.selection),
      registerCommand('scimExplorer.loadMore', (row) => this.loadMore(row)),
      registerCommand('scimExplorer.cancelLoading', (row) => this.cancelLoading(row)),
      // The button in the view's title: VS Code passes the selection to it, which may be a row that is loading.
      registerCommand('scimExplorer.cancelAllLoading', () => this.cancelAll()),
      registerCommand('scimExplorer.searchGroupsHere', async (row) => {
        await vscode.commands.executeCommand('scimExplorer.searchHere', row, 'group');
      }),
      registerCommand('scimExplorer.loadAllGroups', async (row) => {
        await (row instanceof GroupsFolder && loadAll([row.provider], 'group'));
      }),
      registerCommand('scimExplorer.retry', (row) => this.retry(row)),
      registerCommand('scimExplorer.tryAgain', (row) => this.retry(row)),
      registerCommand('scimExplorer.refresh', (...args) => this.refresh(args)),
      // VS Code passes the selection to the button in the view's title, but it refreshes the whole view.
      registerCommand('scimExplorer.refreshView', () => this.refreshOwners([])),
    );
  }

  get selection(): readonly Row[] {
    return this.view.selection;
  }

  /** Focuses the view, and in it an account, which is expanded; the first row, if it is the only account. */
  async focus(account: DirectoryAccount | undefined): Promise<void> {
    await vscode.commands.executeCommand(`${viewId}.focus`);
    if (account === undefined) {
      return;
    }
    const rows = await this.tree.getChildren();
    const row = rows.find((candidate) => candidate === account) ?? rows[0];
    await (row && this.focusRow(row, { expand: row === account }));
  }

  /** VS Code refuses a row that it has not drawn yet, so this tries several times. The row may also be gone; then nothing is focused. */
  private async focusRow(row: Row, { select = false, expand = false } = {}): Promise<void> {
    for (let attempt = 0; attempt < maxFocusAttempts; attempt++) {
      try {
        await this.view.reveal(row, { focus: true, select, expand });
        return;
      } catch {
        await setTimeout(focusPauseMs);
      }
    }
  }

  /** Selects the row of a user or group. One that no page has gets a row in the folder *Found*. */
  async reveal(resource: DirectoryResource): Promise<void> {
    if (this.directory.loadedProvider(resource.provider.reference) !== resource.provider) {
      throw new ExplainedError(vscode.l10n.t('The view has changed meanwhile. Search again.'));
    }
    await vscode.commands.executeCommand(`${viewId}.focus`);
    await this.focusRow(await this.tree.rowOf(resource), { select: true });
  }

  dispose(): void {
    this.disposables.dispose();
  }

  /** Appends the next page and focuses its first row. */
  private async loadMore(row: unknown): Promise<void> {
    const [selected] = this.selection;
    const end = [row, selected].find((candidate) => candidate instanceof ListEnd);
    if (end === undefined) {
      throw new ExplainedError(
        vscode.l10n.t('Select a "Load more…" row in the SCIM Explorer view, then run the command again.'),
      );
    }
    const { owner } = end;
    const { shown } = listOf(owner);
    if (shown.count >= maxShown) {
      await vscode.commands.executeCommand('scimExplorer.searchHere', providerOf(owner).reference, kindOf(owner));
      return;
    }
    const [before, editor] = [shown.count, vscode.window.activeTextEditor];
    await shown.loadMore();
    // Do not take the focus from an editor that the user went to meanwhile.
    if (shown.count > before && this.view.visible && vscode.window.activeTextEditor === editor) {
      // Draw the tree first: `reveal` needs the row to be in it.
      await this.tree.getChildren(owner);
      const first = this.tree.resourceRow(owner, before);
      await (first && this.focusRow(first));
    }
  }

  /** Cancels loading of the row's list, or all loading if the row is not loading. */
  private cancelLoading(row: unknown): void {
    const list = row instanceof ListEnd ? listOf(row.owner).shown : undefined;
    if (list && list.activity !== 'idle') {
      list.cancel();
    } else {
      this.cancelAll();
    }
  }

  /** Cancels all loading of all accounts, and what a refresh has still to load. */
  private cancelAll(): void {
    this.refreshing.forEach((refresh) => refresh.abort());
    this.whatLoads().forEach((loading) => loading.cancel());
  }

  private whatLoads(): { cancel(): void }[] {
    return this.directory.accounts.flatMap((account) => [
      ...(account.isLoading ? [account] : []),
      ...(account.providers ?? [])
        .flatMap(({ users, groups }) => [users, groups])
        .flatMap(({ shown, whole }) => [
          ...(shown.activity === 'idle' ? [] : [shown]),
          ...(whole.progress ? [{ cancel: () => whole.cancel() }] : []),
        ]),
    ]);
  }

  /** The message may push the row that is loading out of sight: reveal it again, and show *Cancel* in the view's title as well. */
  private tellOfWait(words: string | undefined): void {
    this.show({ wait: words });
    const canCancel = words !== undefined && this.whatLoads().length > 0;
    if (this.isWaiting.set(canCancel) && canCancel) {
      void this.bringBackWhatLoads();
    }
  }

  /** With one account there is no account row that could tell its name and that its token expires. */
  private async describe(): Promise<void> {
    // Read nothing before the view is visible.
    const [only, ...others] = this.view.visible ? await this.readAccounts() : this.directory.accounts;
    const isOnly = only !== undefined && others.length === 0;
    this.show({
      account: isOnly ? [shownName(only.name || only.id), expiryWords(only) ?? []].flat().join(' · ') : undefined,
    });
  }

  /** Reads the accounts, and says what it waits for if the system's keyring does not answer. */
  private async readAccounts(): Promise<readonly DirectoryAccount[]> {
    const words = vscode.l10n.t(
      "Waiting for your system's keyring. It may be asking for a password in another window.",
    );
    const telling = globalThis.setTimeout(() => this.show({ wait: words }), keyringPatienceMs);
    try {
      return await this.directory.ensureAccounts();
    } finally {
      clearTimeout(telling);
      if (this.told.wait === words) {
        this.show({ wait: undefined });
      }
    }
  }

  /**
   * Shows what the view waits for, else the account, in a line above the rows. Not as the view's description, which VS Code does not show
   * while the view is alone in its container.
   */
  private show(news: Partial<ProvidersView['told']>): void {
    this.told = { ...this.told, ...news };
    const words = this.told.wait ?? this.told.account;
    if (this.view.message !== words) {
      this.view.message = words;
    }
  }

  /** The line above the rows. */
  get message(): string | undefined {
    return this.view.message;
  }

  private async bringBackWhatLoads(): Promise<void> {
    await setTimeout(messagePauseMs);
    const [selected] = this.selection;
    if (this.view.visible && selected instanceof ListEnd && listOf(selected.owner).shown.activity !== 'idle') {
      await this.view.reveal(selected, { focus: false, select: false }).then(undefined, () => undefined);
    }
  }

  private async retry(row: unknown): Promise<void> {
    const failed = [row, this.selection[0]].find(
      (candidate) => candidate instanceof FailureRow || candidate instanceof DirectoryAccount,
    );
    if (failed === undefined) {
      throw new ExplainedError(
        vscode.l10n.t('Select the row of an error in the SCIM Explorer view, then run the command again.'),
      );
    }
    const owner = failed instanceof FailureRow ? failed.owner : failed;
    await vscode.window.withProgress({ location: { viewId } }, () => owner.retry());
  }

  /** Refreshes rows or user documents; without arguments the document in the active tab, else everything that was loaded. */
  private async refresh(args: readonly unknown[]): Promise<void> {
    const front = vscode.window.activeTextEditor?.document.uri;
    if (args[0] === undefined && front && isDocumentUri(front)) {
      return this.refreshDocument(front);
    }
    const targets = args[0] === undefined ? [] : requested(args);
    const owners = targets.flatMap((target) => ownerOf(target) ?? []);
    const documents = targets.flatMap((target) => documentTarget(target) ?? []);
    if (owners.length + documents.length < targets.length) {
      throw new ExplainedError(vscode.l10n.t('Refresh works on rows of the SCIM Explorer view and on user documents.'));
    }
    await Promise.all(documents.map((uri) => this.refreshDocument(uri)));
    if (documents.length === 0) {
      await this.refreshOwners(owners);
    }
  }

  /** Refreshes accounts, providers and their groups; an empty list means all. */
  private async refreshOwners(owners: readonly Owner[]): Promise<void> {
    const abort = new AbortController();
    this.refreshing.add(abort);
    const reading = vscode.window.withProgress({ location: { viewId } }, async () => {
      const all: readonly Owner[] = owners.length > 0 ? [...new Set(owners)] : await this.directory.ensureAccounts();
      await Promise.all(all.map((owner) => owner.refresh(abort.signal)));
      // The rows tell why they could not be read; the requests for *Found* would fail in the same way.
      const areRead = all.filter((owner) => failureOf(owner) === undefined);
      await (abort.signal.aborted || this.tree.refreshFound(areRead, abort.signal));
    });
    await Promise.resolve(reading).finally(() => this.refreshing.delete(abort));
  }
}
