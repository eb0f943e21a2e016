import assert from 'node:assert/strict';
import fc from 'fast-check';
import { applyEdits, format } from 'jsonc-parser';
import { formatDocument, maxFormattedLength, maxIndentedLength } from '../../src/documents/format';
import { holds, patienceMs } from '../support/properties';
import { unitsTouched } from '../support/textMeter';

describe('the text of a document', () => {
  const byLibrary = (text: string) =>
    `${applyEdits(text, format(text, undefined, { tabSize: 2, insertSpaces: true, eol: '\n' }))}\n`;

  it('is what the library makes of it, for any JSON in any layout', () => {
    const layout = fc.constantFrom('', ' ', '\n', '\r\n', '\t', '  \n ');
    const json = fc.tuple(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(0, 1, 4, '\t'));
    const spread = fc.array(fc.tuple(fc.jsonValue({ maxDepth: 2 }), layout, layout), { maxLength: 8 });
    return holds(
      fc.property(json, spread, ([value, indent], items) => {
        const text = JSON.stringify(value, undefined, indent);
        assert.equal(formatDocument(text), byLibrary(text));
        const list = `[${items.map(([item, a, b]) => `${a}${JSON.stringify(item)}${b}`).join(',')}]`;
        assert.equal(formatDocument(list), byLibrary(list));
      }),
    );
  }).timeout(patienceMs);

  it('keeps large numbers, the order of keys, duplicate keys and escapes', () => {
    assert.equal(
      formatDocument('{"b":12345678901234567890,"a":1.0,"b":"\\u0041\\/"}'),
      '{\n  "b": 12345678901234567890,\n  "a": 1.0,\n  "b": "\\u0041\\/"\n}\n',
    );
  });

  const kinds: readonly [what: string, part: string][] = [
    ['numbers', '0,'],
    ['strings', '"a",'],
    ['empty objects', '{},'],
    ['empty arrays', '[],'],
    ['groups', '{"value":"5f1c","display":"Engineering","type":"direct"},'],
    ['nested lists', '[[[[0]]]],'],
    ['escapes', '"\\u0041\\\\\\"",'],
    ['line breaks', '\n\n0,'],
    ['Windows line breaks', '\r\n0,'],
    ['spaces', '    0    ,   '],
    ['text that is indented already', '\n    {\n      "a": 1\n    },'],
  ];
  for (const [what, part] of kinds) {
    it(`costs in proportion to its length: ${what}`, () => {
      const cost = (times: number) => {
        const text = `{"a":[${part.repeat(times)}0]}`;
        return unitsTouched(() => formatDocument(text));
      };
      const [one, eight] = [cost(500), cost(4000)];
      assert.ok(one > 500, `${one} units were counted`);
      assert.ok(eight < 8.5 * one, `${one} units, and ${eight} for a text that is 8 times as long`);
    });
  }

  it('stays as it came above 5 MB', () => {
    const list = (length: number) => `[${' '.repeat(length - 3)}1]`;
    assert.equal(formatDocument(list(maxFormattedLength)), '[\n  1\n]\n');
    const longer = list(maxFormattedLength + 1);
    assert.equal(formatDocument(longer), longer);
  });

  it('stays as it came where its depth would make it many times as long', () => {
    const nested = (items: number) => `${'['.repeat(60)}${'0,'.repeat(items)}0${']'.repeat(60)}`;
    assert.ok(formatDocument(nested(100_000)).length > 12_000_000);
    const longer = nested(170_000);
    assert.ok(longer.length * 60 > maxIndentedLength);
    assert.equal(formatDocument(longer), longer);
  });
});
