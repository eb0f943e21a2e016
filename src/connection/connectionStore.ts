import type { Memento, SecretStorage } from 'vscode';
import { ConnectionIndex, type IndexEntry } from './connectionIndex';
import { accountOfKey, type Connection, secretKey, secretText } from './storedSecret';

/** A connection whose secret is missing or malformed. */
export interface LostConnection {
  readonly accountId: string;
  readonly accountName: string;
  readonly lost: 'secretMissing' | 'secretUnreadable';
}

/** A connection, with the name that the user gave it, if any. */
export type StoredConnection = (Connection | LostConnection) & { readonly label?: string | undefined };

/** VS Code's secret storage. `keys` exists since VS Code 1.106. */
type Secrets = Pick<SecretStorage, 'get' | 'store' | 'delete' | 'onDidChange'> & {
  readonly keys?: () => Thenable<readonly string[]>;
};

/**
 * Stores connections between sessions: each as a secret in SecretStorage, and an entry in the index.
 *
 * The two cannot be changed together, so after a crash, a failure or a change by another window one may exist without the other. The entry
 * is written before the secret, and removed after it, so that a secret has an entry even if VS Code cannot list keys. If it can, a secret
 * without an entry is a connection, and gets an entry at the next load. An entry without a secret is a lost connection.
 */
export class ConnectionStore {
  private readonly index: ConnectionIndex;
  /** Accounts that have an entry already, and whose secret is being stored. */
  private readonly saving = new Set<string>();

  constructor(
    private readonly secrets: Secrets,
    state: Pick<Memento, 'get' | 'update'>,
  ) {
    this.index = new ConnectionIndex(state);
  }

  /** Calls back after an account was connected or disconnected, in this window or in another one. */
  onDidChange(callback: (accountId: string) => void): { dispose(): void } {
    return this.secrets.onDidChange(async ({ key }) => {
      const accountId = accountOfKey(key);
      if (accountId !== undefined) {
        // If this fails, the next load does it.
        await this.follow(accountId).catch(() => undefined);
        callback(accountId);
      }
    });
  }

  /** All connections, in the order of their creation. Never rejects: a connection that cannot be read is a lost one. */
  async load(): Promise<StoredConnection[]> {
    const ids = await this.secretIds();
    const entries = this.index.entries();
    const listed = new Set(entries.map(({ accountId }) => accountId));
    const adopted = ids.filter((id) => !listed.has(id)).map((id) => this.adopt(id));
    const known = entries.map(async (entry) => ({ ...(await this.read(entry)), label: entry.label }));
    return (await Promise.all([...known, ...adopted])).filter((connection) => connection !== undefined);
  }

  /** An account's connection, if it is connected. */
  async connection(accountId: string): Promise<StoredConnection | undefined> {
    const entry = this.index.entry(accountId);
    if (entry) {
      return { ...(await this.read(entry)), label: entry.label };
    }
    return (await this.hasSecret(accountId).catch(() => false)) ? this.adopt(accountId) : undefined;
  }

  /**
   * Stores a connection in place of an older one to the same account, and reads it back. @returns A function that undoes this; undefined if
   * the system did not store it, and then the older connection is restored.
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
      // A locked or missing keyring throws: nothing was stored.
    } finally {
      this.saving.delete(accountId);
    }
    return undefined;
  }

  /** Sets the name that the user gives a connection; an empty one restores the account's name. */
  async rename(accountId: string, label: string): Promise<void> {
    await this.connection(accountId);
    const entry = this.index.entry(accountId);
    if (entry) {
      await this.index.put(accountId, { ...entry, label: label === '' ? undefined : label });
    }
  }

  /** Deletes a connection, its secret first. Rejects if the secret is still there; then its entry stays as well. */
  async remove(accountId: string): Promise<void> {
    await this.secrets.delete(secretKey(accountId));
    if (await this.hasSecret(accountId)) {
      throw new Error('The secret was not deleted');
    }
    await this.index.put(accountId, undefined);
  }

  /** Deletes all connections and all other secrets with our prefix. Tries them all, and rejects if one is left. */
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

  /** Rejects if the system's keyring fails. */
  private async hasSecret(accountId: string): Promise<boolean> {
    return (await this.secrets.get(secretKey(accountId))) !== undefined;
  }

  /** The accounts that have a secret; empty if VS Code cannot list keys. */
  private async secretIds(): Promise<string[]> {
    try {
      const keys = (await this.secrets.keys?.()) ?? [];
      return keys.flatMap((key) => accountOfKey(key) ?? []).sort();
    } catch {
      return [];
    }
  }

  /** Adds an entry for a secret that has none. @returns Undefined if the secret does not exist any more. */
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

  /** Updates this window's index after a secret changed: windows share secrets at once, but not `globalState`. */
  private async follow(accountId: string): Promise<void> {
    if (await this.hasSecret(accountId)) {
      await this.adopt(accountId);
    } else if (!this.saving.has(accountId) && this.index.entry(accountId)) {
      await this.index.put(accountId, undefined);
    }
  }

  /** Stores a secret. @returns Whether reading it back returns the same. */
  private async keeps(key: string, secret: string): Promise<boolean> {
    try {
      await this.secrets.store(key, secret);
      return (await this.secrets.get(key)) === secret;
    } catch {
      return false;
    }
  }

  /** Restores an account's secret and entry. If the secret cannot be restored, the entry stays. */
  private async restore(accountId: string, secret: string | undefined, entry: IndexEntry | undefined): Promise<void> {
    const key = secretKey(accountId);
    try {
      await (secret === undefined ? this.secrets.delete(key) : this.secrets.store(key, secret));
    } catch {
      // The secret is read below.
    }
    try {
      if ((await this.secrets.get(key)) === secret) {
        // A name that the user gave the account meanwhile stays.
        await this.index.put(
          accountId,
          entry && { ...entry, ...this.index.entry(accountId), accountName: entry.accountName },
        );
      }
    } catch {
      // The entry stays, as a lost connection.
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
