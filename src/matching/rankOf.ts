import type { Query, Term } from './query';
import { type Rank, ranks, type SearchableUser, searchedFields } from './rank';
import { needleOf, rankInRecord, recordOf } from './records';

/** The rank of one user, as `UserIndex.search` computes it: that of its worst term in the best field; undefined if the user does not match. */
export function rankOf(user: SearchableUser, query: Query): Rank | undefined {
  if (query.active !== undefined && user.active !== query.active) {
    return undefined;
  }
  const { texts, ids } = recordOf(user);
  const bytes = Buffer.from(texts + ids);
  let worst: Rank = ranks.exact;
  for (const term of query.terms) {
    const rank = isWholeField(user, term)
      ? ranks.exact
      : rankInRecord(bytes, 0, bytes.length, needleOf(term.folded, term.field));
    if (rank === undefined) {
      return undefined;
    }
    worst = rank > worst ? rank : worst;
  }
  return worst;
}

/** A record has only the beginning of a long field, but the server compares the whole field. */
function isWholeField(user: SearchableUser, term: Term): boolean {
  return searchedFields(user).some(([field, text]) => text === term.text && (term.field ?? field) === field);
}
