import { indexOfUuid, saltOf, uuidOf } from './deterministic.mts';
import { groupAt, type ScimGroup } from './groups.mts';
import { Listing, type ListingSource } from './listing.mts';
import {
  externalIdSalt,
  userAt,
  type ExternalIdForm,
  type ScimUser,
  type UserRecord,
  type UserTraits,
} from './users.mts';

/** What an identity provider is made from. */
export interface IdentityProviderSeed {
  readonly name: string;
  readonly type: string;
  /** Without it the provider has no SCIM at all (`scim_config` is empty), as One-time PIN. */
  readonly scim?: { readonly enabled: boolean };
  readonly users?: number;
  readonly groups?: number;
  readonly externalIds?: ExternalIdForm;
  readonly domain?: string;
  readonly nameOffset?: number;
  readonly hasSpecialUsers?: boolean;
}

/** What the API shows in the place of a secret. */
const redacted = '**********';

const host = 'northwind.example.com';

/** The `config` of each type: different members, and redacted secrets among them. */
const configs: Readonly<Record<string, (clientId: string) => Record<string, unknown>>> = {
  onetimepin: () => ({ redirect_url: `https://${host}/cdn-cgi/access/callback` }),
  okta: (clientId) => ({
    okta_account: `https://okta.${host}`,
    client_id: clientId,
    client_secret: redacted,
    claims: ['groups'],
  }),
  azureAD: (clientId) => ({
    directory_id: clientId,
    client_id: clientId,
    client_secret: redacted,
    support_groups: true,
  }),
  saml: () => ({
    issuer_url: `https://login.${host}`,
    sso_target_url: `https://login.${host}/sso`,
    idp_public_certs: [redacted],
  }),
  oidc: (clientId) => ({
    auth_url: `https://id.${host}/auth`,
    token_url: `https://id.${host}/token`,
    client_id: clientId,
    client_secret: redacted,
  }),
};

export class SimulatedIdentityProvider {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly scimEnabled: boolean;
  readonly users: Listing<UserRecord>;
  readonly groups: Listing<ScimGroup>;
  readonly #seed: IdentityProviderSeed;

  constructor(accountName: string, seed: IdentityProviderSeed) {
    const salt = saltOf(`${accountName}/${seed.type}/${seed.name}`);
    const traits: UserTraits = {
      salt,
      externalIds: seed.externalIds ?? 'login',
      domain: seed.domain ?? 'example.com',
      nameOffset: seed.nameOffset ?? 0,
      hasSpecialUsers: seed.hasSpecialUsers ?? false,
    };

    this.#seed = seed;
    this.id = uuidOf(salt, 0xffff_ffff);
    this.name = seed.name;
    this.type = seed.type;
    this.scimEnabled = seed.scim?.enabled ?? false;
    this.users = userListing(traits, seed.users ?? 0);
    this.groups = groupListing(traits, seed.groups ?? 0);
  }

  get userCount(): number {
    return this.users.count;
  }

  get groupCount(): number {
    return this.groups.count;
  }

  /** The user at a place of the list (from 0), as a client gets it that reads the answer with JSON.parse. */
  user(place: number): ScimUser {
    return JSON.parse(userText(this.#record(place))) as ScimUser;
  }

  group(place: number): ScimGroup {
    const group = this.groups.at(place);
    if (!group) {
      throw new RangeError(`${this.name} has no group ${place}.`);
    }
    return group;
  }

  /** The user name of the user at a place: what the `username` filter finds and no answer shows. */
  userName(place: number): string {
    return this.#record(place).userName;
  }

  /** The provider as the API gives it, with secrets redacted. */
  toJSON(): Record<string, unknown> {
    const { id, name, type } = this;
    const config = (configs[type] ?? configs.oidc)?.(uuidOf(saltOf(id), 1)) ?? {};
    const scimConfig = this.#seed.scim && {
      enabled: this.scimEnabled,
      identity_update_behavior: 'automatic',
      scim_base_url: `https://${host}/cdn-cgi/access/scim/v2/${id}`,
      seat_deprovision: false,
      secret: redacted,
      user_deprovision: true,
    };
    return { id, name, type, config, scim_config: scimConfig ?? {} };
  }

  #record(place: number): UserRecord {
    const record = this.users.at(place);
    if (!record) {
      throw new RangeError(`${this.name} has no user ${place}.`);
    }
    return record;
  }
}

/** A user as it stands in an answer. */
export function userText({ user, rawMembers }: UserRecord): string {
  const text = JSON.stringify(user);
  return rawMembers === undefined ? text : `${text.slice(0, -1)},${rawMembers}}`;
}

function userListing(traits: UserTraits, count: number): Listing<UserRecord> {
  return new Listing<UserRecord>({
    count,
    make: (number) => userAt(traits, number),
    locate: locators(traits),
    attributes: {
      id: ({ user }) => [user.id],
      externalId: ({ user }) => [user.externalId],
      displayName: ({ user }) => [user.displayName],
      email: ({ user }) => user.emails?.map(({ value }) => value) ?? [],
      userName: ({ userName }) => [userName],
    },
  });
}

/** The ids that lead back to a user by arithmetic. Hand-made users may have another id than the one their number gives. */
function locators(traits: UserTraits): NonNullable<ListingSource<UserRecord>['locate']> {
  const id = (text: string) => indexOfUuid(traits.salt, text);
  const externalId = (text: string) => indexOfUuid(externalIdSalt(traits), text);

  if (traits.hasSpecialUsers) {
    return {};
  }
  return traits.externalIds === 'uuid' ? { id, externalId } : { id };
}

function groupListing(traits: UserTraits, count: number): Listing<ScimGroup> {
  return new Listing({
    count,
    make: (number) => groupAt(traits, number),
    attributes: {
      id: ({ id }) => [id],
      externalId: ({ externalId }) => [externalId],
      displayName: ({ displayName }) => [displayName],
    },
  });
}
