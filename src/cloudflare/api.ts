import { EventEmitter } from 'node:events';
import * as v from 'valibot';
import type { Authorization } from './credential';
import { openEnvelope } from './envelope';
import { CloudflareError, isRefusal } from './errors';
import type { BulkDuration, Gate, SendOptions } from './gate';
import { type ListPage, pageSize, readPage, walkPages } from './pages';
import type { Answer } from './transport';
import { account, identityProvider, type ScimUser, scimUser, tokenStatus } from './schemas';

export interface Account {
  readonly id: string;
  readonly name: string;
}

export interface IdentityProvider {
  readonly id: string;
  /** Untrusted, as everything that is named by someone; empty where the provider has no name. */
  readonly name: string;
  /** `okta`, `azureAD`, `saml` …; new ones come. */
  readonly type: string;
  readonly scimEnabled: boolean;
}

export interface TokenStatus {
  readonly status: string;
  readonly expiresOn: string | undefined;
  readonly notBefore: string | undefined;
}

/** One filter of the users' list; several in one request exclude each other on some servers, so there is one. */
export type ScimUserFilter =
  | { readonly email: string }
  | { readonly username: string }
  | { readonly name: string }
  | { readonly cf_resource_id: string }
  | { readonly idp_resource_id: string }
  | PartialFilter;

/** Filters for a part of a field, named in the text of the API page only: whether a server honours them must be found out. */
export type PartialFilter = { readonly search_contains: string } | { readonly search_starts_with: string };

/** Lists of accounts and identity providers are short; a server that never ends them is stopped here. */
const maxShortListPages = 100;
const maxShortListElements = 5000;

/**
 * The endpoints that this extension uses, on behalf of one credential. Every call is a GET.
 *
 * Emits `rejected` when Cloudflare says that the credential no longer works. From then on nothing more is sent with it.
 */
export class CloudflareApi extends EventEmitter<{ rejected: [] }> {
  /** Hidden from anything that prints objects: it holds the secret. */
  readonly #authorization: Authorization;
  private readonly closed = new AbortController();
  private rejectedFor: CloudflareError | undefined;

  constructor(
    private readonly gate: Gate,
    authorization: Authorization,
  ) {
    super();
    this.#authorization = authorization;
  }

  /** What Cloudflare answered when it said that the credential no longer works; undefined while it does. */
  get rejection(): CloudflareError | undefined {
    return this.rejectedFor;
  }

  /** How long so many bulk requests take at least, in ms. */
  bulkDuration(requests: number): BulkDuration {
    return this.gate.bulkDuration(this.#authorization, requests);
  }

  /** Ends every request that is under way or comes later, for this reason. */
  close(reason: Error): void {
    this.closed.abort(reason);
  }

  /** A user-owned token's status; an account-owned one is not known here. */
  async verifyUserToken(options?: SendOptions): Promise<TokenStatus> {
    return this.tokenStatus('/user/tokens/verify', '/user/tokens/verify', options);
  }

  /** An account-owned token's status. */
  async verifyAccountToken(accountId: string, options?: SendOptions): Promise<TokenStatus> {
    const path = `/accounts/${pathPart(accountId)}/tokens/verify`;
    return this.tokenStatus('/accounts/{account_id}/tokens/verify', path, options);
  }

  /** The accounts that the credential may list; an account without an id is of no use and left out. */
  async listAccounts(options?: SendOptions): Promise<Account[]> {
    const accounts = await this.shortList(undefined, '/accounts', '/accounts', account, options);
    return accounts.flatMap(({ id, name = '' }) => (id === undefined ? [] : [{ id, name }]));
  }

  /** All identity providers of an account, in the API's order. */
  async listIdentityProviders(accountId: string, options?: SendOptions): Promise<IdentityProvider[]> {
    const providers = await this.shortList(
      accountId,
      '/accounts/{account_id}/access/identity_providers',
      `/accounts/${pathPart(accountId)}/access/identity_providers`,
      identityProvider,
      options,
    );
    return providers.flatMap(({ id, name = '', type = '', scim_config }) =>
      id === undefined ? [] : [{ id, name, type, scimEnabled: scim_config.enabled === true }],
    );
  }

  /** One page of an identity provider's SCIM users, all of them or those that a filter matches. */
  async scimUserPage(
    { accountId, identityProviderId }: { readonly accountId: string; readonly identityProviderId: string },
    page: number,
    { filter, ...options }: SendOptions & { readonly filter?: ScimUserFilter } = {},
  ): Promise<ListPage<ScimUser>> {
    const path = `/accounts/${pathPart(accountId)}/access/identity_providers/${pathPart(identityProviderId)}/scim/users`;
    const endpoint = '/accounts/{account_id}/access/identity_providers/{identity_provider_id}/scim/users';
    const query = new URLSearchParams({ ...filter, page: String(page), per_page: String(pageSize) });
    return this.ask(accountId, endpoint, path, query, options, (answer) =>
      readPage(answer, `GET ${endpoint}`, page, scimUser),
    );
  }

  private async tokenStatus(endpoint: string, path: string, options: SendOptions | undefined): Promise<TokenStatus> {
    const answer = await this.get(endpoint, path, new URLSearchParams(), options);
    const { envelope } = openEnvelope(answer, `GET ${endpoint}`);
    const parsed = v.safeParse(tokenStatus, envelope.result);
    if (!parsed.success) {
      throw new CloudflareError({ reason: 'unexpectedShape', endpoint: `GET ${endpoint}`, status: answer.status });
    }
    const { status, expires_on, not_before } = parsed.output;
    return { status, expiresOn: expires_on, notBefore: not_before };
  }

  private async shortList<T extends { readonly id?: string | undefined }>(
    accountId: string | undefined,
    endpoint: string,
    path: string,
    element: v.GenericSchema<unknown, T>,
    options: SendOptions | undefined,
  ): Promise<T[]> {
    const fetchPage = async (page: number) => {
      const query = new URLSearchParams({ page: String(page), per_page: '50' });
      return this.ask(accountId, endpoint, path, query, options, (answer) =>
        readPage(answer, `GET ${endpoint}`, page, element),
      );
    };
    const all: T[] = [];
    for await (const { page, fresh } of walkPages(fetchPage, { cap: maxShortListPages })) {
      for (const item of fresh.flatMap((i) => page.items[i] ?? [])) {
        all.push(item);
      }
      if (all.length >= maxShortListElements) {
        break;
      }
    }
    return all;
  }

  /** Asks for something of an account, and finds out whether it is the credential itself that was refused. */
  private async ask<T>(
    accountId: string | undefined,
    endpoint: string,
    path: string,
    query: URLSearchParams,
    options: SendOptions | undefined,
    read: (answer: Answer) => T,
  ): Promise<T> {
    if (this.rejectedFor) {
      throw this.rejectedFor;
    }
    const answer = await this.get(endpoint, path, query, options);
    try {
      return read(answer);
    } catch (error) {
      throw (accountId === undefined ? undefined : await this.rejectionBehind(error, accountId, options)) ?? error;
    }
  }

  /**
   * The rejection of the credential behind a refusal; undefined where only a permission is missing. Cloudflare answers 403 with the same
   * code for both [public reports], so the token's own status decides. A network error, a timeout or a 5xx never says that a token no
   * longer works.
   */
  private async rejectionBehind(
    error: unknown,
    accountId: string,
    options: SendOptions | undefined,
  ): Promise<CloudflareError | undefined> {
    if (!(error instanceof CloudflareError) || !['unauthorized', 'forbidden'].includes(error.reason)) {
      return undefined;
    }
    if (error.reason === 'forbidden' && (await this.stillWorks(accountId, options))) {
      return undefined;
    }
    if (this.rejectedFor === undefined) {
      this.rejectedFor = new CloudflareError({ ...error.failure, reason: 'unauthorized' }, { cause: error });
      this.closed.abort(this.rejectedFor);
      this.emit('rejected');
    }
    return this.rejectedFor;
  }

  private async stillWorks(accountId: string, options: SendOptions | undefined): Promise<boolean> {
    if (this.#authorization.credential.scheme === 'key') {
      return true;
    }
    const answers = await Promise.allSettled([
      this.verifyUserToken(options),
      this.verifyAccountToken(accountId, options),
    ]);
    return answers.some((answer) =>
      answer.status === 'fulfilled' ? answer.value.status === 'active' : !isRefusal(answer.reason),
    );
  }

  private get(endpoint: string, path: string, query: URLSearchParams, { priority, signal }: SendOptions = {}) {
    const request = { endpoint: `GET ${endpoint}`, path, query, authorization: this.#authorization };
    const closed = this.closed.signal;
    return this.gate.send(request, {
      ...(priority && { priority }),
      signal: signal ? AbortSignal.any([signal, closed]) : closed,
    });
  }
}

/**
 * An id as one part of a path. A lone `.` or `..` would climb to another endpoint, encoded or not, and half a surrogate pair
 * cannot be encoded: such an id names nothing.
 */
function pathPart(id: string): string {
  if (id === '.' || id === '..' || id === '' || !id.isWellFormed()) {
    throw new CloudflareError({ reason: 'notFound', endpoint: 'GET /accounts/{account_id}' });
  }
  return encodeURIComponent(id);
}
