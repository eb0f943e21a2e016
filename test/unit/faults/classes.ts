import { type NamedFault, type Place, places, standardPlace } from './types';

/** The one of each class of faults that is struck at all places, by its name. */
export const classes: Readonly<Record<string, string>> = {
  'no connection': 'connection refused',
  'a certificate': 'certificate of an unknown authority',
  'a proxy': 'proxy that asks for a password',
  'a connection that was closed before it was used': 'reset before headers once',
  'a connection that is always reset': 'reset before headers',
  'a part of an answer': 'reset late in the body',
  'no headers in time': 'hang before headers',
  'no body in time': 'hang in the body',
  'a fetch that heeds no signal': 'fetch that never settles and takes no signal',
  'given up before an answer': 'given up before headers',
  'given up in an answer': 'given up in the body',
  sleep: 'a computer that slept for eight hours',
  'too large': 'gzip bomb',
  'bytes that are no text': 'gzip that ends early',
  'broken HTTP': 'two headers Content-Length that differ',
  'odd HTTP': 'a byte order mark',
  'a failure of the server that lasts': 'status 500 for ever',
  'a failure of the server that passes': 'status 503 with Retry-After in seconds',
  'a page of the edge': 'a page of the edge with status 502',
  'a page of the edge that is final': 'a page of the edge that blocks (error 1020)',
  'a credential that is refused': 'status 401, code 10000',
  'a permission that is missing': 'status 403, code 10000 (no longer good, or a permission is missing)',
  'not there': 'status 404, code 12135',
  'a request that is refused': 'status 400, code 12130 (a filter is refused)',
  'a token that is repeated': 'an error that repeats the credential',
  'a key that is repeated': 'an error that repeats the key',
  'a redirect': 'redirect 307 to another origin, with a key',
  'a rate limit that passes': '429 once, Retry-After in seconds',
  'a rate limit that lasts': '429 for ever, Retry-After in seconds',
  'a rate limit that cannot be read': 'Ratelimit that cannot be read',
  'JSON that ends early': 'truncated in the middle of a user',
  'no envelope': 'result is a text',
  'an envelope that says no': 'success: false with status 200',
  'too deep': 'nested 65 deep',
  'keys of every object': 'keys __proto__ and constructor',
  'users of wrong types': 'emails of wrong types',
};

const representatives = new Set(Object.values(classes));

/** Where a fault is struck: one of a class everywhere; any other at the standard place, and where it gives something of its own. */
export function placesOf({ name, at = {} }: NamedFault): readonly Place[] {
  const possible = places.filter((place) => at[place] !== false);
  const isOfAll = representatives.has(name) || !possible.includes(standardPlace);
  return isOfAll ? possible : possible.filter((place) => place === standardPlace || at[place] !== undefined);
}
