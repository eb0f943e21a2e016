import {
  type Clock,
  type CloudflareApi,
  type ListPage,
  type ScimGroup,
  type ScimUser,
  systemClock,
} from '../cloudflare';
import type { SearchableUser } from '../matching';
import type { PageOptions } from './list/kind';
import { ResourceList } from './list/resourceList';
import type { Identified, Snapshot } from './list/snapshot';
import type { IdentityProviderReference } from './reference';

/** The SCIM users of one identity provider. */
export type ScimUserList = ResourceList<ScimUser>;

/** The SCIM groups of one identity provider. */
export type ScimGroupList = ResourceList<ScimGroup>;

/** The SCIM users, or the SCIM groups, of one identity provider. */
export type ScimList = ScimUserList | ScimGroupList;

/** @param now Returns ms since 1970. */
export function scimUserList(
  api: CloudflareApi,
  reference: IdentityProviderReference,
  now?: () => number,
  clock: Clock = systemClock,
): ScimUserList {
  return listOf(api, (page, options) => api.scimUserPage(reference, page, options), now, clock);
}

export function scimGroupList(api: CloudflareApi, reference: IdentityProviderReference): ScimGroupList {
  return listOf(api, (page, options) => api.scimGroupPage(reference, page, options), undefined, systemClock);
}

function listOf<T extends Identified & SearchableUser>(
  api: CloudflareApi,
  readPage: (page: number, options: PageOptions) => Promise<ListPage<T>>,
  now: (() => number) | undefined,
  clock: Clock,
): ResourceList<T> {
  return new ResourceList<T>(
    {
      readPage,
      bulkDuration: (requests) => api.bulkDuration(requests),
      newSnapshot: async (since): Promise<Snapshot<T>> => {
        const { scimSnapshot } = await import('./scimSnapshot');
        return scimSnapshot(clock, since);
      },
    },
    now,
  );
}
