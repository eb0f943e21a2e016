import type { CloudflareApi, IdentityProvider, ScimFilter, ScimResource, SendOptions } from '../cloudflare';
import type { Query, Rank, ScimKind } from '../matching';
import { ExpiringCache } from './expiringCache';
import type { Place } from './list/snapshot';
import { productName, providerName } from './providerName';
import { identityProviderPath, type IdentityProviderReference, scimPath, type ScimReference } from './reference';
import { type ScimGroupList, scimGroupList, type ScimList, type ScimUserList, scimUserList } from './scimLists';

/** A user or group with the server's JSON of it. */
export interface FoundResource {
  readonly data: ScimResource;
  readonly rawText: string;
}

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
  private readonly answers = new ExpiringCache<readonly DirectoryResource[]>(answerLifeMs);

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

  list(kind: ScimKind): ScimList {
    return kind === 'user' ? this.users : this.groups;
  }

  /** Shown user or group `i`. */
  itemAt(kind: ScimKind, i: number): DirectoryResource {
    const { shown } = this.list(kind);
    return new DirectoryResource(this, kind, shown.item(i), shown.place(i));
  }

  /** At most `limit` loaded users or groups that match, best first. */
  match(query: Query, limit: number): LocalMatch[] {
    const { kind } = query;
    return this.list(kind)
      .search(query, limit)
      .map((match) => ({
        rank: match.rank,
        decode: () => new DirectoryResource(this, kind, match.item, match.place),
      }));
  }

  /** The users or groups that the server finds by one filter, at most one page. The same filter is sent at most once a minute. */
  async find(kind: ScimKind, filter: ScimFilter, options?: SendOptions): Promise<readonly DirectoryResource[]> {
    return this.answers.get(`${kind} ${JSON.stringify(filter)}`, async () => {
      const found = await findResources(this.api, this.reference, kind, filter, options);
      return found.map(({ data }) => new DirectoryResource(this, kind, data));
    });
  }

  /** Whether users or groups were read, or could not be. */
  get isRead(): boolean {
    return this.readKinds.length > 0;
  }

  /** Reads the shown pages of the lists again that were read before; if none was, those of the users. */
  async refresh(): Promise<void> {
    const kinds = this.isRead ? this.readKinds : (['user'] as const);
    await Promise.all(kinds.map((kind) => this.refreshList(kind)));
  }

  /** Reads the shown pages again, and drops the server's answers to filters. */
  refreshList(kind: ScimKind): Promise<void> {
    this.api.tryAgain();
    this.answers.clear();
    return this.list(kind).shown.refresh();
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

  private get readKinds(): readonly ScimKind[] {
    return (['user', 'group'] as const).filter((kind) => {
      const { shown } = this.list(kind);
      return shown.hasFirstPage || shown.failure !== undefined;
    });
  }
}

/** The users or groups that the server finds by one filter, at most one page. */
export async function findResources(
  api: CloudflareApi,
  reference: IdentityProviderReference,
  kind: ScimKind,
  filter: ScimFilter,
  options: SendOptions | undefined,
): Promise<FoundResource[]> {
  const request = { filter, ...options };
  const page = await (kind === 'user'
    ? api.scimUserPage(reference, 1, request)
    : api.scimGroupPage(reference, 1, request));
  return page.items.map((data, i) => ({ data, rawText: page.rawText(i) }));
}

/** A SCIM user or group of an identity provider, as a row of the tree or of the search shows it. */
export class DirectoryResource {
  constructor(
    readonly provider: DirectoryProvider,
    readonly kind: ScimKind,
    readonly data: ScimResource,
    /** Undefined for a user or group that came from a search of the server. */
    readonly place?: Place,
  ) {}

  /** Undefined for a user or group without an id, which cannot be requested or opened, and has no id to copy. */
  get reference(): ScimReference | undefined {
    const { id } = this.data;
    const provider = this.provider.reference;
    if (id === undefined) {
      return undefined;
    }
    return this.kind === 'user' ? { ...provider, userId: id } : { ...provider, groupId: id };
  }

  /** The path; without an id, the place in the list behind a `#`, which no encoded id holds. */
  get path(): string {
    const { reference, provider, kind, place } = this;
    return reference
      ? scimPath(reference)
      : `${identityProviderPath(provider.reference)}/${kind}s/#${place?.page ?? 0}.${place?.row ?? 0}`;
  }
}
