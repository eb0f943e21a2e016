import type { Effect, Gives, NamedFault } from './types';

const silent = { ratelimit: '', 'ratelimit-policy': '' };
const now = 'Tue, 24 Nov 2026 10:00:00 GMT';

/** 429; a header that is empty is left out. */
function limited(retryAfter: string | undefined, headers: Record<string, string> = {}): Effect {
  return { kind: 'tooManyRequests', ...(retryAfter === undefined ? {} : { retryAfter }), headers };
}

function once(name: string, effect: Effect, waitedMs: number): NamedFault {
  // In a search, the good answers beside it tell of another window; only what asks to wait is clear.
  const at = waitedMs >= 25_000 ? { search: { waitedMs: undefined } } : {};
  return { name: `429 once, ${name}`, effect, times: 1, gives: { outcome: 'ok', sent: 2, waitedMs }, at };
}

/** Whatever a server asks for, nobody waits longer than a day for one answer. */
function absurd(name: string, effect: Effect): NamedFault {
  return { name: `429 for ever, ${name}`, effect, gives: { outcome: 'rateLimited', status: 429, code: 971 } };
}

/** Good answers with headers that are not. */
function good(name: string, headers: Record<string, string>): NamedFault {
  const gives: Gives = { outcome: 'ok', sent: 1 };
  return { name, effect: { kind: 'headers', headers }, gives };
}

/** The rate limit, and what is said of it. */
export const rateLimitFaults: readonly NamedFault[] = [
  once('Retry-After in seconds', limited('7'), 7000),
  once('Retry-After 0', limited('0'), 0),
  once('Retry-After as a date', limited('Tue, 24 Nov 2026 10:00:09 GMT', { date: now }), 9000),
  once('Retry-After as a date in the past', limited('Tue, 24 Nov 2026 09:00:00 GMT', { date: now }), 0),
  once('Retry-After of words', limited('soon', { ratelimit: '"default";r=0;t=24' }), 25_000),
  once('Retry-After with a sign', limited('-5', { ratelimit: '"default";r=0;t=24' }), 25_000),
  once('no Retry-After, but Ratelimit', limited(undefined, { ratelimit: '"default";r=0;t=24' }), 25_000),
  once('no header at all', limited(undefined, silent), 300_000),
  once('headers that cannot be read', limited('x', { ratelimit: '"default;;', 'ratelimit-policy': '=' }), 300_000),
  {
    ...once(
      'as a date, while this machine is a year ahead',
      limited('Tue, 24 Nov 2026 10:00:09 GMT', { date: now }),
      9000,
    ),
    wrongBy: 365 * 86_400_000,
  },
  {
    ...once(
      'as a date, while this machine is a year behind',
      limited('Tue, 24 Nov 2026 10:00:09 GMT', { date: now }),
      9000,
    ),
    wrongBy: -365 * 86_400_000,
  },
  {
    name: '429 for ever, Retry-After in seconds',
    effect: limited('7'),
    gives: { outcome: 'rateLimited', status: 429, code: 971, sent: 4, waitedMs: 21_000 },
  },
  {
    name: '429 for ever, as a page of the edge (error 1015)',
    effect: { kind: 'htmlPage', status: 429, title: 'You are being rate limited' },
    gives: { outcome: 'edge', status: 429, sent: 4 },
  },
  absurd('Retry-After of a million years', limited('31536000000000')),
  absurd('Retry-After of 400 digits', limited('9'.repeat(400))),
  absurd('Retry-After in the year 9999', limited('Fri, 31 Dec 9999 23:59:59 GMT', { date: now })),
  absurd('a window that never ends', limited(undefined, { ratelimit: '"default";r=0;t=999999999999999' })),
  {
    ...absurd(
      'a policy that never ends',
      limited(undefined, { ...silent, 'ratelimit-policy': '"default";q=1;w=999999999999999' }),
    ),
    // One request a window: the two of a search wait for each other.
    at: { search: {} },
  },

  good('Ratelimit that cannot be read', { ratelimit: '"default;r=1', 'ratelimit-policy': '\\' }),
  good('Ratelimit with unknown items', { ratelimit: '"default";r=50;t=30;x="y", other;r=9;t=1, (1 2);r=3' }),
  good('Ratelimit with several items', { ratelimit: '"burst";r=80;t=5, "default";r=900;t=200' }),
  good('Ratelimit of wrong types', {
    ratelimit: '"default";r="many";t=?1',
    'ratelimit-policy': '"default";q=:eA==:;w=-1',
  }),
  good('Ratelimit with fractions and signs', {
    ratelimit: '"default";r=-7;t=0.5',
    'ratelimit-policy': '"default";q=1.5',
  }),
  good('no Ratelimit at all', silent),
];

/** A limit that an answer announces must be kept, and outlived, by what comes next. */
export const announcedLimits: readonly { name: string; headers: Record<string, string>; waitedMs: number }[] = [
  { name: 'none left for 30 seconds', headers: { ratelimit: '"default";r=0;t=30' }, waitedMs: 31_000 },
  {
    name: 'none left in one of two windows, the longer one',
    headers: { ratelimit: '"burst";r=0;t=60, "default";r=900;t=5' },
    waitedMs: 61_000,
  },
  {
    name: 'a quota of nothing',
    headers: { ratelimit: '"default";r=0;t=30', 'ratelimit-policy': '"default";q=0;w=60' },
    waitedMs: 31_000,
  },
  {
    name: 'a window of no length',
    headers: { ratelimit: '"default";r=0;t=0', 'ratelimit-policy': '"default";q=1;w=0' },
    waitedMs: 1000,
  },
];
