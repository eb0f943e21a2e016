import { CloudflareApi, type Gate } from '../cloudflare';
import { type AccountSource, DirectoryAccount } from '../directory';
import type { ConnectionStore, StoredConnection } from './connectionStore';

/** Turns stored connections into accounts of the directory. A connection that did not change keeps its account. */
export class ConnectedAccounts implements AccountSource {
  /** Hidden from anything that prints objects: connections hold secrets. */
  #known = new Map<string, { readonly connection: StoredConnection; readonly account: DirectoryAccount }>();

  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly store: ConnectionStore,
    private readonly gate: Gate,
    /** Told how many accounts there are, whenever they have been read. */
    private readonly tellCount: (count: number) => void = () => undefined,
  ) {}

  /** One reading after the other, so that the one which began last says what is known. */
  load(): Promise<readonly DirectoryAccount[]> {
    const loading = this.last.then(() => this.read());
    this.last = loading.catch(() => undefined);
    return loading;
  }

  private async read(): Promise<readonly DirectoryAccount[]> {
    const entries = (await this.store.load()).map((connection) => {
      const before = this.#known.get(connection.accountId);
      if (before === undefined || !isSame(before.connection, connection)) {
        return { connection, account: this.open(connection) };
      }
      // A new name is no new connection: what was loaded stays.
      if (before.account.name !== nameOf(connection)) {
        before.account.rename(nameOf(connection));
      }
      return { connection, account: before.account };
    });
    this.#known = new Map(entries.map((entry) => [entry.connection.accountId, entry]));
    this.tellCount(entries.length);
    return entries.map(({ account }) => account);
  }

  private open(connection: StoredConnection): DirectoryAccount {
    const { accountId } = connection;
    const name = nameOf(connection);
    return 'lost' in connection
      ? new DirectoryAccount(accountId, name, connection.lost)
      : new DirectoryAccount(accountId, name, new CloudflareApi(this.gate, connection), connection.expiresOn);
  }
}

function nameOf({ label, accountName }: StoredConnection): string {
  return label ?? accountName;
}

function isSame(a: StoredConnection, b: StoredConnection): boolean {
  return JSON.stringify({ ...a, label: undefined }) === JSON.stringify({ ...b, label: undefined });
}
