import { type Account, type CloudflareApi, isRefusal, type TokenStatus } from '../cloudflare';
import type { TokenKind } from './pastedToken';

/** Why a text in the token box cannot be a token that works, told before or after asking Cloudflare. */
export type TokenProblem =
  | { readonly problem: 'empty' | 'malformed' | 'tooShort' | 'globalKey' | 'unknown' | 'disabled' }
  | { readonly problem: 'expired' | 'notYetValid'; readonly date: string | undefined };

/** The token works as far as could be told; `needsAccount` where only its own account can tell. */
export type TokenCheck = TokenProblem | { readonly needsAccount: boolean; readonly expiresOn?: string | undefined };

/** What is wrong with a text that is no API token by its looks; undefined for one that may be. */
export function unlikelyToken(kind: TokenKind): TokenProblem | undefined {
  return kind === 'user' || kind === 'account' || kind === 'unprefixed' ? undefined : { problem: kind };
}

/**
 * Checks a token's status where that can be done without its account: a user-owned token at once; an account-owned one
 * not at all; one without a prefix may be either, and is asked about again once the account is known.
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
    return kind === 'unprefixed' ? { needsAccount: true } : { problem: 'unknown' };
  }
}

/** The second half of checkToken for a token that may be account-owned. */
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
    return { problem: 'unknown' };
  }
}

/** The accounts that a token may list; empty where it may not, so that the id has to be typed. */
export async function listableAccounts(api: CloudflareApi, signal: AbortSignal): Promise<Account[]> {
  try {
    return await api.listAccounts({ signal });
  } catch (error) {
    // Account-owned tokens get 400 with code 1001 here [public reports]: not a word about whether they work.
    if (!isRefusal(error)) {
      throw error;
    }
    return [];
  }
}

function statusProblem({ status, expiresOn, notBefore }: TokenStatus): TokenProblem | undefined {
  if (status === 'active') {
    return notBefore !== undefined && Date.parse(notBefore) > Date.now()
      ? { problem: 'notYetValid', date: notBefore }
      : undefined;
  }
  return status === 'expired' ? { problem: 'expired', date: expiresOn } : { problem: 'disabled' };
}
