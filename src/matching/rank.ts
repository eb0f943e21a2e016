import { type SearchField } from './query';

/** The fields of a SCIM user that are searched. A SCIM group has neither emails nor a state. */
export interface SearchableUser {
  readonly displayName?: string | undefined;
  readonly emails?: readonly { readonly value?: string | undefined }[];
  readonly externalId?: string | undefined;
  readonly id?: string | undefined;
  readonly active?: boolean | undefined;
}

/**
 * How a term matches, best first: as a whole field, at the start of a field, at the start of a word, or inside a word. A word begins at the
 * start of its field and after every character that is neither a letter nor a number.
 */
export const ranks = { exact: 0, fieldStart: 1, wordStart: 2, inside: 3 } as const;
export type Rank = (typeof ranks)[keyof typeof ranks];

/** The searched texts of a user, as the server sent them; several emails are several fields. */
export function searchedFields(user: SearchableUser): [field: SearchField, text: string | undefined][] {
  return [
    ['name', user.displayName],
    ...(user.emails ?? []).map(({ value }): [SearchField, string | undefined] => ['email', value]),
    ['externalId', user.externalId],
    ['id', user.id],
  ];
}
