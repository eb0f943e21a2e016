import type { CloudflareApi, ScimResource, ScimUpdate, ScimUpdateFilter, ScimUser, SendOptions } from '../cloudflare';
import { primaryEmail } from './display';
import { type IdentityProviderReference, isSameId } from './reference';

/** Entries that are read for each filter, about; and pages, for a server whose pages are small. */
const mostUpdates = 500;
const mostPages = 10;

/** What an identity provider sent to Cloudflare about one user or group, or about everything. */
export interface ProvisioningHistory {
  /** Newest first, each once. */
  readonly updates: readonly ScimUpdate[];
  /** Whether there are older updates that were not read. */
  readonly isCut: boolean;
  /** When the oldest entry of the identity provider's log was written, RFC 3339; undefined for an empty log. */
  readonly logBegins: string | undefined;
}

/**
 * Reads the SCIM update log. A user is looked up by each id and by email, a group by each id and by name, since an entry of a failed request may
 * lack Cloudflare's id, and emails and names change. For an identity provider, failed updates are read beyond the newest ones. Throws the error
 * of the first failed request: a part of the history would look like all of it.
 */
export async function provisioningHistory(
  api: CloudflareApi,
  reference: IdentityProviderReference,
  owner: ScimResource | undefined,
  options?: SendOptions,
): Promise<ProvisioningHistory> {
  const filters: readonly ScimUpdateFilter[] = owner ? filtersOf(owner) : [{}, { status: 'FAILURE' }];
  const [begin, ...readings] = await Promise.all([
    api.scimUpdatePage(reference, 1, { ...options, order: 'oldest first', perPage: 1 }),
    ...filters.map((filter) => newestUpdates(api, reference, filter, options)),
  ]);
  // A server that ignores a filter would show the history of others.
  const found = readings.flatMap(({ updates }) =>
    owner ? updates.filter((update) => isAbout(update, owner)) : updates,
  );
  // Entries have no id, so an entry that several filters found is recognised by its content.
  const each = new Map(found.map((update) => [JSON.stringify(update), update]));
  return {
    updates: [...each.values()].sort((a, b) => timeOf(b) - timeOf(a)),
    isCut: readings.some(({ isCut }) => isCut),
    logBegins: begin.items[0]?.logged_at,
  };
}

/** A page that is not full is the last one: with one more request for each filter, a user's history would take seven in place of four. */
async function newestUpdates(
  api: CloudflareApi,
  reference: IdentityProviderReference,
  filter: ScimUpdateFilter,
  options: SendOptions | undefined,
): Promise<Pick<ProvisioningHistory, 'updates' | 'isCut'>> {
  const updates: ScimUpdate[] = [];
  for (let number = 1; ; number++) {
    const { items, perPage } = await api.scimUpdatePage(reference, number, {
      ...options,
      filter,
      order: 'newest first',
      perPage: mostUpdates,
    });
    updates.push(...items);
    const hasMore = items.length > 0 && items.length >= perPage;
    if (!hasMore || updates.length >= mostUpdates || number >= mostPages) {
      return { updates, isCut: hasMore };
    }
  }
}

function filtersOf(owner: ScimResource): ScimUpdateFilter[] {
  const email = primaryEmail(owner);
  return [
    ...(owner.id === undefined ? [] : [{ cf_resource_id: owner.id }]),
    ...(owner.externalId === undefined ? [] : [{ idp_resource_id: owner.externalId }]),
    ...(email === undefined ? [] : [{ resource_user_email: email }]),
    ...(isUser(owner) || owner.displayName === undefined ? [] : [{ resource_group_name: owner.displayName }]),
  ];
}

function isAbout(update: ScimUpdate, owner: ScimResource): boolean {
  const { cf_resource_id, idp_resource_id, resource_user_email, resource_group_name } = update;
  const isNamed = isUser(owner)
    ? resource_user_email !== undefined &&
      owner.emails.some(({ value }) => value?.toLowerCase() === resource_user_email.toLowerCase())
    : resource_group_name !== undefined && resource_group_name === owner.displayName;
  return (
    (owner.id !== undefined && isSameId(cf_resource_id, owner.id)) ||
    (owner.externalId !== undefined && idp_resource_id === owner.externalId) ||
    isNamed
  );
}

function isUser(owner: ScimResource): owner is ScimUser {
  return 'emails' in owner;
}

function timeOf({ logged_at }: ScimUpdate): number {
  const time = Date.parse(logged_at ?? '');
  return Number.isNaN(time) ? 0 : time;
}
