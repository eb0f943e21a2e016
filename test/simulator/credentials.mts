import { randomBytes, randomInt } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { crc32 } from 'node:zlib';
import { failure, type Answer } from './envelope.mts';

export type TokenStatus = 'active' | 'disabled' | 'expired';

export interface TokenOptions {
  /** `unprefixed`: a token of the older form; account-owned if `account` is given. */
  readonly kind?: 'user' | 'account' | 'unprefixed';
  /** The account that owns the token; default for kind `account`: the first one. */
  readonly account?: string;
  /** Account ids that a user token reaches; default: all. */
  readonly accounts?: readonly string[];
  readonly status?: TokenStatus;
  /** What the token may read; both by default. `access`: providers, users, groups. `accountSettings`: the account list. */
  readonly permissions?: { readonly access?: boolean; readonly accountSettings?: boolean };
  /** RFC 3339; when it is past the token counts as expired. */
  readonly expiresOn?: string;
}

/** Somebody the simulator knows. */
export interface Credential {
  /** 32 hex digits: what `tokens/verify` answers, and nothing of the secret. */
  readonly id: string;
  readonly kind: 'user' | 'account' | 'apiKey';
  /** Account ids within reach. */
  readonly accounts: readonly string[];
  readonly status: TokenStatus;
  readonly permissions: { readonly access: boolean; readonly accountSettings: boolean };
  readonly expiresOn: string | undefined;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Forms that pass the first look at a header; anything else is 6003, whoever it may belong to. */
const bearerForm = /^Bearer ([A-Za-z0-9_-]{40,})$/;
const keyForm = /^(?:[0-9a-f]{37}|cfk_[A-Za-z0-9]{40,})$/;
const emailForm = /^[^@\s]+@[^@\s]+$/;

export class Credentials {
  readonly #known = new Map<string, Credential>();
  readonly #accounts: readonly string[];
  readonly #now: () => number;

  constructor(accounts: readonly string[], now: () => number) {
    this.#accounts = accounts;
    this.#now = now;
  }

  issueToken(options: TokenOptions = {}): string {
    const { kind = 'user', account } = options;
    const isOwnedByAccount = kind === 'account' || (kind === 'unprefixed' && account !== undefined);
    const secret = Array.from({ length: 40 }, () => alphabet[randomInt(alphabet.length)]).join('');
    const checksum = crc32(secret).toString(16).padStart(8, '0');
    const token = { user: `cfut_${secret}${checksum}`, account: `cfat_${secret}${checksum}`, unprefixed: secret }[kind];

    this.#known.set(`token ${token}`, {
      id: randomBytes(16).toString('hex'),
      kind: isOwnedByAccount ? 'account' : 'user',
      accounts: isOwnedByAccount ? [account ?? this.#accounts[0] ?? ''] : (options.accounts ?? this.#accounts),
      status: options.status ?? 'active',
      permissions: { access: true, accountSettings: true, ...options.permissions },
      expiresOn: options.expiresOn,
    });
    return token;
  }

  issueApiKey(email = 'admin@example.com'): { email: string; key: string } {
    const key = randomBytes(19).toString('hex').slice(0, 37);
    this.#known.set(`key ${email} ${key}`, {
      id: randomBytes(16).toString('hex'),
      kind: 'apiKey',
      accounts: this.#accounts,
      status: 'active',
      permissions: { access: true, accountSettings: true },
      expiresOn: undefined,
    });
    return { email, key };
  }

  revokeToken(token: string): void {
    this.#known.delete(`token ${token}`);
  }

  /** The status right now: a token whose time is up is expired whatever it was issued as. */
  statusOf({ status, expiresOn }: Credential): TokenStatus {
    return status === 'active' && expiresOn !== undefined && Date.parse(expiresOn) <= this.#now() ? 'expired' : status;
  }

  /** Who sent these headers: a credential, or `undefined` for a well-formed one nobody knows, or the refusal. */
  identify(headers: IncomingHttpHeaders): { credential: Credential | undefined } | { refusal: Answer } {
    const { authorization } = headers;
    const email = headers['x-auth-email']?.toString();
    const key = headers['x-auth-key']?.toString();

    if (authorization !== undefined) {
      const token = bearerForm.exec(authorization)?.[1];
      return token === undefined
        ? invalidHeaders(6111, 'Invalid format for Authorization header')
        : { credential: this.#known.get(`token ${token}`) };
    }
    if (email === undefined && key === undefined) {
      const message = 'Missing X-Auth-Key, X-Auth-Email or Authorization headers';
      return { refusal: failure(400, { code: 9106, message }) };
    }
    if (email === undefined || !emailForm.test(email)) {
      return invalidHeaders(6102, 'Invalid format for X-Auth-Email header');
    }
    if (key === undefined || !keyForm.test(key)) {
      return invalidHeaders(6103, 'Invalid format for X-Auth-Key header');
    }

    const credential = this.#known.get(`key ${email} ${key}`);
    return credential
      ? { credential }
      : { refusal: failure(403, { code: 9103, message: 'Unknown X-Auth-Key or X-Auth-Email' }) };
  }
}

function invalidHeaders(code: number, message: string): { refusal: Answer } {
  return {
    refusal: failure(400, { code: 6003, message: 'Invalid request headers', error_chain: [{ code, message }] }),
  };
}
