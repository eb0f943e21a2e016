import type { ScimUser } from '../cloudflare';

/** The email that is marked primary, else the first; undefined where there is none. */
export function primaryEmail({ emails }: ScimUser): string | undefined {
  const withValue = emails.filter(({ value }) => value !== undefined);
  return (withValue.find(({ primary }) => primary) ?? withValue[0])?.value;
}

/** The name of a user: the display name, else the email, the external id or the id; undefined where all are missing. */
export function userName(user: ScimUser): string | undefined {
  return user.displayName ?? primaryEmail(user) ?? user.externalId ?? user.id;
}
