import type { Memento, SecretStorage } from 'vscode';
import { ConnectionIndex, type IndexEntry } from './connectionIndex';
import { accountOfKey, type Connection, secretKey, secretText } from './storedSecret';

/** A connection whose secret is gone, or is not one of ours. */
export interface LostConnection {
  readonly accountId: string;
  readonly accountName: string;
  readonly lost: 'secretMissing' | 'secretUnreadable';
}

/** A connection of either kind, with the name that the person gave it, if any. */
export type StoredConnection = (Connection | LostConnection) & { readonly label?: string | undefined };

/** VS Code's secret storage. It lists its keys since 1.106; before, `keys` is not there. */
type Secrets = Pick<SecretStorage, 'get' | 'store' | 'delete' | 'onDidChange'> & {
  readonly keys?: () => Thenable<readonly string[]>;
};

/**
 * Where connections are kept between sessions: the secret in SecretStorage, an entry in the index.
 *
 * Nothing changes both at once, so either may be there without the other after a crash, a failure, or a change by another window. The
 * entry is written before the secret, and taken out after it: so a secret has an entry also where keys cannot be listed. Where they
 * can, a secret without an entry is a connection, and is given one at the next load. An entry without a secret is a lost connection.
 */
export class ConnectionStore {
  private readonly index: ConnectionIndex;
  /** Accounts whose entry is there, and whose secret is being stored. */
  private readonly saving = new Set<string>();

  constructor(
    private readonly secrets: Secrets,
    state: Pick<Memento, 'get' | 'update'>,
  ) {
    this.index = new ConnectionIndex(state);
  }

  /** Calls back when an account's connection was made or ended, in this window or in another one. */
  onDidChange(callback: (accountId: string) => void): { dispose(): void } {
    return this.secrets.onDidChange(async ({ key }) => {
      const accountId = accountOfKey(key);
      if (accountId !== undefined) {
        // What cannot be written now is made up for by the next load.
        await this.follow(accountId).catch(() => undefined);
        callback(accountId);
      }
    });
  }

  /** Every connection, in the order they were made; never rejects: what cannot be read is lost. */
  async load(): Promise<StoredConnection[]> {
    const ids = await this.secretIds();
    const entries = this.index.entries();
    const listed = new Set(entries.map(({ accountId }) => accountId));
    const adopted = ids.filter((id) => !listed.has(id)).map((id) => this.adopt(id));
    const known = entries.map(async (entry) => ({ ...(await this.read(entry)), label: entry.label }));
    return (await Promise.all([...known, ...adopted])).filter((connection) => connection !== undefined);
  }

  /** An account's connection; undefined for an account that is not connected. */
  async connection(accountId: string): Promise<StoredConnection | undefined> {
    const entry = this.index.entry(accountId);
    if (entry) {
      return { ...(await this.read(entry)), label: entry.label };
    }
    return (await this.hasSecret(accountId).catch(() => false)) ? this.adopt(accountId) : undefined;
  }

  /**
   * Keeps a connection in place of an older one to the same account, and reads it back. Returns what undoes it; undefined where it was
   * not kept, and then everything is as before.
   */
  async save(connection: Connection): Promise<(() => Promise<void>) | undefined> {
    const { accountId, accountName } = connection;
    const key = secretKey(accountId);
    const entry = this.index.entry(accountId);
    this.saving.add(accountId);
    try {
      const secret = await this.secrets.get(key);
      await this.index.put(accountId, { ...this.index.entry(accountId), accountId, accountName });
      const restore = () => this.restore(accountId, secret, entry);
      if (await this.keeps(key, secretText(connection))) {
        return restore;
      }
      await restore();
    } catch {
      // A keyring that is locked or missing throws: nothing was stored, which is what the caller must know.
    } finally {
      this.saving.delete(accountId);
    }
    return undefined;
  }

  /** Gives a connection a name of the person's own; an empty one gives the account's name back. */
  async rename(accountId: string, label: string): Promise<void> {
    await this.connection(accountId);
    const entry = this.index.entry(accountId);
    if (entry) {
      await this.index.put(accountId, { ...entry, label: label === '' ? undefined : label });
    }
  }

  /** Forgets a connection, the secret first. Rejects where the secret is still there, and then its entry is, too. */
  async remove(accountId: string): Promise<void> {
    await this.secrets.delete(secretKey(accountId));
    if (await this.hasSecret(accountId)) {
      throw new Error('The secret was not deleted');
    }
    await this.index.put(accountId, undefined);
  }

  /** Forgets every connection, and every other secret under our prefix; rejects where one is left, after trying them all. */
  async removeAll(): Promise<void> {
    const listed = await this.secretIds();
    const ids = new Set([...this.index.entries().map(({ accountId }) => accountId), ...listed]);
    const failures: unknown[] = [];
    for (const accountId of ids) {
      await this.remove(accountId).catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) {
      throw new AggregateError(failures, 'Some connections are left');
    }
  }

  /** Rejects where the system does not say. */
  private async hasSecret(accountId: string): Promise<boolean> {
    return (await this.secrets.get(secretKey(accountId))) !== undefined;
  }

  /** The accounts that have a secret, where these can be listed. */
  private async secretIds(): Promise<string[]> {
    try {
      const keys = (await this.secrets.keys?.()) ?? [];
      return keys.flatMap((key) => accountOfKey(key) ?? []).sort();
    } catch {
      return [];
    }
  }

  /** Gives a secret an entry that has none; undefined where the secret is gone again. */
  private async adopt(accountId: string): Promise<StoredConnection | undefined> {
    const connection = await this.read({ accountId, accountName: '' });
    if ('lost' in connection && connection.lost === 'secretMissing') {
      return undefined;
    }
    if (this.index.entry(accountId) === undefined) {
      await this.index.put(accountId, { accountId, accountName: connection.accountName }).catch(() => undefined);
    }
    return connection;
  }

  /** Takes over into this window's index what another window did to a connection: the secret is what windows share at once. */
  private async follow(accountId: string): Promise<void> {
    if (await this.hasSecret(accountId)) {
      await this.adopt(accountId);
    } else if (!this.saving.has(accountId) && this.index.entry(accountId)) {
      await this.index.put(accountId, undefined);
    }
  }

  /** Whether the system gives back what it was given. */
  private async keeps(key: string, secret: string): Promise<boolean> {
    try {
      await this.secrets.store(key, secret);
      return (await this.secrets.get(key)) === secret;
    } catch {
      return false;
    }
  }

  /** Puts back what was kept of an account before. A secret that cannot be put back stays listed. */
  private async restore(accountId: string, secret: string | undefined, entry: IndexEntry | undefined): Promise<void> {
    const key = secretKey(accountId);
    try {
      await (secret === undefined ? this.secrets.delete(key) : this.secrets.store(key, secret));
    } catch {
      // What counts is what is there now.
    }
    try {
      if ((await this.secrets.get(key)) === secret) {
        // The name that a person gave the account meanwhile stays.
        await this.index.put(
          accountId,
          entry && { ...entry, ...this.index.entry(accountId), accountName: entry.accountName },
        );
      }
    } catch {
      // The entry stays, as one of a connection that is lost.
    }
  }

  private async read({ accountId, accountName }: IndexEntry): Promise<Connection | LostConnection> {
    try {
      const stored = await this.secrets.get(secretKey(accountId));
      if (stored === undefined) {
        return { accountId, accountName, lost: 'secretMissing' };
      }
      // Loaded here, since the schema library is not needed at activation.
      const { parseSecret } = await import('./parseSecret');
      return parseSecret(stored, accountId);
    } catch {
      return { accountId, accountName, lost: 'secretUnreadable' };
    }
  }
}
