import type { Effect, Gives, NamedFault } from './types';

const ok: Gives = { outcome: 'ok', sent: 1 };
const shape: Gives = { outcome: 'unexpectedShape', sent: 1, status: 200 };
const notJson: Gives = { outcome: 'notJson', sent: 1, status: 200 };

function text(name: string, rewrite: (text: string) => string, gives: Gives, at: NamedFault['at'] = {}): NamedFault {
  return { name, effect: { kind: 'rewriteText', rewrite }, gives, at };
}

function body(name: string, whole: string, gives: Gives): NamedFault {
  return text(name, () => whole, gives);
}

/** The right envelope with one member changed; undefined takes it away. */
function member(name: string, members: Record<string, unknown>, gives: Gives): NamedFault {
  return { name, effect: json((envelope) => ({ ...envelope, ...members })), gives };
}

function json(rewrite: (envelope: object) => unknown): Effect {
  return { kind: 'rewriteJson', rewrite: (value) => rewrite(value as object) };
}

function cut(name: string, length: (text: string) => number): NamedFault {
  return text(`truncated ${name}`, (whole) => whole.slice(0, length(whole)), notJson);
}

function errors(name: string, value: unknown, code?: number): NamedFault {
  return {
    name: `errors ${name}`,
    effect: json((envelope) => ({ ...envelope, success: false, errors: value })),
    gives: { outcome: 'refused', sent: 1, status: 200, ...(code === undefined ? {} : { code }) },
  };
}

/** Arrays in arrays within a user, so that the whole is `depth` deep. */
function deep(depth: number): (text: string) => string {
  // Envelope, result and user are three levels.
  const nested = '['.repeat(depth - 3) + ']'.repeat(depth - 3);
  return (whole) => whole.replaceAll('{"id":', `{"x":${nested},"id":`);
}

const results: Record<string, unknown> = {
  'an object': { id: 'x' },
  'a text': 'users',
  'a number': 42,
  true: true,
};

/** The answer is not what the API page describes. */
export const envelopeFaults: readonly NamedFault[] = [
  cut('behind the first character', () => 1),
  cut('in a key', () => 6),
  cut('in the middle of a user', (whole) => whole.indexOf('"displayName"') + 20),
  cut('in an escape', (whole) => whole.replace('"displayName":"', '"displayName":"\\u00').indexOf('\\u00') + 1),
  cut('before the last brace', (whole) => whole.length - 1),
  { name: 'not JSON', effect: { kind: 'notJson' }, gives: notJson },
  body('an empty body', '', notJson),
  body('a body of spaces', ' \n\t ', notJson),
  body('two answers in one', '{"success":true,"result":[]}{}', notJson),
  body('NaN', '{"success":true,"result":[NaN]}', notJson),
  body('a NUL behind the end', '{"success":true,"result":[]}\0', notJson),
  ...['null', 'true', '"text"', '42', '[]', '[{"success":true,"result":[]}]'].map((whole) =>
    body(`only ${whole}`, whole, shape),
  ),
  body('an empty object', '{}', shape),

  {
    name: 'success: false with status 200',
    effect: { kind: 'unsuccessful' },
    gives: { outcome: 'refused', sent: 1, status: 200, code: 1000 },
  },
  ...[null, 'true', 1].map((success) => member(`success is ${JSON.stringify(success)}`, { success }, shape)),
  {
    ...member('result is null', { result: null }, ok),
    at: { document: { outcome: 'noSuchUser' }, 'later page': shape },
  },
  ...Object.entries(results).map(([what, result]) => member(`result is ${what}`, { result }, shape)),
  member('success is missing', { success: undefined }, shape),
  member('result is missing', { result: undefined }, shape),
  errors('without a code', [{ message: 'No.' }]),
  errors('with a code of text', [{ code: '1000', message: 'No.' }]),
  errors('with a code below zero', [{ code: -1 }]),
  errors('with a code of a thousand digits', [{ code: 1e300 }]),
  errors('of null', null),
  errors('of a text', 'No.'),
  errors('of numbers and nulls', [null, 3, 'x']),
  errors(
    'in great number',
    Array.from({ length: 20_000 }, () => ({ code: 5, message: 'x' })),
    5,
  ),
  errors('with a message of 1 MB', [{ code: 5, message: 'x'.repeat(1 << 20) }], 5),
  member('errors, messages and result_info of wrong types', { errors: 'x', messages: 4, result_info: [7] }, ok),
  member('result_info of wrong numbers', { result_info: { page: -1, per_page: 1e300, total_count: 'all' } }, ok),
  member('errors beside success', { errors: [{ code: 1, message: 'x' }] }, ok),

  text('nested 64 deep', deep(64), ok),
  text('nested 65 deep', deep(65), { outcome: 'tooDeep', sent: 1, status: 200 }),
  text('nested 20,000 deep', deep(20_000), { outcome: 'tooDeep', sent: 1, status: 200 }),
  {
    name: 'a result of arrays in arrays, 20,000 deep',
    effect: { kind: 'nested', depth: 20_000 },
    gives: { outcome: 'tooDeep', sent: 1, status: 200 },
  },
  body('opened 20,000 times and never closed', '['.repeat(20_000), { outcome: 'tooDeep', sent: 1, status: 200 }),
  text(
    'keys __proto__ and constructor',
    (whole) => whole.replaceAll('{"', '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"'),
    ok,
  ),
  body('success only by __proto__', '{"__proto__":{"success":true,"result":[]}}', shape),
  text('the key result twice', (whole) => whole.replace('{', '{"result":[{"id":"another"}],'), ok),
  text('the key success twice', (whole) => whole.replace('{', '{"success":false,'), ok),
  text(
    'escaped keys',
    (whole) => whole.replace('"result"', '"\\u0072esult"').replace('"success"', '"succes\\u0073"'),
    ok,
  ),
  text(
    'a key result within other members',
    (whole) => whole.replace('{', '{"x":{"result":[1,2]},"y":[{"result":[3]}],'),
    ok,
  ),
  text(
    'brackets, quotes and commas in texts',
    (whole) => whole.replaceAll('"displayName":"', '"displayName":"]},{\\"[\\\\'),
    ok,
  ),
];
