import type {
  CloudflareApi,
  IdentityProvider,
  ScimGroup,
  ScimGroupFilter,
  ScimUser,
  ScimUserFilter,
  SendOptions,
} from '../cloudflare';
import type { Query, Rank, ScimKind } from '../matching';
import { ExpiringCache } from './expiringCache';
import type { ResourceList } from './list/resourceList';
import type { Place } from './list/snapshot';
import { productName, providerName } from './providerName';
import {
  identityProviderPath,
  type IdentityProviderReference,
  scimGroupPath,
  type ScimGroupReference,
  scimUserPath,
  type ScimUserReference,
} from './reference';
import { type ScimGroupList, scimGroupList, type ScimUserList, scimUserList } from './scimLists';

/** A user with the server's JSON of it. */
export interface FoundUser {
  readonly user: ScimUser;
  readonly rawText: string;
}

/** A group with the server's JSON of it. */
export interface FoundGroup {
  readonly group: ScimGroup;
  readonly rawText: string;
}

/** A SCIM user or group, as a row of the tree or of the search shows it. */
export type DirectoryResource = DirectoryUser | DirectoryGroup;

/** A loaded user or group that matches; it is decoded when `decode` is called. */
export interface LocalMatch {
  readonly rank: Rank;
  readonly decode: () => DirectoryResource;
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

/** An identity provider of a connected account, with its loaded users and groups. */
export class DirectoryProvider {
  readonly reference: IdentityProviderReference;
  readonly users: ScimUserList;
  readonly groups: ScimGroupList;
  private readonly answers = {
    users: new ExpiringCache<readonly DirectoryUser[]>(answerLifeMs),
    groups: new ExpiringCache<readonly DirectoryGroup[]>(answerLifeMs),
  };

  constructor(
    readonly account: ProviderAccount,
    private readonly api: CloudflareApi,
    /** Replaced when the account's list of identity providers is read again. */
    public identityProvider: IdentityProvider,
  ) {
    this.reference = { accountId: account.id, identityProviderId: identityProvider.id };
    this.users = scimUserList(api, this.reference);
    this.groups = scimGroupList(api, this.reference);
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

  list(kind: ScimKind): ResourceList<ScimUser> | ResourceList<ScimGroup> {
    return kind === 'user' ? this.users : this.groups;
  }

  /** Shown user or group `i`. */
  itemAt(kind: ScimKind, i: number): DirectoryResource {
    const { users, groups } = this;
    return kind === 'user'
      ? new DirectoryUser(this, users.shown.item(i), users.shown.place(i))
      : new DirectoryGroup(this, groups.shown.item(i), groups.shown.place(i));
  }

  /** At most `limit` loaded users or groups that match, best first. */
  match(query: Query, limit: number): LocalMatch[] {
    return query.kind === 'user'
      ? this.users.search(query, limit).map((match) => ({
          rank: match.rank,
          decode: () => new DirectoryUser(this, match.item, match.place),
        }))
      : this.groups.search(query, limit).map((match) => ({
          rank: match.rank,
          decode: () => new DirectoryGroup(this, match.item, match.place),
        }));
  }

  /** The users that the server finds by one filter, at most one page. The same filter is sent at most once a minute. */
  async find(filter: ScimUserFilter, options?: SendOptions): Promise<readonly DirectoryUser[]> {
    return this.answers.users.get(JSON.stringify(filter), async () => {
      const found = await findUsers(this.api, this.reference, filter, options);
      return found.map(({ user }) => new DirectoryUser(this, user));
    });
  }

  /** The same for groups. */
  async findGroups(filter: ScimGroupFilter, options?: SendOptions): Promise<readonly DirectoryGroup[]> {
    return this.answers.groups.get(JSON.stringify(filter), async () => {
      const found = await findGroups(this.api, this.reference, filter, options);
      return found.map(({ group }) => new DirectoryGroup(this, group));
    });
  }

  /** Whether users or groups were read, or could not be. */
  get isRead(): boolean {
    return wasRead(this.users) || wasRead(this.groups);
  }

  /** Reads the shown pages again, those of groups only if they were read before, and drops the server's answers to filters. */
  async refresh(): Promise<void> {
    this.api.tryAgain();
    this.answers.users.clear();
    const { users, groups } = this;
    await Promise.all([
      wasRead(users) || !wasRead(groups) ? users.shown.refresh() : undefined,
      wasRead(groups) ? this.refreshGroups() : undefined,
    ]);
  }

  /** Reads the shown groups again. */
  refreshGroups(): Promise<void> {
    this.api.tryAgain();
    this.answers.groups.clear();
    return this.groups.shown.refresh();
  }

  /** Repeats the operation on the shown pages that failed last. */
  retry(kind: ScimKind = 'user'): Promise<void> {
    this.api.tryAgain();
    this.api.sendNext();
    return this.list(kind).shown.retry();
  }

  /** Reads all users or groups, as `whole.read` of their list. */
  loadAll(kind: ScimKind = 'user'): Promise<boolean> {
    this.api.tryAgain();
    return this.list(kind).whole.read();
  }

  /** Aborts all work. What is loaded stays readable. */
  dispose(): void {
    this.users.dispose();
    this.groups.dispose();
  }
}

function wasRead({ shown }: ScimUserList | ScimGroupList): boolean {
  return shown.hasFirstPage || shown.failure !== undefined;
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

/** The groups that the server finds by one filter, at most one page. */
export async function findGroups(
  api: CloudflareApi,
  reference: IdentityProviderReference,
  filter: ScimGroupFilter,
  options: SendOptions | undefined,
): Promise<FoundGroup[]> {
  const page = await api.scimGroupPage(reference, 1, { filter, ...options });
  return page.items.map((group, i) => ({ group, rawText: page.rawText(i) }));
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
    return reference ? scimUserPath(reference) : pathWithoutId(this.provider, 'users', place);
  }

  get data(): ScimUser {
    return this.user;
  }
}

/** A SCIM group of an identity provider, as a row of the tree or of the search shows it. */
export class DirectoryGroup {
  constructor(
    readonly provider: DirectoryProvider,
    readonly group: ScimGroup,
    /** Undefined for a group that came from a search of the server. */
    readonly place?: Place,
  ) {}

  /** Undefined for a group without an id. */
  get reference(): ScimGroupReference | undefined {
    const { id: groupId } = this.group;
    return groupId === undefined ? undefined : { ...this.provider.reference, groupId };
  }

  /** As the path of a user. */
  get path(): string {
    const { reference, place } = this;
    return reference ? scimGroupPath(reference) : pathWithoutId(this.provider, 'groups', place);
  }

  get data(): ScimGroup {
    return this.group;
  }
}

function pathWithoutId(provider: DirectoryProvider, list: 'users' | 'groups', place: Place | undefined): string {
  return `${identityProviderPath(provider.reference)}/${list}/#${place?.page ?? 0}.${place?.row ?? 0}`;
}
