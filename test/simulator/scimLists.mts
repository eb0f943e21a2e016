import type { Behaviour } from './behaviour.mts';
import { failure, type Answer } from './envelope.mts';
import { userText, type SimulatedIdentityProvider } from './identityProviders.mts';
import type { Listing } from './listing.mts';
import { pageAnswer, pageRequest } from './pages.mts';

/** For each filter of the query the attribute it looks at. */
type Filters = Readonly<Record<string, string>>;

/** These may be repeated, up to `maxIds` values in one request, and exclude every other filter. */
const idFilters: Filters = { cf_resource_id: 'id', idp_resource_id: 'externalId' };
const maxIds = 50;

const userFilters: Filters = { email: 'email', username: 'userName', name: 'displayName' };
const groupFilters: Filters = { name: 'displayName' };

/** Named in the text of the API page only; `behaviour.partialMatch` says what they do. */
const partialFilters: Readonly<Record<string, (text: string, sought: string) => boolean>> = {
  search_contains: (text, sought) => text.includes(sought),
  search_starts_with: (text, sought) => text.startsWith(sought),
};

export function scimUsers(provider: SimulatedIdentityProvider, query: URLSearchParams, behaviour: Behaviour): Answer {
  return scimList(provider.users, userText, userFilters, query, behaviour);
}

export function scimGroups(provider: SimulatedIdentityProvider, query: URLSearchParams, behaviour: Behaviour): Answer {
  return scimList(provider.groups, JSON.stringify, groupFilters, query, behaviour);
}

function scimList<Entry>(
  listing: Listing<Entry>,
  textOf: (entry: Entry) => string,
  filters: Filters,
  query: URLSearchParams,
  behaviour: Behaviour,
): Answer {
  const page = pageRequest(query, 100, behaviour.maxPerPage);
  if ('status' in page) {
    return page;
  }
  const refusal = filterRefusal(filters, query, behaviour);
  if (refusal) {
    return refusal;
  }

  const matches = matching(listing, filters, query, behaviour);
  const everyone = listing.count;
  if (!matches) {
    return pageAnswer(page, behaviour.totals, {
      everyone,
      matches: everyone,
      texts: (start, end) => listing.slice(start, end).map(textOf),
    });
  }
  return pageAnswer(page, behaviour.totals, {
    everyone,
    matches: matches.length,
    texts: (start, end) => matches.slice(start, end).map(textOf),
  });
}

/** Whether a filter is in the query; one without a value counts as absent. */
function isAsked(query: URLSearchParams, filter: string): boolean {
  return query.getAll(filter).some((value) => value !== '');
}

function filterRefusal(filters: Filters, query: URLSearchParams, behaviour: Behaviour): Answer | undefined {
  const partial = Object.keys(partialFilters).filter((filter) => isAsked(query, filter));
  if (behaviour.partialMatch === 'refuse' && partial[0] !== undefined) {
    return invalidRequest(`unknown query parameter '${partial[0]}'`, partial[0]);
  }

  const known = [...Object.keys({ ...idFilters, ...filters }), ...(behaviour.partialMatch === 'ignore' ? [] : partial)];
  const asked = known.filter((filter) => isAsked(query, filter));

  for (const filter of Object.keys(idFilters)) {
    if (!asked.includes(filter)) {
      continue;
    }
    const other = asked.find((name) => name !== filter);
    if (other !== undefined) {
      return invalidRequest(`'${filter}' and '${other}' are mutually exclusive`, filter);
    }
    if (query.getAll(filter).length > maxIds) {
      return invalidRequest(`'${filter}' takes at most ${maxIds} values`, filter);
    }
  }
  return undefined;
}

function invalidRequest(message: string, pointer: string): Answer {
  return failure(400, { code: 12130, message: `access.api.error.invalid_request: ${message}`, source: { pointer } });
}

/** The entries that all filters of the query accept, or nothing when it has none. */
function matching<Entry>(
  listing: Listing<Entry>,
  filters: Filters,
  query: URLSearchParams,
  behaviour: Behaviour,
): Entry[] | undefined {
  for (const [filter, attribute] of Object.entries(idFilters)) {
    if (isAsked(query, filter)) {
      const ids = new Set(query.getAll(filter).filter((value) => value !== ''));
      return [...ids].flatMap((id) => listing.find(attribute, id, attribute === 'externalId'));
    }
  }

  const matchesCase = behaviour.filterCase === 'sensitive';
  let matches: Entry[] | undefined;

  for (const [filter, attribute] of Object.entries(filters)) {
    const sought = query.get(filter) ?? '';
    if (sought !== '') {
      matches = matches
        ? matches.filter((entry) => listing.has(entry, attribute, sought, matchesCase))
        : listing.find(attribute, sought, matchesCase);
    }
  }
  return partialMatching(listing, filters, query, behaviour, matches);
}

/** Narrows the matches by the two filters for a part of a text, as far as they are honoured. */
function partialMatching<Entry>(
  listing: Listing<Entry>,
  filters: Filters,
  query: URLSearchParams,
  behaviour: Behaviour,
  matches: Entry[] | undefined,
): Entry[] | undefined {
  const asked = Object.entries(partialFilters).filter(([filter]) => isAsked(query, filter));
  if (asked.length === 0 || behaviour.partialMatch === 'ignore') {
    return matches;
  }
  if (behaviour.partialMatch === 'nobody') {
    return [];
  }

  const attributes = Object.values(filters);
  const accepts = (text: string) =>
    asked.every(([filter, isPart]) => isPart(text, (query.get(filter) ?? '').toLowerCase()));

  return matches
    ? matches.filter((entry) => listing.hasAny(entry, attributes, accepts))
    : listing.filter(attributes, accepts);
}
