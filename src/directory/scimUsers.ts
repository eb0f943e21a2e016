import { type Clock, type CloudflareApi, type ScimUser, systemClock } from '../cloudflare';
import { ResourceList } from './list/resourceList';
import type { IdentityProviderReference } from './reference';

/** The SCIM users of one identity provider. */
export type ScimUserList = ResourceList<ScimUser>;

/** @param now Returns ms since 1970. */
export function scimUserList(
  api: CloudflareApi,
  reference: IdentityProviderReference,
  now?: () => number,
  clock: Clock = systemClock,
): ScimUserList {
  return new ResourceList<ScimUser>(
    {
      readPage: (page, options) => api.scimUserPage(reference, page, options),
      bulkDuration: (requests) => api.bulkDuration(requests),
      newSnapshot: async (since) => {
        const { scimUserSnapshot } = await import('./scimUserSnapshot');
        return scimUserSnapshot(clock, since);
      },
    },
    now,
  );
}
