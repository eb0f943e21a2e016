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

/** Identifies the provisioning history of an identity provider, or of one of its users. */
export interface HistoryReference extends IdentityProviderReference {
  readonly userId?: string | undefined;
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

/** `/accounts/<account>/identity_providers/<provider>/users/<id>`, parts percent-encoded. */
export function scimUserPath(reference: ScimUserReference): string {
  return `${identityProviderPath(reference)}/users/${encoded(reference.userId)}`;
}

/** The reference that scimUserPath wrote; undefined for every other path. */
export function parseScimUserPath(path: string): ScimUserReference | undefined {
  const match = /^\/accounts\/([^/]+)\/identity_providers\/([^/]+)\/users\/([^/]+)$/.exec(path);
  try {
    const [accountId, identityProviderId, userId] = (match ?? []).slice(1).map(decodeURIComponent);
    return accountId && identityProviderId && userId ? { accountId, identityProviderId, userId } : undefined;
  } catch {
    return undefined;
  }
}

/** The URI scheme of documents. The path of a user's or an identity provider's is its own with `.json` appended. */
export const documentScheme = 'scim-explorer';

/** The reference in the URI of a user's document; undefined for every other URI. */
export function parseUserUri(uri: { readonly scheme: string; readonly path: string }): ScimUserReference | undefined {
  return uri.scheme === documentScheme && uri.path.endsWith('.json')
    ? parseScimUserPath(uri.path.slice(0, -'.json'.length))
    : undefined;
}

/** The reference in the URI of an identity provider's document, `…/identity_providers/<provider>.json`; undefined for every other URI. */
export function parseProviderUri(uri: {
  readonly scheme: string;
  readonly path: string;
}): IdentityProviderReference | undefined {
  const path = uri.scheme === documentScheme && uri.path.endsWith('.json') ? uri.path.slice(0, -'.json'.length) : '';
  return providerIn(path);
}

/** Behind a provider's path, the path of any user can be read. */
function providerIn(path: string): IdentityProviderReference | undefined {
  const { accountId, identityProviderId } = parseScimUserPath(`${path}/users/any`) ?? {};
  return accountId && identityProviderId ? { accountId, identityProviderId } : undefined;
}

const historyFile = '/provisioning_history.log';

/** `/accounts/…/identity_providers/<provider>[/users/<id>]/provisioning_history.log`, parts percent-encoded. */
export function historyPath({ userId, ...provider }: HistoryReference): string {
  const owner = userId === undefined ? identityProviderPath(provider) : scimUserPath({ ...provider, userId });
  return `${owner}${historyFile}`;
}

/** The reference in the URI of a provisioning history; undefined for every other URI. */
export function parseHistoryUri(uri: { readonly scheme: string; readonly path: string }): HistoryReference | undefined {
  if (uri.scheme !== documentScheme || !uri.path.endsWith(historyFile)) {
    return undefined;
  }
  const owner = uri.path.slice(0, -historyFile.length);
  const user = parseScimUserPath(owner);
  const provider = user ?? providerIn(owner);
  const { accountId, identityProviderId } = provider ?? {};
  return accountId && identityProviderId ? { accountId, identityProviderId, userId: user?.userId } : undefined;
}

/** Whether a URI is that of a document: of a user, an identity provider or a provisioning history. */
export function isDocumentUri(uri: { readonly scheme: string; readonly path: string }): boolean {
  return (parseUserUri(uri) ?? parseProviderUri(uri) ?? parseHistoryUri(uri)) !== undefined;
}

/** A lone surrogate cannot be encoded. The result cannot be decoded either, since no request could contain it. */
function encoded(id: string): string {
  return id.replace(/\p{Cs}|[^\p{Cs}]+/gu, (part) =>
    part.isWellFormed() ? encodeURIComponent(part) : `%${part.charCodeAt(0).toString(16)}`,
  );
}
