import type { Query } from '../matching';
import type { DirectoryProvider, DirectoryResource, LocalMatch } from '../directory';

/** The loaded users or groups that match. */
export interface LocalResult {
  /** The best first; those that match as well in the order of providers, pages and places. */
  readonly resources: readonly DirectoryResource[];
  /** Matches counted, at most `mostCounted`. */
  readonly count: number;
}

/** Beyond this, matches are not counted: `1,000+`. */
export const mostCounted = 1000;

/** Finds users or groups among those that were read: at once, without a request. Decodes as many as are wanted. */
export function searchLocally(providers: readonly DirectoryProvider[], query: Query, wanted: number): LocalResult {
  const matches = providers.flatMap((provider) => provider.match(query, mostCounted));
  // Stable: within a rank the providers' order stays, and each one's own.
  const best = isOrdered(matches) ? matches : matches.toSorted((a, b) => a.rank - b.rank);
  return {
    resources: best.slice(0, wanted).map(({ decode }) => decode()),
    count: Math.min(best.length, mostCounted),
  };
}

function isOrdered(matches: readonly LocalMatch[]): boolean {
  return matches.every(({ rank }, i) => i === 0 || (matches[i - 1]?.rank ?? 0) <= rank);
}
