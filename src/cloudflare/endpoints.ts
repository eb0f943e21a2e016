import { EventEmitter } from 'node:events';
import type * as v from 'valibot';
import type { Authorization } from './credential';
import { readPage, readResult } from './envelope';
import { CloudflareError, isRefusal } from './errors';
import { type ListPage, pageSize, walkPages } from './pages';
import { pathPart } from './pathPart';
import type { Answer, BulkDuration, SendOptions } from './request';
import type { Account, IdentityProvider, ScimUpdateFilter, ScimFilter, TokenStatus } from './resources';
import {
  account,
  identityProvider,
  type ScimGroup,
  scimGroup,
  type ScimUpdate,
  scimUpdate,
  type ScimUser,
  scimUser,
  type ShownIdentityProvider,
  shownIdentityProvider,
  tokenStatus,
} from './schemas';
import type { Sender } from './sender';

interface ProviderIds {
  readonly accountId: string;
  readonly identityProviderId: string;
}

/** Bounds of the lists of accounts and identity providers, which are short, in case a server never ends them. */
const maxShortListPages = 100;
const maxShortListElements = 5000;

/**
 * The endpoints that this extension uses, with one credential. All requests are GET; all methods throw CloudflareError.
 *
 * Emits `verdict` when Cloudflare says that the credential is no longer valid, and when it accepts the credential again. While the credential
 * is rejected, requests are sent only after `tryAgain`.
 */
export class CloudflareApi extends EventEmitter<{ verdict: [] }> {
  /** Private to the runtime, since it holds the secret: not visible to `inspect` or `JSON.stringify`. */
  readonly #authorization: Authorization;
  private readonly closed = new AbortController();
  /** Aborted with the rejection of the credential. */
  private pending = new AbortController();
  private rejectedFor: CloudflareError | undefined;
  private isTryingAgain = false;

  constructor(
    private readonly sender: Pick<Sender, 'send' | 'bulkDuration' | 'sendNext'>,
    authorization: Authorization,
  ) {
    super();
    this.#authorization = authorization;
  }

  /** The error with which Cloudflare rejected the credential; undefined while it is valid. */
  get rejection(): CloudflareError | undefined {
    return this.rejectedFor;
  }

  /** Sends requests with a rejected credential again, since the user asks for it. The first success ends the rejection. */
  tryAgain(): void {
    this.isTryingAgain = true;
  }

  /** Sends the next interactive request at once although a rate limit asks to wait, since the user asks for it. */
  sendNext(): void {
    this.sender.sendNext(this.#authorization);
  }

  /** The least time that this many bulk requests take. */
  bulkDuration(requests: number): BulkDuration {
    return this.sender.bulkDuration(this.#authorization, requests);
  }

  /** Aborts all requests, also later ones, with this reason. */
  close(reason: Error): void {
    this.closed.abort(reason);
  }

  /** The status of a user-owned token. Refused for an account-owned one. */
  async verifyUserToken(options?: SendOptions): Promise<TokenStatus> {
    return this.tokenStatus('/user/tokens/verify', '/user/tokens/verify', options);
  }

  /** The status of an account-owned token. */
  async verifyAccountToken(accountId: string, options?: SendOptions): Promise<TokenStatus> {
    const path = `/accounts/${pathPart(accountId)}/tokens/verify`;
    return this.tokenStatus('/accounts/{account_id}/tokens/verify', path, options);
  }

  /** The accounts that the credential may list, without any that has no id. */
  async listAccounts(options?: SendOptions): Promise<Account[]> {
    const accounts = await this.shortList(undefined, '/accounts', '/accounts', account, options);
    return accounts.flatMap(({ id, name = '' }) => (id === undefined ? [] : [{ id, name }]));
  }

  /** All identity providers of an account in the API's order, without any that has no id. */
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

  /** The fields of one identity provider that may be shown; no secrets. */
  async identityProvider(
    accountId: string,
    identityProviderId: string,
    options?: SendOptions,
  ): Promise<ShownIdentityProvider> {
    const endpoint = '/accounts/{account_id}/access/identity_providers/{identity_provider_id}';
    const path = `/accounts/${pathPart(accountId)}/access/identity_providers/${pathPart(identityProviderId)}`;
    return this.ask(accountId, endpoint, path, new URLSearchParams(), options, (answer) =>
      readResult(answer, `GET ${endpoint}`, shownIdentityProvider),
    );
  }

  /** A page, counted from 1, of an identity provider's SCIM users: of all, or of those that match the filter. */
  async scimUserPage(
    reference: ProviderIds,
    page: number,
    { filter, ...options }: SendOptions & { readonly filter?: ScimFilter } = {},
  ): Promise<ListPage<ScimUser>> {
    return this.scimPage(reference, 'users', scimUser, page, filter, options);
  }

  /** A page, counted from 1, of an identity provider's SCIM groups: of all, or of those that match the filter. */
  async scimGroupPage(
    reference: ProviderIds,
    page: number,
    { filter, ...options }: SendOptions & { readonly filter?: ScimFilter } = {},
  ): Promise<ListPage<ScimGroup>> {
    return this.scimPage(reference, 'groups', scimGroup, page, filter, options);
  }

  private async scimPage<T>(
    { accountId, identityProviderId }: ProviderIds,
    list: 'users' | 'groups',
    element: v.GenericSchema<unknown, T>,
    page: number,
    filter: ScimFilter | undefined,
    options: SendOptions,
  ): Promise<ListPage<T>> {
    const path = `/accounts/${pathPart(accountId)}/access/identity_providers/${pathPart(identityProviderId)}/scim/${list}`;
    const endpoint = `/accounts/{account_id}/access/identity_providers/{identity_provider_id}/scim/${list}`;
    const query = new URLSearchParams({ ...filter, page: String(page), per_page: String(pageSize) });
    return this.ask(accountId, endpoint, path, query, options, (answer) =>
      readPage(answer, `GET ${endpoint}`, page, element),
    );
  }

  /**
   * A page, counted from 1, of the entries of an identity provider's SCIM update log that match the filter. The API bounds `perPage` at 1,000,
   * and a server may send fewer. Needs the permission *Access: SCIM Logs Read*.
   */
  async scimUpdatePage(
    { accountId, identityProviderId }: ProviderIds,
    page: number,
    {
      filter,
      order,
      perPage,
      ...options
    }: SendOptions & {
      readonly filter?: ScimUpdateFilter;
      readonly order: 'newest first' | 'oldest first';
      readonly perPage: number;
    },
  ): Promise<ListPage<ScimUpdate>> {
    const endpoint = '/accounts/{account_id}/access/logs/scim/updates';
    const query = new URLSearchParams({
      idp_id: identityProviderId,
      ...filter,
      direction: order === 'newest first' ? 'desc' : 'asc',
      page: String(page),
      per_page: String(perPage),
    });
    const path = `/accounts/${pathPart(accountId)}/access/logs/scim/updates`;
    return this.ask(accountId, endpoint, path, query, options, (answer) =>
      readPage(answer, `GET ${endpoint}`, page, scimUpdate),
    );
  }

  private async tokenStatus(endpoint: string, path: string, options: SendOptions | undefined): Promise<TokenStatus> {
    const answer = await this.get(endpoint, path, new URLSearchParams(), options);
    const { status, expires_on, not_before } = readResult(answer, `GET ${endpoint}`, tokenStatus);
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

  /** Sends a request. On a refusal it checks whether the credential itself is invalid. @param accountId Undefined for `/accounts`. */
  private async ask<T>(
    accountId: string | undefined,
    endpoint: string,
    path: string,
    query: URLSearchParams,
    options: SendOptions | undefined,
    read: (answer: Answer) => T,
  ): Promise<T> {
    if (this.rejectedFor && !this.isTryingAgain) {
      throw this.rejectedFor;
    }
    const answer = await this.get(endpoint, path, query, options);
    try {
      const result = read(answer);
      this.onAccepted();
      return result;
    } catch (error) {
      throw accountId === undefined ? error : await this.causeOf(error, accountId, options);
    }
  }

  private onAccepted(): void {
    this.isTryingAgain = false;
    if (this.rejectedFor) {
      this.rejectedFor = undefined;
      this.emit('verdict');
    }
  }

  /**
   * The error of a refused request, or the rejection of the credential if that is the cause. Cloudflare answers 403 with the same code for an
   * invalid token and a missing permission, and 401 and 400 for a moment to valid tokens as well [public reports]. So the status of the token
   * decides. A rejection aborts the pending requests.
   */
  private async causeOf(error: unknown, accountId: string, options: SendOptions | undefined): Promise<unknown> {
    if (!(error instanceof CloudflareError) || !['unauthorized', 'forbidden'].includes(error.reason)) {
      return error;
    }
    const isKey = this.#authorization.credential.scheme === 'key';
    const isRejected = isKey ? error.reason === 'unauthorized' : !(await this.isValid(accountId, options));
    if (!isRejected) {
      return error.reason === 'forbidden'
        ? error
        : new CloudflareError({ ...error.failure, reason: 'refused' }, { cause: error });
    }
    if (this.rejectedFor === undefined || this.isTryingAgain) {
      this.isTryingAgain = false;
      this.rejectedFor = new CloudflareError({ ...error.failure, reason: 'unauthorized' }, { cause: error });
      this.pending.abort(this.rejectedFor);
      this.pending = new AbortController();
      this.emit('verdict');
    }
    return this.rejectedFor;
  }

  /** True also if the status is not known: a network error, a timeout or a 5xx does not prove that a token is invalid. */
  private async isValid(accountId: string, options: SendOptions | undefined): Promise<boolean> {
    const first = { ...options, priority: 'verification' } as const;
    const answers = await Promise.allSettled([this.verifyUserToken(first), this.verifyAccountToken(accountId, first)]);
    return answers.some((answer) =>
      answer.status === 'fulfilled' ? answer.value.status === 'active' : !isRefusal(answer.reason),
    );
  }

  private get(endpoint: string, path: string, query: URLSearchParams, { priority, signal }: SendOptions = {}) {
    const request = { endpoint: `GET ${endpoint}`, path, query, authorization: this.#authorization };
    const signals = [...(signal ? [signal] : []), this.closed.signal, this.pending.signal];
    return this.sender.send(request, { ...(priority && { priority }), signal: AbortSignal.any(signals) });
  }
}
