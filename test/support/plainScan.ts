/** Search as its rules say, over plain objects, one user after the other: slow, and shares no code with src/matching/ but the types. */
import { parseQuery, type Query, type Term } from '../../src/matching/query';
import { type Match, type Rank, type SearchableUser } from '../../src/matching/userIndex';

/** Each character, and how it is compared. */
const spellings = new Map(
  `
  ꞌ' ʹ' ʻ' ʼ' ʽ' ʾ' ʿ' ˈ' ˊ' ˋ' ‘' ’' ‚' ‛' ′' ‵' ՚' ׳' ߴ' ߵ' \`' “" ”" „" ‟" ″" ‶" «" »" ״" 〝" 〞"
  −- ˗- ⁃- ⱥa ƀb ƃb ɓb ʙb ƈc ȼc ɕc ðd đd ƌd ȡd ɖd ɗd əe ɇe ɛe ƒf ǥg ɠg ɡg ɢg ʛg ħh ɦh ɧh ʜh ⱨh ıi
  ɨi ɪi ȷj ɉj ɟj ʝj ƙk ⱪk łl ƚl ȴl ɫl ɬl ɭl ʟl ɱm ŋn ƞn ȵn ɲn ɳn ɴn øo ɔo ƥp ᵽp ĸq ʠq ɍr ɼr ɽr ɾr
  ʀr ȿs ʂs ŧt ƫt ƭt ȶt ʈt ⱦt ʉu ʋv ⱱv ⱳw ƴy ɏy ʏy ƶz ȥz ɀz ʐz ʑz ⱬz æae ʣdz ʥdz ƕhv œoe ɶoe ƣoi
  ßss þth ʦts ςσ ىي یي ےي کك ةه ہه ھه
  `
    .trim()
    .split(/\s+/)
    .map((pair): [string, string] => {
      const [character = '', ...spelling] = Array.from(pair);
      return [character, spelling.join('')];
    }),
);

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
  if ('\u00b4\u0384\u1fbd\u1fbf\u1ffd\u1ffe'.includes(character)) {
    return "'";
  }
  const bare = Array.from(character.normalize('NFKD')).filter((part) => !/^[\p{M}\p{DI}\u0640]$/u.test(part));
  return bare.map((part) => plainSpelling(part.toLowerCase())).join('');
}

function plainSpelling(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  for (const zero of [0x660, 0x6f0]) {
    if (code >= zero && code < zero + 10) {
      return String(code - zero);
    }
  }
  if (/\p{Dash_Punctuation}/u.test(character)) {
    return '-';
  }
  return /[\p{Line_Separator}\p{Paragraph_Separator}\u1680]/u.test(character)
    ? ' '
    : (spellings.get(character) ?? character);
}

/** A user's texts, folded, by the field's name in a query. */
export interface PlainUser {
  readonly texts: readonly (readonly [field: string, text: string])[];
  readonly active: boolean | undefined;
}

/** Done once where many searches follow. */
export function plainUser({ displayName, emails = [], externalId, id, active }: SearchableUser): PlainUser {
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
