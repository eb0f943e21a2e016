import type { ScimKind } from '../matching';

/** Identifies an identity provider of an account. */
export interface IdentityProviderReference {
  readonly accountId: string;
  readonly identityProviderId: string;
}

/** Identifies a SCIM user by the three ids that the API needs. */
export interface ScimUserReference extends IdentityProviderReference {
  /** Cloudflare's id of the user, `cf_resource_id` in filters. */
  readonly userId: string;
}

/** Identifies a SCIM group. */
export interface ScimGroupReference extends IdentityProviderReference {
  /** Cloudflare's id of the group, `cf_resource_id` in filters. */
  readonly groupId: string;
}

/** Identifies a SCIM user or group. */
export type ScimReference = ScimUserReference | ScimGroupReference;

/** Identifies an identity provider, or one of its users or groups. */
export interface ResourceReference extends IdentityProviderReference {
  readonly userId?: string | undefined;
  readonly groupId?: string | undefined;
}

export function scimKindOf(reference: ScimReference): ScimKind {
  return 'groupId' in reference ? 'group' : 'user';
}

/** Cloudflare's id of a user or group. */
export function scimIdOf(reference: ScimReference): string {
  return 'groupId' in reference ? reference.groupId : reference.userId;
}

/** Whether two ids are the same. Cloudflare's ids are hexadecimal, so their case does not count. */
export function isSameId(one: string | undefined, other: string): boolean {
  return one === other || (/^[0-9a-f-]+$/i.test(other) && one?.toLowerCase() === other.toLowerCase());
}

/** `/accounts/<account>`, parts percent-encoded. */
export function accountPath(accountId: string): string {
  return `/accounts/${encoded(accountId)}`;
}

/** `/accounts/<account>/identity_providers/<provider>`, parts percent-encoded. */
export function identityProviderPath({ accountId, identityProviderId }: IdentityProviderReference): string {
  return `${accountPath(accountId)}/identity_providers/${encoded(identityProviderId)}`;
}

/** `/accounts/<account>/identity_providers/<provider>/users/<id>`, or `…/groups/<id>`, parts percent-encoded. */
export function scimPath(reference: ScimReference): string {
  const list = scimKindOf(reference) === 'user' ? 'users' : 'groups';
  return `${identityProviderPath(reference)}/${list}/${encoded(scimIdOf(reference))}`;
}

/** The reference that identityProviderPath or scimPath wrote; undefined for every other path. */
export function parsePath(path: string): ResourceReference | undefined {
  const pattern = /^\/accounts\/([^/]+)\/identity_providers\/([^/]+)(?:\/(users|groups)\/([^/]+))?$/;
  const [, account = '', provider = '', list, resource = ''] = pattern.exec(path) ?? [];
  try {
    const [accountId = '', identityProviderId = '', id] = [account, provider, resource].map(decodeURIComponent);
    if (accountId === '' || identityProviderId === '') {
      return undefined;
    }
    const ids = { accountId, identityProviderId };
    return list === undefined ? ids : list === 'users' ? { ...ids, userId: id } : { ...ids, groupId: id };
  } catch {
    return undefined;
  }
}

/** The URI scheme of documents. The path of a user's, a group's or an identity provider's is its own with `.json` appended. */
export const documentScheme = 'scim-explorer';

interface UriParts {
  readonly scheme: string;
  readonly path: string;
}

function parseUri({ scheme, path }: UriParts, ending: string): ResourceReference | undefined {
  return scheme === documentScheme && path.endsWith(ending) ? parsePath(path.slice(0, -ending.length)) : undefined;
}

/** The reference in the URI of the document of a user or group; undefined for every other URI. */
export function parseScimUri(uri: UriParts): ScimReference | undefined {
  return scimReference(parseUri(uri, '.json'));
}

/** The user or group that a reference names; undefined for an identity provider. */
export function scimReference({ accountId, identityProviderId, userId, groupId }: Partial<ResourceReference> = {}):
  ScimReference | undefined {
  if (!accountId || !identityProviderId) {
    return undefined;
  }
  if (userId) {
    return { accountId, identityProviderId, userId };
  }
  return groupId ? { accountId, identityProviderId, groupId } : undefined;
}

/** The reference in the URI of an identity provider's document, `…/identity_providers/<provider>.json`; undefined for every other URI. */
export function parseProviderUri(uri: UriParts): IdentityProviderReference | undefined {
  const { accountId, identityProviderId, userId, groupId } = parseUri(uri, '.json') ?? {};
  const isProvider = accountId && identityProviderId && userId === undefined && groupId === undefined;
  return isProvider ? { accountId, identityProviderId } : undefined;
}

const historyFile = '/provisioning_history.log';

/** `/accounts/…/identity_providers/<provider>[/users/<id> or /groups/<id>]/provisioning_history.log`, parts percent-encoded. */
export function historyPath(owner: ResourceReference): string {
  const resource = scimReference(owner);
  return `${resource ? scimPath(resource) : identityProviderPath(owner)}${historyFile}`;
}

/** The owner of the provisioning history with a URI; undefined for every other URI. */
export function parseHistoryUri(uri: UriParts): ResourceReference | undefined {
  return parseUri(uri, historyFile);
}

/** Whether a URI is that of a document: of a user, a group, an identity provider or a provisioning history. */
export function isDocumentUri(uri: UriParts): boolean {
  return (parseUri(uri, '.json') ?? parseHistoryUri(uri)) !== undefined;
}

/** A lone surrogate cannot be encoded. The result cannot be decoded either, since no request could contain it. */
function encoded(id: string): string {
  return id.replace(/\p{Cs}|[^\p{Cs}]+/gu, (part) =>
    part.isWellFormed() ? encodeURIComponent(part) : `%${part.charCodeAt(0).toString(16)}`,
  );
}
