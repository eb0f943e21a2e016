import { alphanumericOf, happens, hash32, timeOf, uuidOf } from './deterministic.mts';
import { personAt } from './people.mts';
import { specialUserAt } from './specialUsers.mts';

/** What sort of external id an identity provider gives to its users. */
export type ExternalIdForm = 'okta' | 'uuid' | 'login';

/** What the users of one identity provider have in common. */
export interface UserTraits {
  /** Salt of the Cloudflare ids and of everything random. */
  readonly salt: number;
  readonly externalIds: ExternalIdForm;
  /** Where most email addresses are: example.com, example.org or example.net. */
  readonly domain: string;
  /** Shifts the names, so that two providers list different people. */
  readonly nameOffset: number;
  /** Whether the hand-made users of `specialUsers.mts` stand among them. */
  readonly hasSpecialUsers: boolean;
}

export interface ScimEmail {
  primary?: boolean;
  type?: string;
  value?: string;
}

/** A SCIM user as the API lists it: every field may be missing or null. */
export interface ScimUser {
  id?: string | null;
  active?: boolean | null;
  displayName?: string | null;
  emails?: ScimEmail[] | null;
  externalId?: string | null;
  meta?: { created?: string; lastModified?: string } | null;
  schemas?: string[] | null;
  [field: string]: unknown;
}

/** A user with what the answer leaves out. */
export interface UserRecord {
  readonly user: ScimUser;
  /** Not in the answer: only the `username` filter knows it. */
  readonly userName: string;
  /** JSON text of further members, for what JSON.stringify cannot write: huge numbers, repeated keys. */
  readonly rawMembers?: string;
}

/** The first rows of every provider are whole, so that pictures of a first page show ordinary people. */
const firstGap = 40;

/** Lanes of the hash: one for each thing that is decided at random. */
const lanes = { inactive: 10, contractor: 11, secondEmail: 12, missing: 13, missingWhat: 14 } as const;

const missingFields: readonly ((user: ScimUser) => void)[] = [
  (user) => delete user.displayName,
  (user) => (user.displayName = null),
  (user) => delete user.emails,
  (user) => (user.emails = null),
  (user) => (user.emails = []),
  (user) => (user.externalId = null),
  (user) => delete user.externalId,
  (user) => delete user.active,
  (user) => delete user.meta,
  (user) => (user.meta = null),
  (user) => delete user.schemas,
];

/** The user at an index of a provider. Pure arithmetic: the same in every run, and nothing is kept. */
export function userAt(traits: UserTraits, index: number): UserRecord {
  const { salt } = traits;
  const { displayName, login } = personAt(index, traits.nameOffset);
  const email = `${login}@${happens(0.08, salt, index, lanes.contractor) ? 'example.net' : traits.domain}`;
  const emails: ScimEmail[] = [{ primary: true, type: 'work', value: email }];

  if (happens(0.07, salt, index, lanes.secondEmail)) {
    emails.push({ primary: false, type: 'home', value: `${login}.home@example.org` });
  }

  const user: ScimUser = {
    id: uuidOf(salt, index),
    active: index < firstGap ? index % 17 !== 5 : !happens(0.06, salt, index, lanes.inactive),
    displayName,
    emails,
    externalId: externalIdAt(traits, index, login),
    meta: { created: timeOf(salt, index, 0), lastModified: timeOf(salt, index, 1) },
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  };

  if (index >= firstGap && happens(0.03, salt, index, lanes.missing)) {
    missingFields[hash32(salt, index, lanes.missingWhat) % missingFields.length]?.(user);
  }

  const record = { user, userName: userNameOf(traits, login) };
  return traits.hasSpecialUsers ? specialUserAt(index, record) : record;
}

/** External ids that are UUIDs must differ from the Cloudflare ids, which are UUIDs too. */
export function externalIdSalt({ salt }: UserTraits): number {
  return salt ^ 0x0e57_e4a1;
}

function externalIdAt(traits: UserTraits, index: number, login: string): string {
  switch (traits.externalIds) {
    case 'okta':
      return `00u${alphanumericOf(traits.salt, index, 14)}5d7`;
    case 'uuid':
      return uuidOf(externalIdSalt(traits), index);
    case 'login':
      return login.replaceAll('.', '_');
  }
}

/** Entra ID's user name is a user principal name, mostly in another domain than the email; elsewhere it is the login. */
function userNameOf(traits: UserTraits, login: string): string {
  return traits.externalIds === 'uuid' ? `${login}@example.org` : login;
}
