import type { Query, Term } from '../matching';

/** A field that the server compares with a whole text, or its filter for a part of any. */
export type ServerField =
  'email' | 'username' | 'name' | 'cf_resource_id' | 'idp_resource_id' | 'search_contains' | 'search_starts_with';

/** One thing to ask the server: each request has one filter, since several exclude each other on some servers. */
export interface ServerQuestion {
  readonly field: ServerField;
  readonly text: string;
}

/** Questions to one identity provider about one text: each is a request, and the rate limit is shared. */
export const mostQuestions = 4;

/** Characters; shorter texts are not sent to the server. */
const minServerTextLength = 2;

const fieldOfPrefix: Readonly<Record<NonNullable<Term['field']>, ServerField>> = {
  email: 'email',
  username: 'username',
  name: 'name',
  id: 'cf_resource_id',
  externalId: 'idp_resource_id',
};

/**
 * What to ask the server, texts as they were typed: a UUID is Cloudflare's id or the identity provider's; a whole email is an email or a
 * username; several words are a name or a username; one word may be any of these. A term with a prefix asks for its own field, and comes
 * first: whoever matches must match all terms, so one question about any of them may find everyone. No more than `mostQuestions`.
 */
export function serverQuestions(query: Query): ServerQuestion[] {
  const free = fieldsOf(query.text).map((field) => ({ field, text: query.text }));
  const narrowed = query.terms.flatMap(({ field, text }) =>
    field === undefined ? [] : [{ field: fieldOfPrefix[field], text }],
  );
  // Part of an id is no id: a server may refuse it.
  const worthwhile = [...narrowed, ...free].filter(
    ({ field, text }) => isLongEnough(text) && (field !== 'cf_resource_id' || isUuid(text)),
  );
  const each = new Map(worthwhile.map((question) => [`${question.field}=${question.text}`, question]));
  return [...each.values()].slice(0, mostQuestions);
}

/** Whether anything of a text is sent to the server. */
export function isLongEnough(text: string): boolean {
  return Array.from(text).length >= minServerTextLength;
}

/** Whether a text names one user as a whole: a UUID or an email. It is looked up as it is, at once. */
export function isWhole({ text }: Query): boolean {
  return isUuid(text) || isEmail(text);
}

function fieldsOf(text: string): ServerField[] {
  if (isUuid(text)) {
    return ['cf_resource_id', 'idp_resource_id'];
  }
  if (isEmail(text)) {
    return ['email', 'username'];
  }
  return /\s/.test(text) ? ['name', 'username'] : ['email', 'username', 'name', 'idp_resource_id'];
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(text);
}

function isEmail(text: string): boolean {
  return /^[^\s@]+@[^\s@]+\.[^\s@.]{2,}$/.test(text);
}
