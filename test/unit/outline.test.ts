import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatDocument } from '../../src/documents/format';
import { maxOutlinedLength, maxOutlineEntries, outline, type OutlineEntry } from '../../src/documents/outline';
import { maxJsonDepth } from '../../src/cloudflare/json';
import { holds, patienceMs } from '../support/properties';
import { unitsTouched } from '../support/textMeter';

describe('the outline of a document', () => {
  const all = (entries: readonly OutlineEntry[]): OutlineEntry[] =>
    entries.flatMap((entry) => [entry, ...all(entry.children)]);
  const tree = (entries: readonly OutlineEntry[], indent = ''): string =>
    entries
      .map(({ name, kind, detail, children }) => `${indent}${name}|${kind}|${detail}\n${tree(children, `${indent}  `)}`)
      .join('');
  /** The piece of a text between two places. */
  const piece = (text: string, { start, end }: Pick<OutlineEntry, 'start' | 'end'>) => {
    const lines = text.split('\n').slice(start.line, end.line + 1);
    const last = lines.pop()?.slice(0, end.character) ?? '';
    return [...lines, last].join('\n').slice(start.character);
  };

  it('has every property and every element, with its kind and value, in order', () => {
    const text = formatDocument(
      '{"id":"x","active":true,"none":null,"n":12345678901234567890,"groups":[{"value":"a"},[1]],"name":{"first":"Zoe"},"id":""}',
    );
    assert.equal(
      tree(outline(text)),
      [
        'id|string|x',
        'active|boolean|true',
        'none|null|null',
        'n|number|12345678901234567890',
        'groups|array|',
        '  0|object|',
        '    value|string|a',
        '  1|array|',
        '    0|number|1',
        'name|object|',
        '  first|string|Zoe',
        'id|string|',
        '',
      ].join('\n'),
    );
  });

  it('says where each is, from its name to the end of its value', () => {
    const text = formatDocument('{"id":"x","groups":[{"value":"a"},[]]}');
    assert.deepEqual(
      all(outline(text)).map((entry) => piece(text, entry)),
      [
        '"id": "x"',
        '"groups": [\n    {\n      "value": "a"\n    },\n    []\n  ]',
        '{\n      "value": "a"\n    }',
        '"value": "a"',
        '[]',
      ],
    );
  });

  it('knows as many entries as the JSON has, each within the one above', () =>
    holds(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(0, 2), (value, indent) => {
        const count = (json: unknown): number =>
          typeof json === 'object' && json !== null
            ? Object.values(json).reduce((sum: number, child) => sum + 1 + count(child), 0)
            : 0;
        const text = JSON.stringify(value, undefined, indent);
        const entries = outline(text);
        assert.equal(all(entries).length, count(value));
        for (const entry of all(entries)) {
          for (const child of entry.children) assert.ok(piece(text, entry).includes(piece(text, child)));
        }
      }),
    )).timeout(patienceMs);

  it('is empty for words, for no JSON, and for a text that is longer than 2 MB', () => {
    for (const text of ['', '// This user could not be loaded.\n', '// words\n{}\n', 'null', '"a"', '}}}}', '<html>']) {
      assert.deepEqual(outline(text), [], text);
    }
    const list = (length: number) => `{"a":"${'x'.repeat(length - 8)}"}`;
    assert.equal(outline(list(maxOutlinedLength)).length, 1);
    assert.deepEqual(outline(list(maxOutlinedLength + 1)), []);
  });

  it('takes what is cut anywhere for what it holds', () => {
    const text = '{"a":[{"b":"c"},[1,2]],"d":{"e":null}}';
    for (let end = 0; end <= text.length; end++) {
      assert.ok(all(outline(text.slice(0, end))).length <= 8);
    }
  });

  it(`goes as deep as an answer may, ${maxJsonDepth} levels`, () => {
    for (const [begin, end] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      const text = formatDocument(`${begin.repeat(maxJsonDepth)}1${end.repeat(maxJsonDepth)}`);
      assert.equal(all(outline(text)).length, maxJsonDepth);
    }
  });

  it(`has ${maxOutlineEntries} entries at most, with the ends of those that hold more`, () => {
    const text = `{"a":[${'{"b":[1]},'.repeat(maxOutlineEntries)}0],"c":1}`;
    const entries = outline(text);
    assert.equal(all(entries).length, maxOutlineEntries);
    assert.deepEqual(
      entries.map(({ name }) => name),
      ['a'],
    );
    assert.deepEqual(entries[0]?.end, { line: 0, character: text.length - ',"c":1}'.length });
  });

  for (const part of [
    '0,',
    '"a",',
    '{},',
    '[[[0]]],',
    '{"value":"5f1c","display":"Engineering"},',
    '"\\u0041\\"",',
    '\n',
  ]) {
    it(`costs in proportion to the length of the text: ${JSON.stringify(part)}`, () => {
      const cost = (times: number) => {
        const text = `{"a":[${part.repeat(times)}0]}`;
        return unitsTouched(() => outline(text));
      };
      const [one, eight] = [cost(2000), cost(16_000)];
      assert.ok(one > 2000, `${one} units were counted`);
      assert.ok(eight < 8.5 * one, `${one} units, and ${eight} for a text that is 8 times as long`);
    });
  }
});
