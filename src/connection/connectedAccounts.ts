import type { CloudflareClient } from '../cloudflare';
import { type AccountSource, DirectoryAccount } from '../directory';
import type { ConnectionStore, StoredConnection } from './connectionStore';

/** Opens the stored connections as accounts of the directory. A connection that has not changed keeps its account. */
export class ConnectedAccounts implements AccountSource {
  /** Private to the runtime, since connections hold secrets: not visible to `inspect` or `JSON.stringify`. */
  #known = new Map<string, { readonly connection: StoredConnection; readonly account: DirectoryAccount }>();

  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly store: ConnectionStore,
    private readonly client: CloudflareClient,
    /** Called with the number of accounts after each `load`. */
    private readonly onCount: (count: number) => void = () => undefined,
  ) {}

  /** Reads the stored connections. Calls run one after the other, so the result of the last one is what is kept. */
  load(): Promise<readonly DirectoryAccount[]> {
    const loading = this.last.then(() => this.read());
    this.last = loading.catch(() => undefined);
    return loading;
  }

  private async read(): Promise<readonly DirectoryAccount[]> {
    const connections = await this.store.load();
    const entries = await Promise.all(
      connections.map(async (connection) => ({ connection, account: await this.accountOf(connection) })),
    );
    this.#known = new Map(entries.map((entry) => [entry.connection.accountId, entry]));
    this.onCount(entries.length);
    return entries.map(({ account }) => account);
  }

  private async accountOf(connection: StoredConnection): Promise<DirectoryAccount> {
    const { accountId } = connection;
    const name = nameOf(connection);
    const before = this.#known.get(accountId);
    if (before && isSame(before.connection, connection)) {
      // A renamed account keeps the users that it has loaded.
      if (before.account.name !== name) {
        before.account.rename(name);
      }
      return before.account;
    }
    return 'lost' in connection
      ? new DirectoryAccount(accountId, name, connection.lost)
      : new DirectoryAccount(accountId, name, await this.client.open(connection), connection.expiresOn);
  }
}

function nameOf({ label, accountName }: StoredConnection): string {
  return label ?? accountName;
}

/** Whether two connections differ at most in the name that the user gave the account. */
function isSame(a: StoredConnection, b: StoredConnection): boolean {
  return JSON.stringify({ ...a, label: undefined }) === JSON.stringify({ ...b, label: undefined });
}
