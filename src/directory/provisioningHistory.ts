import type { CloudflareApi, ScimUpdate, ScimUpdateFilter, ScimUser, SendOptions } from '../cloudflare';
import { primaryEmail } from './display';
import { type IdentityProviderReference, isSameId } from './reference';

/** Entries that are read for each filter. */
export const mostUpdates = 500;

/** What an identity provider sent to Cloudflare about one user, or about everything. */
export interface ProvisioningHistory {
  /** Newest first, each once. */
  readonly updates: readonly ScimUpdate[];
  /** Whether there are older updates that were not read. */
  readonly isCut: boolean;
  /** When the oldest entry of the identity provider's log was written, RFC 3339; undefined for an empty log. */
  readonly logBegins: string | undefined;
}

/**
 * Reads the SCIM update log. A user is looked up by each id and by email, since an entry of a failed request may lack Cloudflare's id, and an
 * email changes. For an identity provider, failed updates are read beyond the newest ones. Throws the error of the first failed request: a
 * part of the history would look like all of it.
 */
export async function provisioningHistory(
  api: CloudflareApi,
  reference: IdentityProviderReference,
  user: ScimUser | undefined,
  options?: SendOptions,
): Promise<ProvisioningHistory> {
  const filters: readonly ScimUpdateFilter[] = user ? filtersOf(user) : [{}, { status: 'FAILURE' }];
  const [begin, ...pages] = await Promise.all([
    api.scimUpdates(reference, {}, 'oldest', 1, options),
    ...filters.map((filter) => api.scimUpdates(reference, filter, 'newest', mostUpdates, options)),
  ]);
  // A server that ignores a filter would show the history of others.
  const found = pages.flatMap(({ items }) => (user ? items.filter((update) => isAbout(update, user)) : items));
  // Entries have no id, so an entry that several filters found is recognised by its content.
  const each = new Map(found.map((update) => [JSON.stringify(update), update]));
  return {
    updates: [...each.values()].sort((a, b) => timeOf(b) - timeOf(a)),
    isCut: pages.some(({ items, perPage }) => items.length > 0 && items.length >= Math.min(perPage, mostUpdates)),
    logBegins: begin.items[0]?.logged_at,
  };
}

function filtersOf(user: ScimUser): ScimUpdateFilter[] {
  const email = primaryEmail(user);
  return [
    ...(user.id === undefined ? [] : [{ cf_resource_id: user.id }]),
    ...(user.externalId === undefined ? [] : [{ idp_resource_id: user.externalId }]),
    ...(email === undefined ? [] : [{ resource_user_email: email }]),
  ];
}

function isAbout(update: ScimUpdate, user: ScimUser): boolean {
  const { cf_resource_id, idp_resource_id, resource_user_email } = update;
  const isEmail = user.emails.some(({ value }) => value?.toLowerCase() === resource_user_email?.toLowerCase());
  return (
    (user.id !== undefined && isSameId(cf_resource_id, user.id)) ||
    (user.externalId !== undefined && idp_resource_id === user.externalId) ||
    (resource_user_email !== undefined && isEmail)
  );
}

function timeOf({ logged_at }: ScimUpdate): number {
  const time = Date.parse(logged_at ?? '');
  return Number.isNaN(time) ? 0 : time;
}
