import { fold } from './fold';

export type SearchField = 'name' | 'email' | 'externalId' | 'id';

/** A text that a user must hold somewhere, or in one field. */
export interface Term {
  /** As typed, without quotes and prefix. */
  readonly text: string;
  /** Never empty. */
  readonly folded: string;
  /** `username` is none of the fields that the API answers with: only the server can look there. */
  readonly field: SearchField | 'username' | undefined;
}

/** Terms, and names of identity providers, that are searched for at most: each is compared with every user. */
export const mostTerms = 12;

/** A parsed text of the search box: a user matches if all terms match. */
export interface Query {
  /** Each once, at most `mostTerms`. */
  readonly terms: readonly Term[];
  /** Whether more was typed than counts. */
  readonly isCut: boolean;
  readonly active: boolean | undefined;
  /** Folded texts of `idp:`. The caller decides which providers match. */
  readonly providers: readonly string[];
  /** The words that stand free, as typed, without the narrowing tokens: what goes to a server. */
  readonly text: string;
}

const prefixes: Readonly<Record<string, NonNullable<Term['field']>>> = {
  email: 'email',
  user: 'username',
  name: 'name',
  id: 'id',
  ext: 'externalId',
};

/**
 * `anna "van der" email:example is:inactive`. Prefixes are `email:`, `user:`, `name:`, `id:`, `ext:`, `idp:`, `is:active` and
 * `is:inactive`, in any case; any other is plain text. Quotes hold spaces together; one that is not closed runs to the end. A prefix
 * without its value, or a state half written, is somebody still typing and narrows nothing. Of two states the last one counts, of two
 * equal terms the first.
 */
export function parseQuery(text: string): Query {
  const terms = new Map<string, Term>();
  const providers = new Set<string>();
  let active: boolean | undefined;
  let free = '';

  for (const [token, prefix = '', quoted, word = ''] of text.trim().matchAll(tokenPattern())) {
    const value = quoted ?? word;
    const folded = fold(value);
    const kind = prefix.toLowerCase();
    const state = kind === 'is' ? stateOf(folded) : 'none';
    const field = prefixes[kind];

    if (kind === 'idp') {
      providers.add(folded);
    } else if (state !== 'none') {
      active = state ?? active;
    } else if (field === undefined) {
      const whole = kind === 'is' ? `${prefix}:${value}` : value;
      free += whole + (/\s+$/.exec(token)?.[0] ?? '');
      addTerm(terms, { text: whole, folded: fold(whole), field });
    } else {
      addTerm(terms, { text: value, folded, field });
    }
  }
  providers.delete('');
  return {
    terms: [...terms.values()].slice(0, mostTerms),
    isCut: Math.max(terms.size, providers.size) > mostTerms,
    active,
    providers: [...providers].slice(0, mostTerms),
    text: free.trim(),
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
  return /(?:(email|user|name|idp?|ext|is):)?(?:"([^"]*)"?|(\S*))\s*/gi;
}

/** Undefined while it is being written. */
function stateOf(word: string): boolean | undefined | 'none' {
  if (word === 'active' || word === 'inactive') {
    return word === 'active';
  }
  return 'active'.startsWith(word) || 'inactive'.startsWith(word) ? undefined : 'none';
}
