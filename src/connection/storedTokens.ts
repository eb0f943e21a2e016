import type { CloudflareClient } from '../cloudflare';
import type { StoredConnection } from './connectionStore';
import type { Checked } from './credentialSteps';

/** A stored token that reaches accounts which are not connected. */
export interface StoredToken {
  /** The connected account that it belongs to. */
  readonly of: { readonly id: string; readonly name: string };
  readonly checked: Checked;
}

/** Asks Cloudflare which stored tokens reach further accounts: a request for each token. A token that cannot say so is left out. */
export async function storedTokens(
  connections: readonly StoredConnection[],
  client: CloudflareClient,
): Promise<StoredToken[]> {
  const { origin } = client;
  const connected = new Set(connections.map(({ accountId }) => accountId));
  const usable = connections.flatMap((connection) =>
    'credential' in connection && connection.credential.scheme === 'token' && connection.origin === origin
      ? [connection]
      : [],
  );
  const each = new Map(usable.toReversed().map((connection) => [JSON.stringify(connection.credential), connection]));
  const tokens = await Promise.all(
    [...each.values()].toReversed().map(async (connection): Promise<StoredToken[]> => {
      const { accountId, accountName, label, credential, expiresOn } = connection;
      try {
        const api = await client.open({ credential, origin });
        const accounts = await api.listAccounts();
        const checked = { credential, origin, api, needsAccount: false, expiresOn, accounts };
        const reachesMore = accounts.some(({ id }) => !connected.has(id));
        return reachesMore ? [{ of: { id: accountId, name: label ?? accountName }, checked }] : [];
      } catch {
        return [];
      }
    }),
  );
  return tokens.flat();
}
