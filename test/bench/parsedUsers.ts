import type { SearchableUser } from '../../src/matching/rank';

/** The users on a page, with nothing but `JSON.parse`; fields that are null are left out. */
export function parsedUsers(pageText: string): SearchableUser[] {
  const { result } = JSON.parse(pageText) as { result: Record<string, unknown>[] };
  return result.map((user) => ({
    ...Object.fromEntries(Object.entries(user).filter(([, value]) => value !== null)),
    emails: (user.emails ?? []) as SearchableUser['emails'],
  }));
}
