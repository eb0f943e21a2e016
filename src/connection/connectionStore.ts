import * as v from 'valibot';
import type { Memento, SecretStorage } from 'vscode';
import type { Credential } from '../cloudflare/credential';

/** A connection as it is kept: the secret in SecretStorage alone, ids and names also in the index. */
export interface Connection {
  readonly accountId: string;
  /** The account's name at Cloudflare; untrusted. */
  readonly accountName: string;
  readonly credential: Credential;
  /** The origin that the credential was verified against, and goes to. */
  readonly origin: string;
  /** When the token ends, RFC 3339, where Cloudflare said so. */
  readonly expiresOn?: string | undefined;
}

/** An entry of the index whose secret is gone, or is not one of ours. */
export interface LostConnection {
  readonly accountId: string;
  readonly accountName: string;
  readonly lost: 'secretMissing' | 'secretUnreadable';
}

/** A connection of either kind, with the name that the person gave it, if any. */
export type StoredConnection = (Connection | LostConnection) & { readonly label?: string | undefined };

const text = v.pipe(v.string(), v.nonEmpty());
const common = {
  version: v.literal(1),
  secret: text,
  origin: text,
  accountId: v.string(),
  accountName: v.string(),
  expiresOn: v.optional(v.string()),
};

/** The secret `scimExplorer.connection.<accountId>`: versioned JSON. */
const storedSecret = v.variant('scheme', [
  v.object({ ...common, scheme: v.literal('token') }),
  v.object({ ...common, scheme: v.literal('key'), email: text }),
]);

/** The index in `globalState`: SecretStorage cannot list its keys in every VS Code that this runs in. */
const indexKey = 'scimExplorer.connections';
const storedIndex = v.fallback(
  v.array(v.object({ accountId: v.string(), accountName: v.string(), label: v.optional(v.string()) })),
  [],
);
type IndexEntry = v.InferOutput<typeof storedIndex>[number];

const secretPrefix = 'scimExplorer.connection.';

export function secretKey(accountId: string): string {
  return secretPrefix + accountId;
}

/** Where connections are kept between sessions. */
export class ConnectionStore {
  constructor(
    private readonly secrets: Pick<SecretStorage, 'get' | 'store' | 'delete' | 'onDidChange'>,
    private readonly state: Pick<Memento, 'get' | 'update'>,
  ) {}

  /** Calls back when a connection was made or ended, in this window or in another one. */
  onDidChange(callback: () => void): { dispose(): void } {
    return this.secrets.onDidChange(async ({ key }) => {
      if (key.startsWith(secretPrefix)) {
        await this.follow(key.slice(secretPrefix.length));
        callback();
      }
    });
  }

  /** Takes over into this window's index what another window did to a connection: the secret is what windows share at once. */
  private async follow(accountId: string): Promise<void> {
    const read = await this.read({ accountId, accountName: '' });
    const index = this.index();
    const isKnown = index.some((entry) => entry.accountId === accountId);
    if ('lost' in read && read.lost === 'secretMissing' && isKnown) {
      await this.writeIndex(index.filter((entry) => entry.accountId !== accountId));
    } else if (!('lost' in read) && !isKnown) {
      await this.writeIndex([...index, { accountId, accountName: read.accountName }]);
    }
  }

  /** Every connection of the index, in the order they were made; never rejects: what cannot be read is lost. */
  load(): Promise<StoredConnection[]> {
    return Promise.all(this.index().map(async (entry) => ({ ...(await this.read(entry)), label: entry.label })));
  }

  /**
   * Keeps a connection in place of an older one to the same account, and reads it back. Returns what undoes it; undefined where the
   * secret was not kept, and then everything is as before.
   */
  async save(connection: Connection): Promise<(() => Promise<void>) | undefined> {
    const { accountId, accountName } = connection;
    const indexBefore = this.index();
    const restoreSecret = await this.keep(secretKey(accountId), JSON.stringify(toStored(connection)));
    if (restoreSecret === undefined) {
      return undefined;
    }
    const before = indexBefore.find((entry) => entry.accountId === accountId);
    const entry = { accountId, accountName, ...(before?.label !== undefined && { label: before.label }) };
    await this.writeIndex(
      before ? indexBefore.map((other) => (other === before ? entry : other)) : [...indexBefore, entry],
    );
    return async () => {
      await restoreSecret();
      await this.writeIndex(indexBefore);
    };
  }

  /** Stores a secret; returns what puts the one before it back, or undefined where it was not kept. */
  private async keep(key: string, secret: string): Promise<(() => Promise<void>) | undefined> {
    try {
      const before = await this.secrets.get(key);
      const restore = async () => {
        await (before === undefined ? this.secrets.delete(key) : this.secrets.store(key, before));
      };
      if (await this.keeps(key, secret)) {
        return restore;
      }
      await restore();
    } catch {
      // A keyring that is locked or missing throws: nothing was kept, which is what the caller must know.
    }
    return undefined;
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

  /** Gives a connection a name of the person's own; an empty one gives the account's name back. */
  async rename(accountId: string, label: string): Promise<void> {
    const named = (entry: IndexEntry) => ({ ...entry, label: label === '' ? undefined : label });
    await this.writeIndex(this.index().map((entry) => (entry.accountId === accountId ? named(entry) : entry)));
  }

  /** Forgets a connection, the secret first. */
  async remove(accountId: string): Promise<void> {
    await this.secrets.delete(secretKey(accountId));
    await this.writeIndex(this.index().filter((entry) => entry.accountId !== accountId));
  }

  private async writeIndex(index: readonly IndexEntry[]): Promise<void> {
    await this.state.update(indexKey, index.length > 0 ? index : undefined);
  }

  private index(): IndexEntry[] {
    return v.parse(storedIndex, this.state.get(indexKey));
  }

  private async read({ accountId, accountName: known }: IndexEntry): Promise<Connection | LostConnection> {
    try {
      const stored = await this.secrets.get(secretKey(accountId));
      if (stored === undefined) {
        return { accountId, accountName: known, lost: 'secretMissing' };
      }
      const { origin, expiresOn, ...rest } = v.parse(storedSecret, JSON.parse(stored));
      const accountName = rest.accountName;
      const credential: Credential =
        rest.scheme === 'token'
          ? { scheme: 'token', token: rest.secret }
          : { scheme: 'key', email: rest.email, key: rest.secret };
      return { accountId, accountName, credential, origin, ...(expiresOn !== undefined && { expiresOn }) };
    } catch {
      return { accountId, accountName: known, lost: 'secretUnreadable' };
    }
  }
}

function toStored({ accountId, accountName, credential, origin, expiresOn }: Connection) {
  const common = { version: 1, origin, accountId, accountName, expiresOn };
  return credential.scheme === 'token'
    ? { ...common, scheme: credential.scheme, secret: credential.token }
    : { ...common, scheme: credential.scheme, secret: credential.key, email: credential.email };
}
