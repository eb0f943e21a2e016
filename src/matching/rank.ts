import { foldField } from './fold';
import { type Query, type SearchField, type Term } from './query';

/** What of a SCIM user is searched. */
export interface SearchableUser {
  readonly displayName?: string | undefined;
  readonly emails: readonly { readonly value?: string | undefined }[];
  readonly externalId?: string | undefined;
  readonly id?: string | undefined;
  readonly active?: boolean | undefined;
}

/**
 * Where a term stands, the best place first: it is a whole field, begins one, begins a word, or stands inside. A word begins with its
 * field and after every character that is neither letter nor number.
 */
export const ranks = { exact: 0, fieldStart: 1, wordStart: 2, inside: 3 } as const;
export type Rank = (typeof ranks)[keyof typeof ranks];

/** The rank of one user, as `UserIndex.search` finds it: of the worst term in its best field; undefined for a user that does not fit. */
export function rankOf(user: SearchableUser, query: Query): Rank | undefined {
  if (query.active !== undefined && user.active !== query.active) {
    return undefined;
  }
  let worst: Rank = ranks.exact;
  for (const term of query.terms) {
    const rank = rankOfTerm(user, term);
    if (rank === undefined) {
      return undefined;
    }
    worst = rank > worst ? rank : worst;
  }
  return worst;
}

/** The searched texts of a user, as they came; several emails are several fields. */
export function searchedFields(user: SearchableUser): [field: SearchField, text: string | undefined][] {
  return [
    ['name', user.displayName],
    ...user.emails.map(({ value }): [SearchField, string | undefined] => ['email', value]),
    ['externalId', user.externalId],
    ['id', user.id],
  ];
}

function rankOfTerm(user: SearchableUser, term: Term): Rank | undefined {
  let best: Rank | undefined;
  for (const [field, text] of searchedFields(user)) {
    if (text !== undefined && (term.field ?? field) === field) {
      // A field may be longer than what is looked at, but the server finds it as a whole.
      const rank = text === term.text ? ranks.exact : rankInField(foldField(text), term.folded);
      best = rank === undefined || (best !== undefined && best <= rank) ? best : rank;
    }
  }
  return best;
}

function rankInField(field: string, text: string): Rank | undefined {
  if (field.startsWith(text)) {
    return field.length === text.length ? ranks.exact : ranks.fieldStart;
  }
  let at = field.indexOf(text);
  if (at < 0) {
    return undefined;
  }
  for (; at >= 0; at = field.indexOf(text, at + 1)) {
    // The code point before: two units at most.
    if (!/[\p{L}\p{N}]$/u.test(field.slice(Math.max(0, at - 2), at))) {
      return ranks.wordStart;
    }
  }
  return ranks.inside;
}
