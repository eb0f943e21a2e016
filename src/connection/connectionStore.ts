import * as v from 'valibot';
import type { Memento, SecretStorage } from 'vscode';
import type { Credential } from '../cloudflare/credential';

/** A connection as it is kept: the secret in SecretStorage alone, ids and names also in the index. */
export interface Connection {
  readonly accountId: string;
  readonly accountName: string;
  readonly credential: Extract<Credential, { readonly scheme: 'token' }>;
  /** The origin that the credential was verified against, and goes to. */
  readonly origin: string;
}

/** An entry of the index whose secret is gone, or is not one of ours. */
export interface LostConnection {
  readonly accountId: string;
  readonly accountName: string;
  readonly lost: 'secretMissing' | 'secretUnreadable';
}

/** The secret `scimExplorer.connection.<accountId>`: versioned JSON. */
const storedSecret = v.object({
  version: v.literal(1),
  scheme: v.literal('token'),
  secret: v.pipe(v.string(), v.nonEmpty()),
  origin: v.pipe(v.string(), v.nonEmpty()),
  accountId: v.string(),
  accountName: v.string(),
});

/** The index in `globalState`: SecretStorage cannot list its keys in every VS Code that this runs in. */
const indexKey = 'scimExplorer.connections';
const storedIndex = v.fallback(v.array(v.object({ accountId: v.string(), accountName: v.string() })), []);
type IndexEntry = v.InferOutput<typeof storedIndex>[number];

export function secretKey(accountId: string): string {
  return `scimExplorer.connection.${accountId}`;
}

/** Where connections are kept between sessions. */
export class ConnectionStore {
  constructor(
    private readonly secrets: Pick<SecretStorage, 'get' | 'store' | 'delete'>,
    private readonly state: Pick<Memento, 'get' | 'update'>,
  ) {}

  /** Every connection of the index, in the order they were made; never rejects: what cannot be read is lost. */
  load(): Promise<(Connection | LostConnection)[]> {
    return Promise.all(this.index().map((entry) => this.read(entry)));
  }

  /**
   * Keeps a connection in place of an older one to the same account, and reads it back. Returns what undoes it; undefined where the
   * secret was not kept, and then everything is as before.
   */
  async save({ accountId, accountName, credential, origin }: Connection): Promise<(() => Promise<void>) | undefined> {
    const key = secretKey(accountId);
    const [secretBefore, indexBefore] = [await this.secrets.get(key), this.index()];
    const restoreSecret = async () => {
      await (secretBefore === undefined ? this.secrets.delete(key) : this.secrets.store(key, secretBefore));
    };
    const { scheme, token: secret } = credential;
    const text = JSON.stringify({ version: 1, scheme, secret, origin, accountId, accountName });
    await this.secrets.store(key, text);
    if ((await this.secrets.get(key)) !== text) {
      await restoreSecret();
      return undefined;
    }
    const others = indexBefore.filter((entry) => entry.accountId !== accountId);
    await this.writeIndex([...others, { accountId, accountName }]);
    return async () => {
      await restoreSecret();
      await this.writeIndex(indexBefore);
    };
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

  private async read({ accountId, accountName }: IndexEntry): Promise<Connection | LostConnection> {
    try {
      const text = await this.secrets.get(secretKey(accountId));
      if (text === undefined) {
        return { accountId, accountName, lost: 'secretMissing' };
      }
      const { scheme, secret, origin } = v.parse(storedSecret, JSON.parse(text));
      return { accountId, accountName, credential: { scheme, token: secret }, origin };
    } catch {
      return { accountId, accountName, lost: 'secretUnreadable' };
    }
  }
}
