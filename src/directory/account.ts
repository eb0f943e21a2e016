import { EventEmitter } from 'node:events';
import type {
  CloudflareApi,
  CloudflareError,
  IdentityProvider,
  ScimUser,
  ScimUserFilter,
  SendOptions,
} from '../cloudflare';
import type { Query, Rank } from '../matching';
import { AccountNotConnectedError, AccountUnusableError, LoadingCancelledError, UserNotFoundError } from './errors';
import { ExpiringCache } from './expiringCache';
import type { PartialMatching } from './partialMatching';
import type { IdentityProviderReference, ScimUserReference } from './reference';
import { ScimUserList } from './scimUserList';
import { DirectoryUser } from './user';

/** A user with the server's own text of it. */
export interface FoundUser {
  readonly user: ScimUser;
  readonly rawText: string;
}

/** A user that was read and matches; it is decoded when it is looked at. */
export interface LocalMatch {
  readonly rank: Rank;
  readonly decode: () => DirectoryUser;
}

/** How long an answer to a filter is good for, in ms: typing comes back to the same text. */
const answerLifeMs = 60_000;

/** An identity provider of a connected account, with its users as far as they have been read. */
export class DirectoryProvider {
  readonly reference: IdentityProviderReference;
  readonly users: ScimUserList;
  private readonly answers = new ExpiringCache<readonly DirectoryUser[]>(answerLifeMs);

  constructor(
    private readonly api: CloudflareApi,
    accountId: string,
    /** Replaced when the account's list of identity providers is read again. */
    public identityProvider: IdentityProvider,
  ) {
    this.reference = { accountId, identityProviderId: identityProvider.id };
    this.users = new ScimUserList(api, this.reference);
  }

  /** Shown user `i`. */
  userAt(i: number): DirectoryUser {
    return new DirectoryUser(this, this.users.user(i), this.users.place(i));
  }

  /** At most `limit` users that were read and match, the best first. */
  match(query: Query, limit: number): LocalMatch[] {
    return this.users.search(query, limit).map((match) => ({
      rank: match.rank,
      decode: () => new DirectoryUser(this, match.user, match.place),
    }));
  }

  /** The users that the server finds by one filter, at most a page. Not asked again within a minute. */
  async find(filter: ScimUserFilter, options?: SendOptions): Promise<readonly DirectoryUser[]> {
    return this.answers.get(JSON.stringify(filter), async () => {
      const found = await findUsers(this.api, this.reference, filter, options);
      return found.map(({ user }) => new DirectoryUser(this, user));
    });
  }

  /** Reads again what is shown, and forgets what the server found. */
  refresh(): Promise<void> {
    this.answers.clear();
    return this.users.refresh();
  }
}

async function findUsers(
  api: CloudflareApi,
  reference: IdentityProviderReference,
  filter: ScimUserFilter,
  options: SendOptions | undefined,
): Promise<FoundUser[]> {
  const page = await api.scimUserPage(reference, 1, { filter, ...options });
  return page.items.map((user, i) => ({ user, rawText: page.rawText(i) }));
}

/** Why a connection that was stored cannot be used. */
export type Unusable = 'secretMissing' | 'secretUnreadable';

/**
 * One connected account: its identity providers, read when first asked for. A failure is kept beside what was loaded.
 *
 * Emits `change` when its identity providers, or whether they are being read, are others.
 */
export class DirectoryAccount extends EventEmitter<{ change: [] }> {
  /** What was found out about the server of this connection; see `partialMatchingOf`. */
  partialMatching: PartialMatching | undefined;
  private listed: DirectoryProvider[] | undefined;
  private lastError: unknown;
  private running: { readonly done: Promise<void>; readonly abort: AbortController } | undefined;

  constructor(
    readonly id: string,
    private shownAs: string,
    /** The API on behalf of this account's credential, or why there is none. */
    private readonly access: CloudflareApi | Unusable,
    /** When the token ends, RFC 3339, where Cloudflare said so. */
    readonly expiresOn?: string,
  ) {
    super();
    if (typeof access !== 'string') {
      access.on('rejected', () => this.emit('change'));
    }
  }

  /** The account's name, or the one that a person gave it; untrusted, and empty where the API gave none. */
  get name(): string {
    return this.shownAs;
  }

  rename(name: string): void {
    this.shownAs = name;
    this.emit('change');
  }

  /** What Cloudflare said when it no longer accepted the token; undefined while it does. What was read stays readable. */
  get rejection(): CloudflareError | undefined {
    return typeof this.access === 'string' ? undefined : this.access.rejection;
  }

  get unusable(): Unusable | undefined {
    return typeof this.access === 'string' ? this.access : undefined;
  }

  /** Identity providers in the API's order; undefined until they have been read. */
  get providers(): readonly DirectoryProvider[] | undefined {
    return this.listed;
  }

  /** What the last reading of the identity providers failed with; undefined after one that did not. */
  get error(): unknown {
    return this.lastError;
  }

  /** Why nothing, or nothing new, can be read here: the connection, the credential, or what the last reading failed with. */
  get failure(): unknown {
    return this.unusable ? new AccountUnusableError(this.unusable) : (this.rejection ?? this.lastError);
  }

  get isLoading(): boolean {
    return this.running !== undefined;
  }

  provider(identityProviderId: string): DirectoryProvider | undefined {
    return this.listed?.find(({ identityProvider }) => identityProvider.id === identityProviderId);
  }

  /** Reads the identity providers where that has not been done; never rejects (see `error`). */
  async ensureProviders(): Promise<void> {
    if (this.listed === undefined && (this.lastError === undefined || this.running)) {
      await this.loadProviders();
    }
  }

  /**
   * Reads the identity providers anew. Those that are still there keep their users. Never rejects (see `error`).
   */
  loadProviders(): Promise<void> {
    if (this.running) {
      return this.running.done;
    }
    const { access } = this;
    if (typeof access === 'string') {
      return Promise.resolve();
    }
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

  /** Gives up reading the identity providers; that counts as a failure, since there may be nothing else to show. */
  cancel(): void {
    this.running?.abort.abort(new LoadingCancelledError());
  }

  /**
   * Asks the server for one user. The answer counts only if its id is the one that was asked for; throws UserNotFoundError,
   * AccountUnusableError or what the API layer throws.
   */
  async fetchUser(reference: ScimUserReference, options?: SendOptions): Promise<FoundUser> {
    const { access } = this;
    if (typeof access === 'string') {
      throw new AccountUnusableError(access);
    }
    const found = await findUsers(access, reference, { cf_resource_id: reference.userId }, options);
    const user = found.find(({ user: { id } }) => id === reference.userId);
    if (user === undefined) {
      throw new UserNotFoundError(reference);
    }
    return user;
  }

  /** Ends every request, and whoever waits for one is told that the account is not connected any more. */
  dispose(): void {
    if (typeof this.access !== 'string') {
      this.access.close(new AccountNotConnectedError(this.id));
    }
    this.running?.abort.abort();
    this.listed?.forEach(({ users }) => users.dispose());
    this.removeAllListeners();
  }

  private replace(identityProviders: readonly IdentityProvider[], api: CloudflareApi): void {
    const before = this.listed ?? [];
    this.listed = identityProviders.map((identityProvider) => {
      const known = this.provider(identityProvider.id);
      if (known === undefined) {
        return new DirectoryProvider(api, this.id, identityProvider);
      }
      known.identityProvider = identityProvider;
      return known;
    });
    for (const gone of before.filter((provider) => !this.listed?.includes(provider))) {
      gone.users.dispose();
    }
  }
}
