import * as v from 'valibot';
import type { Credential } from '../cloudflare';

/** A connection as its secret holds it: the secret alone is enough to use it. */
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

const secretPrefix = 'scimExplorer.connection.';

export function secretKey(accountId: string): string {
  return secretPrefix + accountId;
}

/** The account whose secret has this key; undefined for another one's key. */
export function accountOfKey(key: string): string | undefined {
  return key.startsWith(secretPrefix) ? key.slice(secretPrefix.length) : undefined;
}

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

/** The secret `scimExplorer.connection.<accountId>`: versioned JSON, read by every version since 0.1.0. */
const storedSecret = v.variant('scheme', [
  v.object({ ...common, scheme: v.literal('token') }),
  v.object({ ...common, scheme: v.literal('key'), email: headerText }),
]);

/** The connection in a stored secret of an account; throws for one that is not of this format, or of another account. */
export function parseSecret(stored: string, accountId: string): Connection {
  const { origin, expiresOn, ...rest } = v.parse(storedSecret, JSON.parse(stored));
  if (rest.accountId !== accountId) {
    throw new Error('The secret is that of another account');
  }
  const credential: Credential =
    rest.scheme === 'token'
      ? { scheme: 'token', token: rest.secret }
      : { scheme: 'key', email: rest.email, key: rest.secret };
  const { accountName } = rest;
  return { accountId, accountName, credential, origin, ...(expiresOn !== undefined && { expiresOn }) };
}

/** A connection as the text that parseSecret reads. */
export function secretText({ accountId, accountName, credential, origin, expiresOn }: Connection): string {
  const common = { version: 1, origin, accountId, accountName, expiresOn };
  return JSON.stringify(
    credential.scheme === 'token'
      ? { ...common, scheme: credential.scheme, secret: credential.token }
      : { ...common, scheme: credential.scheme, secret: credential.key, email: credential.email },
  );
}
