import type { Credential } from '../cloudflare';

/** A connection as it is stored in one secret, which has all that is needed to use it. */
export interface Connection {
  readonly accountId: string;
  /** The account's name at Cloudflare; untrusted. */
  readonly accountName: string;
  readonly credential: Credential;
  /** The only origin that the credential is sent to: the one that it was verified against. */
  readonly origin: string;
  /** When the token expires, RFC 3339, if Cloudflare says so. */
  readonly expiresOn?: string | undefined;
}

const secretPrefix = 'scimExplorer.connection.';

export function secretKey(accountId: string): string {
  return secretPrefix + accountId;
}

/** The id of the account whose secret has this key; undefined for any other key. */
export function accountOfKey(key: string): string | undefined {
  return key.startsWith(secretPrefix) ? key.slice(secretPrefix.length) : undefined;
}

/** The text to store, which `parseSecret` reads. */
export function secretText({ accountId, accountName, credential, origin, expiresOn }: Connection): string {
  const common = { version: 1, origin, accountId, accountName, expiresOn };
  return JSON.stringify(
    credential.scheme === 'token'
      ? { ...common, scheme: credential.scheme, secret: credential.token }
      : { ...common, scheme: credential.scheme, secret: credential.key, email: credential.email },
  );
}
