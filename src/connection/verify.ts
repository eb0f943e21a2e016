import {
  type Account,
  type CloudflareApi,
  CloudflareError,
  type Failure,
  isRefusal,
  type TokenStatus,
} from '../cloudflare';
import type { TokenKind } from './pastedToken';

/** Why a text is no valid token, found with or without a request to Cloudflare. */
export type TokenProblem =
  | { readonly problem: 'empty' | 'malformed' | 'tooShort' | 'globalKey' | 'disabled' }
  | { readonly problem: 'unknown'; readonly failure: Failure | undefined }
  | { readonly problem: 'expired' | 'notYetValid'; readonly date: string | undefined };

/** `needsAccount`: the token is still to be verified with its account. */
export type TokenCheck = TokenProblem | { readonly needsAccount: boolean; readonly expiresOn?: string | undefined };

/** The problem of a text that cannot be an API token by its format; undefined for one that may be. */
export function unlikelyToken(kind: TokenKind): TokenProblem | undefined {
  return kind === 'user' || kind === 'account' || kind === 'unprefixed' ? undefined : { problem: kind };
}

/**
 * Verifies a token as far as possible without its account: a user-owned token completely, an account-owned one not at all. A token without
 * a prefix may be either, so it may need checkAccountToken, too.
 */
export async function checkToken(api: CloudflareApi, kind: TokenKind, signal: AbortSignal): Promise<TokenCheck> {
  const unlikely = unlikelyToken(kind);
  if (unlikely) {
    return unlikely;
  }
  if (kind === 'account') {
    return { needsAccount: true };
  }
  try {
    const status = await api.verifyUserToken({ signal });
    return statusProblem(status) ?? { needsAccount: false, expiresOn: status.expiresOn };
  } catch (error) {
    if (!isRefusal(error)) {
      throw error;
    }
    return kind === 'unprefixed' ? { needsAccount: true } : { problem: 'unknown', failure: failureOf(error) };
  }
}

/** Verifies a token that may be account-owned. */
export async function checkAccountToken(
  api: CloudflareApi,
  accountId: string,
  signal: AbortSignal,
): Promise<TokenCheck> {
  try {
    const status = await api.verifyAccountToken(accountId, { signal });
    return statusProblem(status) ?? { needsAccount: false, expiresOn: status.expiresOn };
  } catch (error) {
    if (!isRefusal(error)) {
      throw error;
    }
    return { problem: 'unknown', failure: failureOf(error) };
  }
}

function failureOf(error: unknown): Failure | undefined {
  return error instanceof CloudflareError ? error.failure : undefined;
}

/** The accounts that a token may list; empty if it may list none. */
export async function listableAccounts(api: CloudflareApi, signal: AbortSignal): Promise<Account[]> {
  try {
    return await api.listAccounts({ signal });
  } catch (error) {
    // Account-owned tokens get 400 with code 1001 here [public reports]; that does not mean that they are invalid.
    if (!isRefusal(error)) {
      throw error;
    }
    return [];
  }
}

/** Cloudflare's clock decides: a token that it calls active is active, whatever this computer's clock says of its dates. */
function statusProblem({ status, expiresOn, notBefore }: TokenStatus): TokenProblem | undefined {
  if (status === 'active') {
    return undefined;
  }
  if (notBefore !== undefined && Date.parse(notBefore) > Date.now()) {
    return { problem: 'notYetValid', date: notBefore };
  }
  return status === 'expired' ? { problem: 'expired', date: expiresOn } : { problem: 'disabled' };
}
