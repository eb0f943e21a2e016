import type { SearchableUser } from '../../src/matching/rank';

/** The users on a page, with nothing but `JSON.parse`. */
export function parsedUsers(pageText: string): Record<string, unknown>[] {
  return (JSON.parse(pageText) as { result: Record<string, unknown>[] }).result;
}

/** A parsed user without the fields that are null. */
export function searchable(user: Record<string, unknown>): SearchableUser {
  return {
    ...Object.fromEntries(Object.entries(user).filter(([, value]) => value !== null)),
    emails: (user.emails ?? []) as SearchableUser['emails'],
  };
}
