import { fold } from './fold';
import { identitiesIn, isAlone, trimDecoration, type Identity } from './identity';

/** The kinds of SCIM resources. */
export type ScimKind = 'user' | 'group';

export type SearchField = 'name' | 'email' | 'externalId' | 'id';

/** A text that a user must contain, in any field or in one. */
export interface Term {
  /** As typed, without quotes and prefix. */
  readonly text: string;
  /** Never empty. */
  readonly folded: string;
  /** `username` is not in the API's answers, so only the server can search it. */
  readonly field: SearchField | 'username' | undefined;
}

/** The beginning of Okta's ids of groups. */
const oktaGroupStart = '00g';

/** Maximum number of terms, and of `idp:` names. Each term is compared with every user. */
export const mostTerms = 12;

/** The parsed text of the search box. A user matches if all terms match. */
export interface Query {
  /** What is searched: users, or groups where the text has `group:` or is Okta's id of a group. */
  readonly kind: ScimKind;
  /** Without duplicates, at most `mostTerms`. */
  readonly terms: readonly Term[];
  /** Whether terms beyond `mostTerms` were dropped. */
  readonly isCut: boolean;
  readonly active: boolean | undefined;
  /** The folded values of `idp:`. The caller decides which providers match. */
  readonly providers: readonly string[];
  /** The text without prefixed terms, as typed, for the server; the identity alone if there is one. */
  readonly text: string;
  /** A prefix that looks like that of a field, but is none: `department` of `department:eng`. */
  readonly unknownField: string | undefined;
  /** The email or id that the text without prefixed terms contains. */
  readonly identity: Identity | undefined;
  /** Whether that text is nothing but the identity and decoration. */
  readonly isIdentityAlone: boolean;
  /** Whether only whole fields match, which takes one pass over the index. */
  readonly isExact?: boolean;
}

/** A query for the users or groups of which a field is this text, in upper or lower case. */
export function exactQuery(text: string, kind: ScimKind): Query {
  return {
    kind,
    terms: [{ text, folded: fold(text), field: undefined }],
    isCut: false,
    active: undefined,
    providers: [],
    text,
    unknownField: undefined,
    identity: undefined,
    isIdentityAlone: false,
    isExact: true,
  };
}

const prefixes: Readonly<Record<string, NonNullable<Term['field']>>> = {
  email: 'email',
  user: 'username',
  name: 'name',
  id: 'id',
  ext: 'externalId',
};

/**
 * `anna "van der" email:example is:inactive`. Prefixes are `email:`, `user:`, `name:`, `id:`, `ext:`, `idp:`, `group:`, `is:active` and
 * `is:inactive`, in upper or lower case; other prefixes are plain text. `group:` says that groups are searched, and its value is plain text. Text
 * in quotes is one term; a missing closing quote is assumed at the end. A prefix without a value and an incomplete `is:` are ignored, since the
 * user is still typing. The last of several states counts. Equal terms are kept once. Quotes, brackets and commas around a word do not count.
 * Words beside a whole email or id are ignored, since a name that was pasted with an email may differ from the name in the directory.
 */
export function parseQuery(typed: string): Query {
  const terms = new Map<string, Term>();
  const providers = new Set<string>();
  let active: boolean | undefined;
  let unknownField: string | undefined;
  let free = '';
  let searched: ScimKind = 'user';

  for (const [token, prefix = '', quoted, word = ''] of typed.trim().matchAll(tokenPattern())) {
    const raw = quoted ?? word;
    const value = trimDecoration(raw);
    const folded = fold(value);
    const kind = prefix.toLowerCase();
    const state = kind === 'is' ? stateOf(folded) : 'none';
    const field = prefixes[kind];

    if (kind === 'idp') {
      providers.add(folded);
    } else if (state !== 'none') {
      active = state ?? active;
    } else if (field === undefined) {
      searched = kind === 'group' ? 'group' : searched;
      const whole = kind === 'is' ? `${prefix}:${raw}` : raw;
      const text = trimDecoration(whole);
      unknownField ??= quoted === undefined && kind === '' ? /^([a-z]{2,20}):[^/]/i.exec(text)?.[1] : undefined;
      free += whole + (/\s+$/.exec(token)?.[0] ?? '');
      addTerm(terms, { text, folded: fold(text), field });
    } else {
      addTerm(terms, { text: value, folded, field });
    }
  }
  providers.delete('');
  const identities = identitiesIn(free);
  const [identity] = identities;
  if (identity) {
    terms.forEach(({ field }, key) => field === undefined && terms.delete(key));
    for (const { text } of identities) {
      addTerm(terms, { text, folded: fold(text), field: undefined });
    }
  }
  const isGroup = searched === 'group' || identity?.text.startsWith(oktaGroupStart) === true;
  return {
    kind: isGroup ? 'group' : 'user',
    terms: [...terms.values()].slice(0, mostTerms),
    isCut: Math.max(terms.size, providers.size) > mostTerms,
    // A group has no state.
    active: isGroup ? undefined : active,
    providers: [...providers].slice(0, mostTerms),
    text: identity?.text ?? trimDecoration(free),
    unknownField: identity ? undefined : unknownField,
    identity,
    isIdentityAlone: identity !== undefined && isAlone(identity, free),
  };
}

function addTerm(terms: Map<string, Term>, term: Term): void {
  const key = `${term.field ?? ''}:${term.folded}`;
  if (term.folded !== '' && !terms.has(key)) {
    terms.set(key, term);
  }
}

/** Groups: prefix, text in quotes, word without quotes. */
function tokenPattern(): RegExp {
  return /(?:(email|user|name|idp?|ext|group|is):)?(?:"([^"]*)"?|(\S*))\s*/gi;
}

/** The state that `is:` names; undefined while it is incomplete. */
function stateOf(word: string): boolean | undefined | 'none' {
  if (word === 'active' || word === 'inactive') {
    return word === 'active';
  }
  return 'active'.startsWith(word) || 'inactive'.startsWith(word) ? undefined : 'none';
}
