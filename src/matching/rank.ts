import { type SearchField } from './query';

/** The fields of a SCIM user that are searched. */
export interface SearchableUser {
  readonly displayName?: string | undefined;
  readonly emails: readonly { readonly value?: string | undefined }[];
  readonly externalId?: string | undefined;
  readonly id?: string | undefined;
  readonly active?: boolean | undefined;
}

/**
 * Where a term stands, the best place first: it is a whole field, begins a field, begins a word, or stands inside a word. A word begins at
 * the start of its field and after every character that is neither a letter nor a number.
 */
export const ranks = { exact: 0, fieldStart: 1, wordStart: 2, inside: 3 } as const;
export type Rank = (typeof ranks)[keyof typeof ranks];

/** The searched texts of a user, as the server sent them; several emails are several fields. */
export function searchedFields(user: SearchableUser): [field: SearchField, text: string | undefined][] {
  return [
    ['name', user.displayName],
    ...user.emails.map(({ value }): [SearchField, string | undefined] => ['email', value]),
    ['externalId', user.externalId],
    ['id', user.id],
  ];
}
