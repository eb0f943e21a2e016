import { isDeepStrictEqual } from 'node:util';
import vscode = require('vscode');
import { type Directory, DirectoryAccount, DirectoryProvider, DirectoryUser } from '../directory';
import { ContextKey } from '../ui';
import { EmptyRow, FailureRow, ListEnd, type Row } from './rows';
import { maxUsersShown, treeItem, userTooltip } from './treeItems';

/** The rows of one owner that are not objects of the directory. Created once, so that each row stays the same object. */
interface OwnRows {
  readonly failure: FailureRow;
  readonly empty: EmptyRow;
}

interface ProviderRows extends OwnRows {
  readonly end: ListEnd;
  /** By path, so that a user keeps its row when the list changes. */
  users: Map<string, DirectoryUser>;
}

/**
 * The tree: identity providers and their loaded users; with several accounts, the accounts above them. It shows the state of the directory and
 * requests nothing itself. On a change event of the directory, only the row that changed and its children are drawn again.
 */
export class ProvidersTree implements vscode.TreeDataProvider<Row>, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<Row | undefined>();
  readonly onDidChangeTreeData = this.changes.event;

  /** How the rows of accounts and providers were last drawn. They are drawn again if they would look different. */
  private readonly drawn = new WeakMap<DirectoryAccount | DirectoryProvider, vscode.TreeItem>();
  private readonly watchedAccounts = new WeakSet<DirectoryAccount>();
  private readonly accountRows = new WeakMap<DirectoryAccount, OwnRows>();
  private readonly providerRows = new WeakMap<DirectoryProvider, ProviderRows>();
  /** The row whose children VS Code is reading now. It needs no change event. */
  private readonly opening = new Set<DirectoryAccount | DirectoryProvider>();
  private readonly isConnected = new ContextKey('scimExplorer.isConnected');
  /** Not the opposite: before the accounts are read both are false, and the palette offers all commands. */
  private readonly isDisconnected = new ContextKey('scimExplorer.isDisconnected');
  private readonly onDirectoryChange = () => this.changes.fire(undefined);

  constructor(private readonly directory: Directory) {
    directory.on('change', this.onDirectoryChange);
  }

  getTreeItem(row: Row): vscode.TreeItem {
    const item = treeItem(row);
    if (row instanceof DirectoryAccount || row instanceof DirectoryProvider) {
      this.drawn.set(row, item);
    }
    return item;
  }

  resolveTreeItem(item: vscode.TreeItem, row: Row): vscode.TreeItem {
    if (row instanceof DirectoryUser) {
      item.tooltip = userTooltip(row);
    }
    return item;
  }

  getParent(row: Row): Row | undefined {
    if (row instanceof DirectoryAccount) {
      return undefined;
    }
    if (row instanceof DirectoryUser || row instanceof ListEnd) {
      return row.provider;
    }
    if (row instanceof DirectoryProvider) {
      return this.accountOf(row);
    }
    return row.owner instanceof DirectoryProvider || this.hasAccountLevel ? row.owner : undefined;
  }

  /** Never rejects: VS Code would show the raw error in a notification. */
  async getChildren(row?: Row): Promise<Row[]> {
    if (row === undefined) {
      const accounts = await this.directory.ensureAccounts();
      this.isConnected.set(accounts.length > 0);
      this.isDisconnected.set(accounts.length === 0);
      accounts.forEach((account) => this.watch(account));
      const [only] = accounts;
      return only && accounts.length === 1 ? this.providersOf(only) : [...accounts];
    }
    if (row instanceof DirectoryAccount) {
      return this.providersOf(row);
    }
    return row instanceof DirectoryProvider ? this.usersOf(row) : [];
  }

  /** The row of user `i` of a provider, as VS Code knows it. */
  userRow(provider: DirectoryProvider, i: number): DirectoryUser | undefined {
    return [...this.rowsOf(provider).users.values()][i];
  }

  dispose(): void {
    this.directory.off('change', this.onDirectoryChange);
    this.changes.dispose();
  }

  private get hasAccountLevel(): boolean {
    return this.directory.accounts.length > 1;
  }

  private accountOf(provider: DirectoryProvider): DirectoryAccount | undefined {
    return this.hasAccountLevel
      ? this.directory.accounts.find(({ id }) => id === provider.reference.accountId)
      : undefined;
  }

  private async providersOf(account: DirectoryAccount): Promise<Row[]> {
    const { failure, empty } = this.rowsOfAccount(account);
    if (account.unusable) {
      return [failure];
    }
    await this.whileOpening(account, () => account.ensureProviders());
    this.redrawIfDifferent(account);
    const providers = account.providers ?? [];
    // Watch them from now on, since a search may load users of a provider that was never expanded.
    providers.forEach((provider) => this.rowsOf(provider));
    if (account.rejection) {
      // The failure is above the loaded rows. With several accounts, the account's row shows it.
      return this.hasAccountLevel && providers.length > 0 ? [...providers] : [failure, ...providers];
    }
    if (account.error !== undefined) {
      return [...providers, failure];
    }
    return providers.length > 0 ? [...providers] : [empty];
  }

  private async usersOf(provider: DirectoryProvider): Promise<Row[]> {
    const { users } = provider;
    const rows = this.rowsOf(provider);
    const isFirst = !users.shown.hasFirstPage;
    await this.whileOpening(provider, () => users.shown.ensureFirstPage());
    if (isFirst) {
      // The first page told how many users there are.
      this.redrawIfDifferent(provider);
    }

    const before = rows.users;
    rows.users = new Map();
    for (let i = 0; i < Math.min(users.shown.count, maxUsersShown); i++) {
      const fresh = provider.userAt(i);
      const known = before.get(fresh.path);
      rows.users.set(fresh.path, known && isDeepStrictEqual(known.user, fresh.user) ? known : fresh);
    }

    const hasFailed = users.shown.failure !== undefined && users.shown.activity === 'idle';
    const isEmpty = users.shown.count === 0 && users.shown.isComplete;
    // After a failed page *Retry* replaces *Load more…*, which would do the same. A cancelled first page has neither users nor a failure, and
    // can be loaded again.
    const hasMore = !users.shown.isComplete && !(hasFailed && users.shown.failure.during === 'loading');
    const hasEnd = hasMore || users.shown.count > maxUsersShown;
    return [
      ...rows.users.values(),
      ...(isEmpty ? [rows.empty] : []),
      ...(hasFailed ? [rows.failure] : []),
      ...(hasEnd ? [rows.end] : []),
    ];
  }

  private rowsOfAccount(account: DirectoryAccount): OwnRows {
    let rows = this.accountRows.get(account);
    if (!rows) {
      rows = { failure: new FailureRow(account), empty: new EmptyRow(account) };
      this.accountRows.set(account, rows);
    }
    return rows;
  }

  private watch(account: DirectoryAccount): void {
    if (this.watchedAccounts.has(account)) {
      return;
    }
    this.watchedAccounts.add(account);
    account.on('change', () => {
      // An account that was never expanded has no children on the screen: draw only its own row.
      if (this.accountRows.has(account)) {
        this.onOwnerChange(account, account.isLoading);
      } else if (!account.isLoading) {
        this.redrawIfDifferent(account);
      }
    });
  }

  private redrawIfDifferent(owner: DirectoryAccount | DirectoryProvider): void {
    const before = this.drawn.get(owner);
    const { label, description } = treeItem(owner);
    const isShown = owner instanceof DirectoryProvider || this.hasAccountLevel;
    if (isShown && before && (before.label !== label || before.description !== description)) {
      this.changes.fire(owner);
    }
  }

  private rowsOf(provider: DirectoryProvider): ProviderRows {
    let rows = this.providerRows.get(provider);
    if (!rows) {
      const end = new ListEnd(provider);
      rows = { failure: new FailureRow(provider), empty: new EmptyRow(provider), end, users: new Map() };
      this.providerRows.set(provider, rows);
      provider.users.on('change', () => {
        if (provider.users.shown.activity !== 'idle' && provider.users.shown.failure === undefined) {
          this.changes.fire(end);
        } else {
          this.onOwnerChange(provider, false);
        }
      });
    }
    return rows;
  }

  private onOwnerChange(owner: DirectoryAccount | DirectoryProvider, isUnderWay: boolean): void {
    if (this.opening.has(owner) || isUnderWay) {
      return;
    }
    this.changes.fire(owner instanceof DirectoryProvider || this.hasAccountLevel ? owner : undefined);
  }

  private async whileOpening(owner: DirectoryAccount | DirectoryProvider, work: () => Promise<void>): Promise<void> {
    this.opening.add(owner);
    try {
      await work();
    } finally {
      this.opening.delete(owner);
    }
  }
}
