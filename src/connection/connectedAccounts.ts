import { CloudflareApi } from '../cloudflare/api';
import type { Gate } from '../cloudflare/gate';
import { DirectoryAccount } from '../directory/account';
import type { AccountSource } from '../directory/directory';
import type { Connection, ConnectionStore, LostConnection } from './connectionStore';

/** Turns stored connections into accounts of the directory. A connection that did not change keeps its account. */
export class ConnectedAccounts implements AccountSource {
  /** Hidden from anything that prints objects: connections hold secrets. */
  #known = new Map<string, { readonly connection: Connection | LostConnection; readonly account: DirectoryAccount }>();

  constructor(
    private readonly store: ConnectionStore,
    private readonly gate: Gate,
  ) {}

  async load(): Promise<readonly DirectoryAccount[]> {
    const entries = (await this.store.load()).map((connection) => {
      const before = this.#known.get(connection.accountId);
      return before && isSame(before.connection, connection) ? before : { connection, account: this.open(connection) };
    });
    this.#known = new Map(entries.map((entry) => [entry.connection.accountId, entry]));
    return entries.map(({ account }) => account);
  }

  private open(connection: Connection | LostConnection): DirectoryAccount {
    const access = 'lost' in connection ? connection.lost : new CloudflareApi(this.gate, connection);
    return new DirectoryAccount(connection.accountId, connection.accountName, access);
  }
}

function isSame(a: Connection | LostConnection, b: Connection | LostConnection): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
