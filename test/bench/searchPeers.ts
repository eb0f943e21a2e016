// The two searches that ours is measured beside, over the same folded texts.
import uFuzzy from '@leeoniya/ufuzzy';
import { fold } from '../../src/matching/fold';
import { parseQuery } from '../../src/matching/query';
import { type SearchableUser, searchedFields } from '../../src/matching/rank';
import { IncludesLoop } from './includesLoop';

/** What is typed; the indexes of the first users, the best first. */
export type Search = (typed: string) => readonly number[];

/** Rows that are wanted. */
export const rows = 100;

export class SearchPeers {
  private readonly loop = new IncludesLoop();
  private readonly haystack: string[] = [];
  private readonly fuzzy = new uFuzzy();

  add(user: SearchableUser): void {
    const fields = searchedFields(user).flatMap(([, text]) => (text === undefined ? [] : fold(text)));
    this.loop.add(fields);
    this.haystack.push(fields.join(' '));
  }

  readonly includes: Search = (typed) => this.loop.search(parseQuery(typed), rows);

  /** As its documentation puts it: terms in any order, ranked up to 1,000 matches. It knows Latin letters and numbers only. */
  readonly ufuzzy: Search = (typed) => {
    const [indexes, info, order] = this.fuzzy.search(this.haystack, fold(typed), 1, 1_000);
    if (indexes === null) return [];
    if (order === null) return indexes.slice(0, rows);
    return order.slice(0, rows).map((at) => info.idx[at] ?? 0);
  };
}
