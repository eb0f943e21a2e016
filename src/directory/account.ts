import { EventEmitter } from 'node:events';
import type {
  CloudflareApi,
  CloudflareError,
  IdentityProvider,
  ScimResource,
  SendOptions,
  ShownIdentityProvider,
} from '../cloudflare';
import {
  AccountNotConnectedError,
  AccountUnusableError,
  LoadingCancelledError,
  ResourceNotFoundError,
  type Unusable,
} from './errors';
import { PartialMatching } from './partialMatching';
import { DirectoryProvider, findResources, type FoundResource, type ProviderAccount } from './provider';
import type { ProvisioningHistory } from './provisioningHistory';
import { type IdentityProviderReference, isSameId, scimIdOf, scimKindOf, type ScimReference } from './reference';

/**
 * A connected account and its identity providers, which are read when they are first needed. A failure is kept beside them.
 *
 * Emits `change` when the identity providers change, and when reading them begins or ends.
 */
export class DirectoryAccount extends EventEmitter<{ change: [] }> implements ProviderAccount {
  /** Whether the server of this connection finds users by a part of a field. */
  readonly partialMatching = new PartialMatching();
  /** Filters that the server of this connection refused, until the identity providers are read again. */
  readonly refusedFilters = new Set<string>();
  private listed: DirectoryProvider[] | undefined;
  private lastError: unknown;
  private running: { readonly done: Promise<void>; readonly abort: AbortController } | undefined;

  constructor(
    readonly id: string,
    private label: string,
    /** The API with this account's credential, or why there is no credential. */
    private readonly access: CloudflareApi | Unusable,
    /** When the token expires, RFC 3339, where Cloudflare said so. */
    readonly expiresOn?: string,
  ) {
    super();
    if (typeof access !== 'string') {
      access.on('verdict', () => this.emit('change'));
    }
  }

  /** The account's name, or the name that the user gave it; untrusted, and empty where the API gave none. */
  get name(): string {
    return this.label;
  }

  rename(name: string): void {
    this.label = name;
    this.emit('change');
  }

  /** Sends requests again although Cloudflare rejected the token, since the user asks for it. */
  tryAgain(): void {
    if (typeof this.access !== 'string') {
      this.access.tryAgain();
    }
  }

  /** What Cloudflare answered when it no longer accepted the token; undefined while it does. */
  get rejection(): CloudflareError | undefined {
    return typeof this.access === 'string' ? undefined : this.access.rejection;
  }

  get unusable(): Unusable | undefined {
    return typeof this.access === 'string' ? this.access : undefined;
  }

  /** The identity providers in the API's order; undefined until they have been read. */
  get providers(): readonly DirectoryProvider[] | undefined {
    return this.listed;
  }

  /** The error of the last reading of the identity providers; undefined if it succeeded. */
  get error(): unknown {
    return this.lastError;
  }

  /** Why no identity providers, or no newer ones, can be read: the connection, the credential, or the last reading's error. */
  get failure(): unknown {
    return this.unusable ? new AccountUnusableError(this.unusable) : (this.rejection ?? this.lastError);
  }

  get isLoading(): boolean {
    return this.running !== undefined;
  }

  provider(identityProviderId: string): DirectoryProvider | undefined {
    return this.listed?.find(({ identityProvider }) => isSameId(identityProvider.id, identityProviderId));
  }

  /** Reads the identity providers if they were not read yet; never rejects (see `error`). */
  async ensureProviders(): Promise<void> {
    if (this.listed === undefined && (this.lastError === undefined || this.running)) {
      await this.loadProviders();
    }
  }

  /**
   * Reads the identity providers again. Those that are still listed keep their users. Never rejects (see `error`).
   */
  loadProviders(): Promise<void> {
    if (this.running) {
      return this.running.done;
    }
    const { access } = this;
    if (typeof access === 'string') {
      return Promise.resolve();
    }
    access.tryAgain();
    this.refusedFilters.clear();
    const abort = new AbortController();
    const load = async () => {
      try {
        const providers = await access.listIdentityProviders(this.id, { signal: abort.signal });
        this.replace(providers, access);
        this.lastError = undefined;
      } catch (error) {
        if (!abort.signal.aborted || error instanceof LoadingCancelledError) {
          this.lastError = error;
        }
      }
      this.running = undefined;
      this.emit('change');
    };
    const done = Promise.resolve().then(load);
    this.running = { done, abort };
    this.emit('change');
    return done;
  }

  /** Reads the identity providers again at once, although a rate limit asks to wait. Never rejects (see `error`). */
  retry(): Promise<void> {
    if (typeof this.access !== 'string') {
      this.access.sendNext();
    }
    return this.loadProviders();
  }

  /** Reads the identity providers again, then those of their users and groups that were read before, unless the signal aborts meanwhile. */
  async refresh(signal?: AbortSignal): Promise<void> {
    await this.loadProviders();
    if (!signal?.aborted) {
      const read = this.listed?.filter(({ isRead }) => isRead);
      await Promise.all((read ?? []).map((provider) => provider.refresh()));
    }
  }

  /** Aborts reading the identity providers. It counts as a failure, since the account may have no other row to show. */
  cancel(): void {
    this.running?.abort.abort(new LoadingCancelledError());
  }

  /**
   * Requests one user or group. An answer with another id is ignored. Throws ResourceNotFoundError, AccountUnusableError or the error of the
   * request.
   */
  async fetchResource(reference: ScimReference, options?: SendOptions): Promise<FoundResource> {
    const [kind, id] = [scimKindOf(reference), scimIdOf(reference)];
    const all = await findResources(this.usableApi(), reference, kind, { cf_resource_id: id }, options);
    const found = all.find(({ data }) => isSameId(data.id, id));
    if (found === undefined) {
      throw new ResourceNotFoundError(reference);
    }
    return found;
  }

  /** An identity provider as Cloudflare has it now, without secrets. Throws AccountUnusableError or the error of the request. */
  async fetchIdentityProvider({ identityProviderId }: IdentityProviderReference): Promise<ShownIdentityProvider> {
    return this.usableApi().identityProvider(this.id, identityProviderId);
  }

  /** The provisioning history of an identity provider, or of `owner`, one of its users or groups. Throws AccountUnusableError or the error of a request. */
  async fetchHistory(
    reference: IdentityProviderReference,
    owner: ScimResource | undefined,
    options?: SendOptions,
  ): Promise<ProvisioningHistory> {
    const api = this.usableApi();
    const { provisioningHistory } = await import('./provisioningHistory');
    return provisioningHistory(api, reference, owner, options);
  }

  /** Aborts every request with AccountNotConnectedError. */
  dispose(): void {
    if (typeof this.access !== 'string') {
      this.access.close(new AccountNotConnectedError(this.id));
    }
    this.running?.abort.abort();
    this.listed?.forEach((provider) => provider.dispose());
    this.removeAllListeners();
  }

  /** The API for a request of the user, which is sent although Cloudflare rejected the token before. Throws AccountUnusableError. */
  private usableApi(): CloudflareApi {
    const { access } = this;
    if (typeof access === 'string') {
      throw new AccountUnusableError(access);
    }
    access.tryAgain();
    return access;
  }

  private replace(identityProviders: readonly IdentityProvider[], api: CloudflareApi): void {
    const before = this.listed ?? [];
    this.listed = identityProviders.map((identityProvider) => {
      const known = this.provider(identityProvider.id);
      if (known === undefined) {
        return new DirectoryProvider(this, api, identityProvider);
      }
      known.identityProvider = identityProvider;
      return known;
    });
    for (const gone of before.filter((provider) => !this.listed?.includes(provider))) {
      gone.dispose();
    }
  }
}
