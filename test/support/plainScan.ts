/** Search as its rules say, over plain objects, one user after the other: slow, and shares no code with src/matching/ but the types. */
import { parseQuery, type Query, type Term } from '../../src/matching/query';
import { type Match, type Rank, type SearchableUser } from '../../src/matching/userIndex';

const spellings = new Map([
  ['ß', 'ss'],
  ['ł', 'l'],
  ['ø', 'o'],
  ['đ', 'd'],
  ['æ', 'ae'],
  ['œ', 'oe'],
  ['ı', 'i'],
  ['ς', 'σ'],
]);

/** Character by character: which one stands beside it changes nothing. */
export function plainFold(text: string): string {
  return Array.from(text, plainFoldCharacter).join('');
}

function plainFoldCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20 || (code >= 0x7f && code <= 0x9f)) {
    return ' ';
  }
  if (code >= 0xd800 && code <= 0xdfff) {
    return '\ufffd';
  }
  const bare = Array.from(character.normalize('NFKD')).filter((part) => !/^\p{M}$/u.test(part));
  return bare.map((part) => spellings.get(part.toLowerCase()) ?? part.toLowerCase()).join('');
}

/** A user's texts, folded, by the field's name in a query. */
export interface PlainUser {
  readonly texts: readonly (readonly [field: string, text: string])[];
  readonly active: boolean | undefined;
}

/** Done once where many searches follow. */
export function plainUser({ displayName, emails, externalId, id, active }: SearchableUser): PlainUser {
  const texts: [string, string | undefined][] = [['name', displayName]];
  for (const { value } of emails) {
    texts.push(['email', value]);
  }
  texts.push(['externalId', externalId], ['id', id]);
  return { texts: texts.flatMap(([field, text]) => (text === undefined ? [] : [[field, plainFold(text)]])), active };
}

/** The best `limit` users for a query, or for what somebody typed: by rank, then as they stand. */
export function plainSearch(
  users: readonly (SearchableUser | PlainUser)[],
  query: Query | string,
  limit: number,
): Match[] {
  const sought = typeof query === 'string' ? parseQuery(query) : query;
  const judge = sought.terms.map(judgeOf);
  const found: Match[] = [];
  users.forEach((user, index) => {
    const { texts, active } = 'texts' in user ? user : plainUser(user);
    const worst = Math.max(0, ...judge.map((rankIn) => rankIn(texts)));
    if (worst < 4 && (sought.active === undefined || sought.active === active)) {
      found.push({ index, rank: worst as Rank });
    }
  });
  return found.sort((a, b) => a.rank - b.rank || a.index - b.index).slice(0, limit);
}

/** Ranks a user's texts for one term; 4 if it stands in none. */
function judgeOf({ text, field }: Term): (texts: PlainUser['texts']) => number {
  const sought = plainFold(text);
  const atWordStart = new RegExp(`(?<![\\p{L}\\p{N}])${sought.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')}`, 'u');
  const rankIn = (text: string) => {
    if (!text.includes(sought)) {
      return 4;
    }
    return text === sought ? 0 : text.startsWith(sought) ? 1 : atWordStart.test(text) ? 2 : 3;
  };
  return (texts) =>
    texts.reduce(
      (best, [name, text]) => (field === undefined || field === name ? Math.min(best, rankIn(text)) : best),
      4,
    );
}
