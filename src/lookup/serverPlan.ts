import { identitiesIn, type Query, type Term } from '../matching';

/** A field that the server compares with the whole text, or a filter for a part of any field. */
export type ServerField =
  'email' | 'username' | 'name' | 'cf_resource_id' | 'idp_resource_id' | 'search_contains' | 'search_starts_with';

/**
 * When a question is sent. `whole`: soon, since the text names one user. `username`: when the user has stopped typing, since any word may be a
 * username. `request`: only when the user asks for it, since a part of a text matches nothing.
 */
export type Occasion = 'whole' | 'username' | 'request';

/** One filter of a request. Several filters in one request exclude each other on some servers. */
export interface ServerQuestion {
  readonly field: ServerField;
  readonly text: string;
  readonly occasion: Occasion;
}

/** Requests to one identity provider for one text: the rate limit is shared. */
export const mostQuestions = 4;

/** Characters of the shortest text that is sent to the server. */
const minServerTextLength = 2;

const fieldOfPrefix: Readonly<Record<NonNullable<Term['field']>, ServerField>> = {
  email: 'email',
  username: 'username',
  name: 'name',
  id: 'cf_resource_id',
  externalId: 'idp_resource_id',
};

/** The filters of the list of groups. */
const groupFields: ReadonlySet<ServerField> = new Set(['name', 'cf_resource_id', 'idp_resource_id']);

const fieldsOfIdentity: Readonly<Record<NonNullable<Query['identity']>['kind'], readonly ServerField[]>> = {
  uuid: ['cf_resource_id', 'idp_resource_id'],
  oktaId: ['idp_resource_id'],
  email: ['email', 'username'],
};

/** What to ask the server about a query, before it is known how much of each identity provider is loaded. */
export interface ServerPlan {
  readonly query: Query;
  /** At most `mostQuestions`. */
  readonly questions: readonly ServerQuestion[];
  /** Whether a longer text would be sent to the server. */
  readonly isTooShort: boolean;
}

/**
 * Plans the questions to the server, with the text as the user typed it. A UUID may be Cloudflare's id or the identity provider's; a whole email
 * may be an email or a username; several words may be a name or a username; one word may be any of these. A group has no email and no username. A
 * term with a prefix is a question about its own field and comes first: a user matches only if all terms match, so one question about any of them
 * can find all users.
 */
export function serverPlan(query: Query): ServerPlan {
  const free = fieldsOf(query).map((field) => ({ field, text: query.text }));
  const narrowed = query.terms.flatMap(({ field, text }) =>
    field === undefined ? [] : [{ field: fieldOfPrefix[field], text }],
  );
  // A part of an id is not sent: a server may refuse it.
  const worthwhile = [...narrowed, ...free].filter(
    ({ field, text }) =>
      isLongEnough(text) &&
      (query.kind === 'user' || groupFields.has(field)) &&
      (field !== 'cf_resource_id' || identitiesIn(text)[0]?.kind === 'uuid'),
  );
  const each = new Map(worthwhile.map((question) => [`${question.field}=${question.text}`, question]));
  const questions = [...each.values()].slice(0, mostQuestions).map((question) => ({
    ...question,
    occasion: occasionOf(question),
  }));
  return {
    query,
    questions,
    isTooShort: questions.length === 0 && query.terms.some(({ field, text }) => field !== 'id' && !isLongEnough(text)),
  };
}

function occasionOf({ field, text }: Omit<ServerQuestion, 'occasion'>): Occasion {
  if (identitiesIn(text).length === 1) {
    return 'whole';
  }
  return field === 'username' && !/[\s@]/.test(text) ? 'username' : 'request';
}

/** Whether a text is long enough to be sent to the server. */
export function isLongEnough(text: string): boolean {
  return Array.from(text).length >= minServerTextLength;
}

function fieldsOf({ identity, text }: Query): readonly ServerField[] {
  if (identity) {
    return fieldsOfIdentity[identity.kind];
  }
  return /\s/.test(text) ? ['name', 'username'] : ['email', 'username', 'name', 'idp_resource_id'];
}
