import type { Effect, Gives, NamedFault } from './types';

type User = Record<string, unknown>;
interface Envelope {
  readonly result: readonly User[];
  readonly result_info: Record<string, unknown>;
}

const ok: Gives = { outcome: 'ok', sent: 1 };
/** In these nobody can be asked for. */
const nobody: NamedFault['at'] = { document: { outcome: 'noSuchUser' } };

function list(rewrite: (envelope: Envelope) => unknown): Effect {
  return { kind: 'rewriteJson', rewrite: (value) => rewrite(value as Envelope) };
}

function users(name: string, change: (user: User, i: number) => unknown, at: NamedFault['at'] = {}): NamedFault {
  return { name, effect: list((envelope) => ({ ...envelope, result: envelope.result.map(change) })), gives: ok, at };
}

function names(name: string, json: string): NamedFault {
  const rewrite = (text: string) => text.replaceAll(/"displayName":"[^"]*"/g, () => `"displayName":${json}`);
  return { name, effect: { kind: 'rewriteText', rewrite }, gives: ok };
}

function info(name: string, change: Record<string, unknown>): NamedFault {
  const effect = list((envelope) => ({ ...envelope, result_info: { ...envelope.result_info, ...change } }));
  return { name, effect, gives: ok };
}

function newUsers(count: number): User[] {
  return Array.from({ length: count }, () => ({ id: crypto.randomUUID(), displayName: 'Someone' }));
}

/** Pages have 20 users in these tests: after two pages, 40 are there. */
export const userFaults: readonly NamedFault[] = [
  { name: 'a name of 10 MB', effect: { kind: 'rewriteText', rewrite: longName }, gives: ok },
  names('lone surrogates in names', '"\\ud83d and \\ude00"'),
  names('NUL and control characters in names', '"a\\u0000b\\u001b[31m\\r\\n"'),
  names('text that runs the other way in names', '"Anna \\u202Egnp.exe\\u2066"'),
  names('numbers in place of names', '12345678901234567890.10e400'),
  names('objects in place of names', '{"__proto__":null}'),
  users('huge numbers beside a user', (user) => ({ ...user, n: Number.MAX_VALUE, m: -0 })),
  users('ids with half a surrogate pair', (user) => ({ ...user, id: '\ud800' }), nobody),
  users('ids that climb', (user) => ({ ...user, id: '../..' }), nobody),
  users('ids that are numbers', (user) => ({ ...user, id: 42 }), nobody),
  users(
    'ids that are keys of every object',
    (user, i) => ({ ...user, id: ['__proto__', 'constructor'][i % 2] }),
    nobody,
  ),
  users('no ids', (user) => ({ ...user, id: undefined }), nobody),
  users('null in place of users', () => null, nobody),
  users('texts, numbers and lists in place of users', (_, i) => ['x', 4, [], true][i % 4], nobody),
  users('emails of wrong types', (user, i) => ({ ...user, emails: [null, 'x', [null, 3, { value: 4 }], {}][i % 4] }), {
    // The row is found by its email, and it has none any more: the server's word still counts for nothing here.
    search: { outcome: 'ok' },
  }),
  users('meta and schemas of wrong types', (user) => ({ ...user, meta: 'x', schemas: { a: 1 } })),
  users('every field null', () => ({ id: null, displayName: null, emails: null, meta: null, active: null }), nobody),

  {
    name: 'a page that comes twice',
    effect: { kind: 'repeatPage', page: 2 },
    gives: { ...ok, rows: 40 },
    at: { 'first page': false, search: false, document: false },
  },
  {
    name: 'a page that overlaps the one before',
    effect: list(({ result, ...rest }) => ({ ...rest, result: [...result.slice(0, 10), ...result.slice(0, 10)] })),
    gives: { ...ok, rows: 10 },
    at: { 'later page': { rows: 50 }, search: { rows: 20 }, document: { rows: 20 } },
  },
  {
    name: 'an empty page in the middle',
    effect: list((envelope) => ({ ...envelope, result: [] })),
    gives: { ...ok, rows: 0 },
    at: { 'later page': { rows: 40 }, search: { rows: 20 }, document: { outcome: 'noSuchUser', rows: 20 } },
  },
  {
    name: 'one user again and again',
    effect: list(({ result, ...rest }) => ({ ...rest, result: Array.from({ length: 101 }, () => result[0]) })),
    gives: { ...ok, rows: 1 },
    at: { 'later page': { rows: 41 }, search: { rows: 20 }, document: { rows: 20 } },
  },
  {
    name: 'users without end',
    effect: list((envelope) => ({ ...envelope, result: newUsers(20) })),
    gives: { ...ok, rows: 20 },
    at: { 'later page': { rows: 60 }, document: { outcome: 'noSuchUser' } },
  },
  {
    name: 'a page of 1,000 users',
    effect: list((envelope) => ({ ...envelope, result: newUsers(1000) })),
    gives: { ...ok, rows: 1000 },
    at: { 'later page': { rows: 1040 }, search: { rows: 20 }, document: { outcome: 'noSuchUser', rows: 20 } },
  },
  {
    name: 'a page of 5,000 users',
    effect: list((envelope) => ({ ...envelope, result: newUsers(5000) })),
    gives: { outcome: 'tooMany', sent: 1, status: 200 },
  },
  {
    name: 'another user than the one asked for',
    effect: list((envelope) => ({ ...envelope, result: newUsers(1) })),
    gives: { outcome: 'noSuchUser', sent: 1 },
    at: { 'first page': false, 'later page': false, search: { outcome: 'ok' } },
  },
  info('total_count of nothing', { total_count: 0 }),
  info('total_count of a million', { total_count: 1_000_000 }),
  info('total_count below zero', { total_count: -3, total_pages: -1 }),
  info('total_count of text', { total_count: '250' }),
  info('per_page of nothing', { per_page: 0 }),
  info('per_page of a million', { per_page: 1_000_000 }),
  info('a page of another number', { page: 77 }),
];

function longName(text: string): string {
  return text.replace(/"displayName":"[^"]*"/, () => `"displayName":"${'x'.repeat(10 << 20)}"`);
}
