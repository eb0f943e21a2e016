import { createHash } from 'node:crypto';

/** The two authentication schemes of the API [docs]. */
export type Credential =
  | { readonly scheme: 'token'; readonly token: string }
  | { readonly scheme: 'key'; readonly email: string; readonly key: string };

/** A credential and the only origin that it may be sent to: the one that it was verified against. */
export interface Authorization {
  readonly credential: Credential;
  readonly origin: string;
}

export function authorizationHeaders(credential: Credential): Record<string, string> {
  return credential.scheme === 'token'
    ? { Authorization: `Bearer ${credential.token}` }
    : { 'X-Auth-Email': credential.email, 'X-Auth-Key': credential.key };
}

/** A hash that identifies a credential: requests with the same one share a rate limit, and may share a response. */
export function credentialKey(credential: Credential): string {
  return createHash('sha256')
    .update(JSON.stringify(authorizationHeaders(credential)))
    .digest('hex')
    .slice(0, 16);
}
