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

/** What a header takes: with anything else `fetch` fails, and names the header's value as it does. */
const headerText = v.pipe(v.string(), v.regex(/^[\x21-\x7e]+$/));
const common = {
  version: v.literal(1),
  secret: headerText,
  origin: v.pipe(v.string(), v.nonEmpty()),
  accountId: v.string(),
  accountName: v.string(),
  expiresOn: v.optional(v.string()),
};

/** The secret `scimExplorer.connection.<accountId>`: versioned JSON. */
const storedSecret = v.variant('scheme', [
  v.object({ ...common, scheme: v.literal('token') }),
  v.object({ ...common, scheme: v.literal('key'), email: headerText }),
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
    const known = this.entry(accountId);
    if ('lost' in read && read.lost === 'secretMissing' && known) {
      await this.putEntry(accountId, undefined);
    } else if (!('lost' in read) && !known) {
      await this.putEntry(accountId, { accountId, accountName: read.accountName });
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
    const before = this.entry(accountId);
    const restoreSecret = await this.keep(secretKey(accountId), JSON.stringify(toStored(connection)));
    if (restoreSecret === undefined) {
      return undefined;
    }
    const label = this.entry(accountId)?.label;
    await this.putEntry(accountId, { accountId, accountName, ...(label !== undefined && { label }) });
    return async () => {
      await restoreSecret();
      await this.putEntry(accountId, before);
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

  /** The account's own name, as it was when it was connected; undefined for one that is not connected. */
  accountName(accountId: string): string | undefined {
    return this.entry(accountId)?.accountName;
  }

  /** Gives a connection a name of the person's own; an empty one gives the account's name back. */
  async rename(accountId: string, label: string): Promise<void> {
    const entry = this.entry(accountId);
    await this.putEntry(accountId, entry && { ...entry, label: label === '' ? undefined : label });
  }

  /** Forgets a connection, the secret first. */
  async remove(accountId: string): Promise<void> {
    await this.secrets.delete(secretKey(accountId));
    await this.putEntry(accountId, undefined);
  }

  /** Puts an account's entry in its place, or takes it out. Nothing is awaited before: others change the index meanwhile. */
  private async putEntry(accountId: string, entry: IndexEntry | undefined): Promise<void> {
    const index = this.index();
    const at = index.findIndex((other) => other.accountId === accountId);
    const [start, removed] = at === -1 ? [index.length, 0] : [at, 1];
    const changed = index.toSpliced(start, removed, ...(entry ? [entry] : []));
    await this.state.update(indexKey, changed.length > 0 ? changed : undefined);
  }

  private entry(accountId: string): IndexEntry | undefined {
    return this.index().find((entry) => entry.accountId === accountId);
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
      if (rest.accountId !== accountId) {
        return { accountId, accountName: known, lost: 'secretUnreadable' };
      }
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
