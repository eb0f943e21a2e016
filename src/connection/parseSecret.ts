import * as v from 'valibot';
import type { Credential } from '../cloudflare';
import type { Connection } from './storedSecret';

/** A text that fits into a header. For any other text `fetch` throws an error that contains the value. */
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

/** Parses the stored secret of an account. Throws if it has another format or belongs to another account. */
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
