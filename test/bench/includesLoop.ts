// What one writes first: a loop with `includes` over the folded texts, ranked as ours is.
import type { Query } from '../../src/matching/query';
import { type Rank, ranks } from '../../src/matching/rank';

/** Stands before and behind every field, and in none of them. */
const edge = '\n';

export class IncludesLoop {
  private readonly texts: string[] = [];

  /** @param fields The texts of a user, folded. */
  add(fields: readonly string[]): void {
    this.texts.push(edge + fields.join(edge) + edge);
  }

  /** Indexes of the first users in order of rank. */
  search({ terms }: Query, limit: number): number[] {
    const words = terms.map(({ folded }) => folded);
    const found: number[][] = [[], [], [], []];
    // The worst rank that can still be among the first; what it leaves out is not looked for any more.
    let worst: Rank = ranks.inside;
    let sought = words;
    for (let i = 0; i < this.texts.length; i++) {
      const text = this.texts[i] ?? '';
      if (!sought.every((word) => text.includes(word))) continue;
      const rank = rankOfAll(text, words);
      if (rank > worst) continue;
      found[rank]?.push(i);
      if (reaches(found, worst, limit)) {
        if (worst === ranks.exact) break;
        worst = (worst - 1) as Rank;
        while (worst > ranks.exact && reaches(found, worst, limit)) worst = (worst - 1) as Rank;
        sought = worst <= ranks.fieldStart ? words.map((word) => edge + word) : words;
      }
    }
    return found.flat().slice(0, limit);
  }
}

/** Whether ranks up to this one have as many users as are wanted. */
function reaches(found: readonly (readonly number[])[], rank: Rank, limit: number): boolean {
  return found.slice(0, rank + 1).reduce((sum, { length }) => sum + length, 0) >= limit;
}

function rankOfAll(text: string, words: readonly string[]): Rank {
  return Math.max(...words.map((word) => rankOf(text, word))) as Rank;
}

function rankOf(text: string, word: string): Rank {
  const start = text.indexOf(edge + word);
  if (start >= 0) return text.includes(edge + word + edge, start) ? ranks.exact : ranks.fieldStart;
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!/[\p{L}\p{N}]$/u.test(text.slice(Math.max(0, at - 2), at))) return ranks.wordStart;
  }
  return ranks.inside;
}
