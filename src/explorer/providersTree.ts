import { isDeepStrictEqual } from 'node:util';
import vscode = require('vscode');
import { type Directory, DirectoryAccount, DirectoryProvider, DirectoryResource } from '../directory';
import { ContextKey } from '../ui';
import { resourceTooltip } from './resourceItem';
import {
  EmptyRow,
  FailureRow,
  FoundFolder,
  GroupsFolder,
  kindOf,
  ListEnd,
  listOf,
  type ListOwner,
  maxShown,
  type Owner,
  placeOf,
  providerOf,
  type Row,
} from './rows';
import { treeItem } from './treeItems';

/** The rows of one owner that are not objects of the directory. Created once, so that each row stays the same object. */
interface OwnRows {
  readonly failure: FailureRow;
  readonly empty: EmptyRow;
}

interface ListRows extends OwnRows {
  readonly end: ListEnd;
  /** By path, so that a user or group keeps its row when the list changes. */
  resources: Map<string, DirectoryResource>;
}

/**
 * The tree: identity providers with their groups and loaded users; with several accounts, the accounts above them. It shows the state of the
 * directory and requests nothing itself. On a change event of the directory, only the row that changed and its children are drawn again.
 */
export class ProvidersTree implements vscode.TreeDataProvider<Row>, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<Row | undefined>();
  readonly onDidChangeTreeData = this.changes.event;

  /** How the rows of accounts, providers and their groups were last drawn. They are drawn again if they would look different. */
  private readonly drawn = new WeakMap<Row, vscode.TreeItem>();
  private readonly watchedAccounts = new WeakSet<DirectoryAccount>();
  private readonly accountRows = new WeakMap<DirectoryAccount, OwnRows>();
  private readonly listRows = new WeakMap<ListOwner, ListRows>();
  private readonly folders = new WeakMap<DirectoryProvider, { groups: GroupsFolder; found: FoundFolder }>();
  /** The row whose children VS Code is reading now. It needs no change event. */
  private readonly opening = new Set<Owner>();
  private readonly isConnected = new ContextKey('scimExplorer.isConnected');
  /** Not the opposite: before the accounts are read both are false, and the palette offers all commands. */
  private readonly isDisconnected = new ContextKey('scimExplorer.isDisconnected');
  private readonly onDirectoryChange = () => this.changes.fire(undefined);

  constructor(private readonly directory: Directory) {
    directory.on('change', this.onDirectoryChange);
  }

  getTreeItem(row: Row): vscode.TreeItem {
    const item = treeItem(row);
    if (row instanceof DirectoryResource && this.foldersOf(row.provider).found.has(row)) {
      // A page may have the same user or group later, and VS Code refuses a second row with the same id.
      item.id = `${row.path}#found`;
    }
    if (row instanceof DirectoryAccount || row instanceof DirectoryProvider || row instanceof GroupsFolder) {
      this.drawn.set(row, item);
    }
    return item;
  }

  resolveTreeItem(item: vscode.TreeItem, row: Row): vscode.TreeItem {
    if (row instanceof DirectoryResource) {
      item.tooltip = resourceTooltip(row);
    }
    return item;
  }

  getParent(row: Row): Row | undefined {
    if (row instanceof DirectoryAccount) {
      return undefined;
    }
    if (row instanceof DirectoryResource) {
      const { found } = this.foldersOf(row.provider);
      return found.has(row) ? found : this.ownerOf(row);
    }
    if (row instanceof GroupsFolder || row instanceof FoundFolder) {
      return row.provider;
    }
    if (row instanceof DirectoryProvider) {
      return this.accountOf(row);
    }
    return row.owner instanceof DirectoryAccount && !this.hasAccountLevel ? undefined : row.owner;
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
    if (row instanceof FoundFolder) {
      return [...row.resources];
    }
    if (row instanceof DirectoryProvider) {
      const resources = await this.resourcesOf(row);
      const { groups, found } = this.foldersOf(row);
      return [groups, ...(found.resources.length > 0 ? [found] : []), ...resources];
    }
    return row instanceof GroupsFolder ? this.resourcesOf(row) : [];
  }

  /** The row of user or group `i` of a list, as VS Code knows it. */
  resourceRow(owner: ListOwner, i: number): DirectoryResource | undefined {
    return [...this.rowsOf(owner).resources.values()][i];
  }

  /** The row of a user or group, which is added to the folder *Found* if no page has it. */
  async rowOf(resource: DirectoryResource): Promise<DirectoryResource> {
    const { provider } = resource;
    await this.getChildren(provider);
    const i = placeOf(resource);
    const owner = this.ownerOf(resource);
    await (i !== undefined && owner !== provider && this.getChildren(owner));
    const listed = i === undefined ? undefined : this.resourceRow(owner, i);
    if (listed) {
      return listed;
    }
    this.foldersOf(provider).found.add(resource);
    this.changes.fire(provider);
    return resource;
  }

  /** Reads the folders *Found* of these rows again. */
  async refreshFound(owners: readonly Owner[], signal: AbortSignal): Promise<void> {
    const providers = owners.flatMap(
      (owner) => (owner instanceof DirectoryAccount ? owner.providers : providerOf(owner)) ?? [],
    );
    for (const provider of new Set(providers)) {
      const { found } = this.foldersOf(provider);
      if (found.resources.length > 0) {
        await found.refresh(this.directory, signal);
        this.changes.fire(provider);
      }
    }
  }

  dispose(): void {
    this.directory.off('change', this.onDirectoryChange);
    this.changes.dispose();
  }

  private get hasAccountLevel(): boolean {
    return this.directory.accounts.length > 1;
  }

  private ownerOf(resource: DirectoryResource): ListOwner {
    return resource.kind === 'group' ? this.foldersOf(resource.provider).groups : resource.provider;
  }

  private foldersOf(provider: DirectoryProvider): { groups: GroupsFolder; found: FoundFolder } {
    let folders = this.folders.get(provider);
    if (!folders) {
      folders = { groups: new GroupsFolder(provider), found: new FoundFolder(provider) };
      this.folders.set(provider, folders);
    }
    return folders;
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

  private async resourcesOf(owner: ListOwner): Promise<Row[]> {
    const { shown } = listOf(owner);
    const rows = this.rowsOf(owner);
    const isFirst = !shown.hasFirstPage;
    await this.whileOpening(owner, () => shown.ensureFirstPage());
    if (isFirst) {
      // The first page told how many there are.
      this.redrawIfDifferent(owner);
    }

    const before = rows.resources;
    rows.resources = new Map();
    for (let i = 0; i < Math.min(shown.count, maxShown); i++) {
      const fresh = providerOf(owner).itemAt(kindOf(owner), i);
      const known = before.get(fresh.path);
      rows.resources.set(fresh.path, known && isDeepStrictEqual(known.data, fresh.data) ? known : fresh);
    }

    const hasFailed = shown.failure !== undefined && shown.activity === 'idle';
    const isEmpty = shown.count === 0 && shown.isComplete;
    // After a failed page *Retry* replaces *Load more…*, which would do the same. A cancelled first page has neither users nor a failure, and
    // can be loaded again.
    const hasMore = !shown.isComplete && !(hasFailed && shown.failure.during === 'loading');
    return [
      ...rows.resources.values(),
      ...(isEmpty ? [rows.empty] : []),
      ...(hasFailed ? [rows.failure] : []),
      ...(hasMore || shown.count > maxShown ? [rows.end] : []),
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

  private redrawIfDifferent(owner: Owner): void {
    const before = this.drawn.get(owner);
    const { label, description } = treeItem(owner);
    const isShown = !(owner instanceof DirectoryAccount) || this.hasAccountLevel;
    if (isShown && before && (before.label !== label || before.description !== description)) {
      this.changes.fire(owner);
    }
  }

  private rowsOf(owner: ListOwner): ListRows {
    let rows = this.listRows.get(owner);
    if (!rows) {
      const end = new ListEnd(owner);
      rows = { failure: new FailureRow(owner), empty: new EmptyRow(owner), end, resources: new Map() };
      this.listRows.set(owner, rows);
      const list = listOf(owner);
      list.on('change', () => {
        if (list.shown.activity !== 'idle' && list.shown.failure === undefined) {
          this.changes.fire(end);
        } else {
          this.onOwnerChange(owner, false);
        }
      });
    }
    return rows;
  }

  private onOwnerChange(owner: Owner, isUnderWay: boolean): void {
    if (this.opening.has(owner) || isUnderWay) {
      return;
    }
    this.changes.fire(owner instanceof DirectoryAccount && !this.hasAccountLevel ? undefined : owner);
  }

  private async whileOpening(owner: Owner, work: () => Promise<void>): Promise<void> {
    this.opening.add(owner);
    try {
      await work();
    } finally {
      this.opening.delete(owner);
    }
  }
}
