import { deepEqual, doesNotThrow, equal, ok, throws } from 'node:assert/strict';
import { JsonLimitError, maxJsonDepth, scanEnvelope } from '../../src/cloudflare/json';
import { pick, randomNumbers } from '../support/fakes';

function elements(text: string): string[] {
  return scanEnvelope(text).map(([start, end]) => text.slice(start, end));
}

describe('scanEnvelope', () => {
  const documents: [text: string, elements: string[]][] = [
    ['{"result":[]}', []],
    ['{"result":[ \n ]}', []],
    ['{"result":[1]}', ['1']],
    [' { "result" : [ 1 ,\t"a" ,\r\n{ "b" : [ 2 , 3 ] } ] } ', ['1', '"a"', '{ "b" : [ 2 , 3 ] }']],
    ['{"result":[[],{},"",null]}', ['[]', '{}', '""', 'null']],
    [
      '{"result":["a,b","]","}","{[","\\"","\\\\","\\\\\\""]}',
      ['"a,b"', '"]"', '"}"', '"{["', '"\\""', '"\\\\"', '"\\\\\\""'],
    ],
    ['{"result":{"result":[1,2]}}', []],
    ['{"other":{"result":[1,2]}}', []],
    ['{"other":[{"result":[1]}],"result":[3]}', ['3']],
    ['{"result":[3],"other":{"result":[1,2]}}', ['3']],
    ['{"a":"result","b":[1,2]}', []],
    ['{"a":"result","result":[3]}', ['3']],
    ['{"result":"result","b":[1,2]}', []],
    ['{"a":["result",[1,2]]}', []],
    ['["result",[1,2]]', []],
    ['[[1,2]]', []],
    ['{"Result":[1],"results":[2],"result ":[3],"":[4]}', []],
    ['{"result":[1],"result":[2,3]}', ['2', '3']],
    ['{"result":[1,2],"result":[]}', []],
    ['{"result":[1],"result":{"a":[2]}}', []],
    ['{"result":[1],"result":null}', []],
    ['{"result":[1],"result":"x"}', []],
    ['{"result":null,"result":[1]}', ['1']],
    ['{"result":{"a":1},"result":[1]}', ['1']],
    ['{"\\u0072esult":[1,2]}', ['1', '2']],
    ['{"result":[1],"r\\u0065sult":[2]}', ['2']],
    ['{"r\\u0065sult":[1],"result":[2]}', ['2']],
    ['{"result":[12345678901234567890,1.0,-0,1E+2]}', ['12345678901234567890', '1.0', '-0', '1E+2']],
    ['{"result":[{"a":1,"a":2}]}', ['{"a":1,"a":2}']],
    ['{"result":["\u2028\u00A0"]}', ['"\u2028\u00A0"']],
    ['{"__proto__":[1],"result":[2]}', ['2']],
    ['null', []],
    ['"result"', []],
    ['', []],
  ];
  for (const [text, expected] of documents) {
    it(`finds ${expected.length} elements in ${JSON.stringify(text)}`, () => deepEqual(elements(text), expected));
  }

  it('finds in random documents the elements that JSON.parse finds', () => {
    const random = randomNumbers(3);
    const space = () => pick(random, ['', '', '', ' ', '\n', '\r\n', '\t', '  \n\t ']);
    const string = () =>
      `"${Array.from({ length: Math.floor(random() * 5) }, () => pick(random, ['a', 'result', '\\"', '\\\\', '\\u0022', '\\n', '[', ']', '{', '}', ',', ':', '😀', '\u2028'])).join('')}"`;
    const scalar = () => pick(random, ['0', '-1.50', '1e3', '12345678901234567890', 'true', 'false', 'null', string()]);
    const key = () => pick(random, ['"result"', '"a"', '"success"', '"r\\u0065sult"', string()]);

    const object = (depth: number) => {
      const members = Array.from(
        { length: Math.floor(random() * 4) },
        () => `${key()}${space()}:${space()}${value(depth + 1)}`,
      );
      return `{${space()}${members.join(`${space()},${space()}`)}${space()}}`;
    };
    const array = (depth: number) => {
      const items = Array.from({ length: Math.floor(random() * 4) }, () => value(depth + 1));
      return { items, text: `[${space()}${items.join(`${space()},${space()}`)}${space()}]` };
    };
    const value = (depth: number): string => {
      const kind = random();
      if (depth > 5 || kind < 0.4) {
        return scalar();
      }
      return kind < 0.7 ? object(depth) : array(depth).text;
    };

    for (let i = 0; i < 5000; i++) {
      let expected: string[] = [];
      const members = Array.from({ length: Math.floor(random() * 5) }, () => {
        const name = key();
        const list = random() < 0.5 ? array(2) : undefined;
        if (JSON.parse(name) === 'result') {
          expected = list?.items ?? [];
        }
        return `${name}${space()}:${space()}${list?.text ?? (random() < 0.5 ? object(2) : scalar())}`;
      });
      const text = `${space()}{${space()}${members.join(`${space()},${space()}`)}${space()}}${space()}`;
      doesNotThrow(() => JSON.parse(text) as unknown, 'the test writes no JSON');
      deepEqual(elements(text), expected, text);
    }
  });

  it('throws only JsonLimitError for malformed JSON, and returns positions inside the text', () => {
    const random = randomNumbers(4);
    const parts = ['{', '}', '[', ']', ',', ':', '"', '\\', '"result"', '"result":[', ' ', '1', 'a', '\0', '\uD83D'];
    for (let i = 0; i < 30_000; i++) {
      const text = Array.from({ length: Math.floor(random() * 40) }, () => pick(random, parts)).join('');
      for (const [start, end] of scanEnvelope(text)) {
        ok(0 <= start && start <= end && end <= text.length, text);
      }
    }
  });

  it('ends for texts that are cut anywhere', () => {
    const text = '{"success":true,"result":[{"a":"b\\"c\\\\"},[1,2]],"result_info":{"page":1}}';
    for (let end = 0; end <= text.length; end++) {
      doesNotThrow(() => scanEnvelope(text.slice(0, end)));
    }
  });

  it('ends for a million quotes or backslashes', () => {
    for (const part of ['"', '\\', '\\"', '"\\']) {
      doesNotThrow(() => scanEnvelope(`{"result":["${part.repeat(1_000_000 / part.length)}`));
    }
    for (const part of ['",', '"]', '"},']) {
      throws(() => scanEnvelope(`{"result":["${part.repeat(30_000_000 / part.length)}`), new JsonLimitError('tooMany'));
    }
  });

  it('accepts 64 levels, and throws at the 65th', () => {
    equal(maxJsonDepth, 64);
    const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
    const objects = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
    for (const text of [nested(64), objects(64), `{"result":${nested(63)}}`, `[${'[],'.repeat(100)}[]]`]) {
      doesNotThrow(() => scanEnvelope(text));
    }
    for (const text of [nested(65), objects(65), `{"result":${nested(64)}}`, `{"other":${objects(64)}}`]) {
      throws(() => scanEnvelope(text), new JsonLimitError('tooDeep'));
    }
  });

  it('does not count brackets inside strings', () => {
    doesNotThrow(() => scanEnvelope(`{"result":["${'['.repeat(1000)}"]}`));
  });

  it('throws for 20,000 and 1,000,000 levels, without a stack overflow', () => {
    for (const levels of [20_000, 1_000_000]) {
      throws(() => scanEnvelope('['.repeat(levels)), new JsonLimitError('tooDeep'));
      throws(() => scanEnvelope(`{"result":${'{"a":['.repeat(levels)}`), new JsonLimitError('tooDeep'));
    }
  });
});
