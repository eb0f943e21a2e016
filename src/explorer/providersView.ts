import * as vscode from 'vscode';
import { registerCommand } from '../commands/commands';
import { parseDocumentUri, type ScimUserReference } from '../directory/reference';
import { DirectoryAccount, DirectoryProvider } from '../directory/account';
import type { Directory } from '../directory/directory';
import { DirectoryUser } from '../directory/user';
import { ExplainedError } from '../messages/explain';
import { ProvidersTree } from './providersTree';
import { FailureRow, ListEnd, type Row } from './rows';

export const viewId = 'scimExplorer.providers';

/** The view *Identity Providers*, with *Load More*, *Retry* and *Refresh*. */
export class ProvidersView implements vscode.Disposable {
  readonly tree: ProvidersTree;
  private readonly view: vscode.TreeView<Row>;
  private readonly disposables: vscode.Disposable;

  constructor(
    private readonly directory: Directory,
    /** Reads an open user document again. */
    private readonly refreshDocument: (reference: ScimUserReference) => Promise<void>,
  ) {
    this.tree = new ProvidersTree(directory);
    this.view = vscode.window.createTreeView(viewId, {
      treeDataProvider: this.tree,
      canSelectMany: true,
      showCollapseAll: true,
    });
    this.disposables = vscode.Disposable.from(
      this.tree,
      this.view,
      registerCommand('scimExplorer.loadMore', (row) => this.loadMore(row)),
      registerCommand('scimExplorer.retry', (row) => this.retry(row)),
      registerCommand('scimExplorer.refresh', (row) => this.refresh(row)),
    );
  }

  get selection(): readonly Row[] {
    return this.view.selection;
  }

  dispose(): void {
    this.disposables.dispose();
  }

  /** Appends the next page and puts the focus on its first row. */
  private async loadMore(row: unknown): Promise<void> {
    const [selected] = this.selection;
    const { provider } = [row, selected].find((candidate) => candidate instanceof ListEnd) ?? {};
    if (provider === undefined) {
      throw new ExplainedError(
        vscode.l10n.t('Select a "Load more…" row in the SCIM Explorer view, then run the command again.'),
      );
    }
    const before = provider.users.count;
    await provider.users.loadMore();
    if (provider.users.count > before && this.view.visible) {
      // The tree is drawn again first; revealing asks it for the row, so it must know that row by then.
      await this.tree.getChildren(provider);
      const first = this.tree.userRow(provider, before);
      if (first) {
        await this.view.reveal(first, { focus: true, select: false });
      }
    }
  }

  private async retry(row: unknown): Promise<void> {
    const failed = [row, this.selection[0]].find((candidate) => candidate instanceof FailureRow);
    if (failed === undefined) {
      throw new ExplainedError(
        vscode.l10n.t('Select the row of an error in the SCIM Explorer view, then run the command again.'),
      );
    }
    await this.withProgress(() =>
      failed.owner instanceof DirectoryAccount ? failed.owner.loadProviders() : failed.owner.users.retry(),
    );
  }

  /** Reads again what a row shows; without a row the document in front, else everything that was read. */
  private async refresh(argument: unknown): Promise<void> {
    const reference = documentReference(argument);
    if (reference) {
      return this.refreshDocument(reference);
    }
    await this.withProgress(async () => {
      const owner = ownerOf(argument);
      if (owner instanceof DirectoryProvider) {
        return owner.users.refresh();
      }
      const accounts = owner ? [owner] : await this.directory.ensureAccounts();
      await Promise.all(accounts.map(refreshAccount));
    });
  }

  private async withProgress(work: () => Promise<unknown>): Promise<void> {
    await vscode.window.withProgress({ location: { viewId } }, work);
  }
}

async function refreshAccount(account: DirectoryAccount): Promise<void> {
  await account.loadProviders();
  const read = (account.providers ?? []).filter(({ users }) => users.hasFirstPage || users.failure !== undefined);
  await Promise.all(read.map(({ users }) => users.refresh()));
}

function documentReference(argument: unknown): ScimUserReference | undefined {
  if (argument instanceof vscode.Uri) {
    return parseDocumentUri(argument);
  }
  const front = vscode.window.activeTextEditor?.document.uri;
  return argument === undefined && front ? parseDocumentUri(front) : undefined;
}

/** Whose part of the tree a row belongs to; undefined for no row, which means all of it. */
function ownerOf(row: unknown): DirectoryAccount | DirectoryProvider | undefined {
  if (row instanceof DirectoryAccount || row instanceof DirectoryProvider) {
    return row;
  }
  if (row instanceof DirectoryUser || row instanceof ListEnd) {
    return row.provider;
  }
  return row instanceof FailureRow ? row.owner : undefined;
}
