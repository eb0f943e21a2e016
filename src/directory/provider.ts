import type { CloudflareApi, IdentityProvider, ScimUser, ScimUserFilter, SendOptions } from '../cloudflare';
import type { Query, Rank } from '../matching';
import { ExpiringCache } from './expiringCache';
import type { Place } from './list/snapshot';
import { productName, providerName } from './providerName';
import {
  identityProviderPath,
  type IdentityProviderReference,
  scimUserPath,
  type ScimUserReference,
} from './reference';
import { type ScimUserList, scimUserList } from './scimUsers';

/** A user with the server's JSON of it. */
export interface FoundUser {
  readonly user: ScimUser;
  readonly rawText: string;
}

/** A loaded user that matches; it is decoded when `decode` is called. */
export interface LocalMatch {
  readonly rank: Rank;
  readonly decode: () => DirectoryUser;
}

/** The account of an identity provider. */
export interface ProviderAccount {
  readonly id: string;
  /** Empty where the API gave no name. Untrusted text. */
  readonly name: string;
  readonly providers?: readonly DirectoryProvider[] | undefined;
}

/** Characters of an id that tell two identity providers apart. */
const idBeginning = 8;

/** Milliseconds for which the server's answer to a filter is kept, since users type the same text again. */
const answerLifeMs = 60_000;

/** An identity provider of a connected account, with its loaded users. */
export class DirectoryProvider {
  readonly reference: IdentityProviderReference;
  readonly users: ScimUserList;
  private readonly answers = new ExpiringCache<readonly DirectoryUser[]>(answerLifeMs);

  constructor(
    readonly account: ProviderAccount,
    private readonly api: CloudflareApi,
    /** Replaced when the account's list of identity providers is read again. */
    public identityProvider: IdentityProvider,
  ) {
    this.reference = { accountId: account.id, identityProviderId: identityProvider.id };
    this.users = scimUserList(api, this.reference);
  }

  /** The name; of several equal names in an account with the type, or else the beginning of the id. Untrusted text. */
  get name(): string {
    const { id, type } = this.identityProvider;
    const name = providerName(this.identityProvider);
    const alike = (this.account.providers ?? []).filter(
      (other) => other !== this && providerName(other.identityProvider) === name,
    );
    if (alike.length === 0) {
      return name;
    }
    const hasOwnType = type !== '' && alike.every((other) => other.identityProvider.type !== type);
    return `${name} (${hasOwnType ? productName(type) : id.slice(0, idBeginning)})`;
  }

  /** Shown user `i`. */
  userAt(i: number): DirectoryUser {
    return new DirectoryUser(this, this.users.shown.item(i), this.users.shown.place(i));
  }

  /** At most `limit` loaded users that match, best first. */
  match(query: Query, limit: number): LocalMatch[] {
    return this.users.search(query, limit).map((match) => ({
      rank: match.rank,
      decode: () => new DirectoryUser(this, match.item, match.place),
    }));
  }

  /** The users that the server finds by one filter, at most one page. The same filter is sent at most once a minute. */
  async find(filter: ScimUserFilter, options?: SendOptions): Promise<readonly DirectoryUser[]> {
    return this.answers.get(JSON.stringify(filter), async () => {
      const found = await findUsers(this.api, this.reference, filter, options);
      return found.map(({ user }) => new DirectoryUser(this, user));
    });
  }

  /** Reads the shown pages again, and drops the server's answers to filters. */
  refresh(): Promise<void> {
    this.api.tryAgain();
    this.answers.clear();
    return this.users.shown.refresh();
  }

  /** Repeats the operation on the shown pages that failed last. */
  retry(): Promise<void> {
    this.api.tryAgain();
    this.api.sendNext();
    return this.users.shown.retry();
  }

  /** Reads all users, as `users.whole.read`. */
  loadAll(): Promise<boolean> {
    this.api.tryAgain();
    return this.users.whole.read();
  }
}

/** The users that the server finds by one filter, at most one page. */
export async function findUsers(
  api: CloudflareApi,
  reference: IdentityProviderReference,
  filter: ScimUserFilter,
  options: SendOptions | undefined,
): Promise<FoundUser[]> {
  const page = await api.scimUserPage(reference, 1, { filter, ...options });
  return page.items.map((user, i) => ({ user, rawText: page.rawText(i) }));
}

/** A SCIM user of an identity provider, as a row of the tree or of the search shows it. */
export class DirectoryUser {
  constructor(
    readonly provider: DirectoryProvider,
    readonly user: ScimUser,
    /** Undefined for a user that came from a search of the server. */
    readonly place?: Place,
  ) {}

  /** Undefined for a user without an id, who cannot be requested or opened, and has no id to copy. */
  get reference(): ScimUserReference | undefined {
    const { id: userId } = this.user;
    return userId === undefined ? undefined : { ...this.provider.reference, userId };
  }

  /** The user's path; without an id, its place in the list behind a `#`, which no encoded id holds. */
  get path(): string {
    const { reference, place } = this;
    return reference
      ? scimUserPath(reference)
      : `${identityProviderPath(this.provider.reference)}/users/#${place?.page ?? 0}.${place?.row ?? 0}`;
  }
}
