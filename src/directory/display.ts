import type { ScimResource } from '../cloudflare';

/** The email that is marked primary, else the first; undefined where there is none. A group has none. */
export function primaryEmail(resource: ScimResource): string | undefined {
  const withValue = 'emails' in resource ? resource.emails.filter(({ value }) => value !== undefined) : [];
  return (withValue.find(({ primary }) => primary) ?? withValue[0])?.value;
}

/** The name of a user or group: the display name, else the email, the external id or the id; undefined where all are missing. */
export function resourceName(resource: ScimResource): string | undefined {
  return resource.displayName ?? primaryEmail(resource) ?? resource.externalId ?? resource.id;
}

/** Whether a user is active; undefined where that is not said, and for a group, which has no state. */
export function isActive(resource: ScimResource): boolean | undefined {
  return 'active' in resource ? resource.active : undefined;
}
