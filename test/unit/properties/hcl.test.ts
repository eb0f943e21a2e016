import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { Language, type Node, Parser } from 'web-tree-sitter';
import { scanHcl } from '../../../src/ids/hcl';
import { scanJson } from '../../../src/ids/json';
import { holds } from '../../support/properties';

/** A string or heredoc as `start–end`, or a string with its value. */
type Strings = readonly { readonly start: number; readonly end: number; readonly value: string }[];

const fixtures = globSync('test/fixtures/ids/*.{tf,tfvars}').sort();
const read = (path: string) => readFileSync(path, 'utf8').replace(/^\u{FEFF}/u, '');

function stringsIn(text: string): Strings {
  return [...scanHcl(text)].flatMap((found) => (found.kind === 'string' ? found : []));
}

const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/).filter((word) => word !== 'for' && word !== 'if');
const texts = fc.array(
  fc.constantFrom(
    'a',
    'é',
    '😀',
    ' ',
    '@',
    '.',
    '#',
    '//',
    '/*',
    '{',
    '}',
    '[',
    ']',
    '=',
    ':',
    ',',
    "'",
    '$ ',
    '\\"',
    '\\\\',
    '\\n',
    '\\u00e4',
    '$${',
    '%%{',
    '<<EOT',
  ),
  { maxLength: 8 },
);

/** Text of Terraform, an expression or a string of some depth. */
const { expression, template } = fc.letrec<{ expression: string; template: string }>((tie) => ({
  template: fc
    .array(
      fc.oneof(
        { weight: 4, arbitrary: texts.map((parts) => parts.join('')) },
        tie('expression').map((inner) => `\${${inner}}`),
      ),
      { maxLength: 3 },
    )
    .map((parts) => `"${parts.join('')}"`),
  expression: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('1', 'true', 'null', 'var.x', 'each.key', '-2.5e3'),
    tie('template'),
    fc.array(tie('expression'), { maxLength: 3 }).map((all) => `[${all.join(', ')}]`),
    fc
      .array(fc.tuple(name, tie('expression')), { maxLength: 3 })
      .map((all) => `{\n${all.map(([key, value]) => `  ${key} = ${value}\n`).join('')}}`),
    fc.array(tie('expression'), { maxLength: 2 }).map((all) => `join(${all.join(', ')})`),
    fc.tuple(tie('expression'), tie('expression')).map(([yes, no]) => `var.a ? ${yes} : ${no}`),
    tie('expression').map((value) => `[for k, v in var.all : ${value}]`),
    tie('expression').map((value) => `{ for k, v in var.all : k => ${value} }`),
  ),
}));
const comment = fc.constantFrom('', '# "a"\n', '// b {\n', '/* "c"\n d */\n');
const attribute = fc.tuple(name, expression, comment).map(([key, value, end]) => `${key} = ${value}\n${end}`);
const block = fc
  .tuple(fc.constantFrom('resource', 'data'), template, fc.array(attribute, { maxLength: 5 }))
  .map(([type, label, body]) => `${type} ${label.includes('${') ? '"a"' : label} "b" {\n${body.join('')}}\n`);
const file = fc.array(fc.oneof(block, attribute), { maxLength: 8 }).map((parts) => parts.join('\n'));

describe('the strings of a file in HCL, beside a parser', () => {
  let parser: Parser;
  before(async () => {
    await Parser.init();
    parser = new Parser();
    parser.setLanguage(await Language.load('node_modules/@tree-sitter-grammars/tree-sitter-hcl/tree-sitter-hcl.wasm'));
  });
  after(() => parser.delete());

  /** The strings that the parser finds; undefined for a file that is not valid. */
  function parsed(text: string): string[] | undefined {
    const tree = parser.parse(text);
    try {
      if (tree === null || tree.rootNode.hasError) return undefined;
      const found: string[] = [];
      const open: Node[] = [tree.rootNode];
      for (let node = open.pop(); node; node = open.pop()) {
        if (node.type === 'string_lit' || node.type === 'quoted_template') {
          found.push(`${node.startIndex + 1}–${node.endIndex - 1}`);
        }
        open.push(...node.children);
      }
      return found.sort();
    } finally {
      tree?.delete();
    }
  }

  const ours = (text: string) =>
    stringsIn(text)
      .map(({ start, end }) => `${start}–${end}`)
      .sort();

  it('are the same in the fixtures that are valid', () => {
    const valid = fixtures.filter((path) => !path.includes('half-typed'));
    for (const path of valid) {
      assert.deepEqual(ours(read(path)), parsed(read(path)), path);
    }
    assert.ok(valid.length > 10);
  });

  it('are the same in at least 99.9% of random files', () => {
    let [same, all, files] = [0, 0, 0];
    for (const text of fc.sample(file, { numRuns: 3000, seed: Number(process.env.FAST_CHECK_SEED ?? 1) })) {
      const theirs = parsed(text);
      if (theirs) {
        const own = new Set(ours(text));
        all += Math.max(theirs.length, own.size);
        same += theirs.filter((place) => own.has(place)).length;
        files++;
      }
    }
    assert.ok(files > 1000 && all > 10_000, `${files} valid files with ${all} strings`);
    assert.ok(same >= 0.999 * all, `${same} of ${all} strings are the same`);
  });
});

describe('the strings of a damaged file in HCL', () => {
  const signs = ['"', '{', '}', '[', ']', '(', ')', '${', '$', '\\', '=', ',', ':', '#', "'", 'for', 'a = "', '"}'];
  const damage = fc.record({
    path: fc.constantFrom(...fixtures),
    line: fc.nat(),
    at: fc.nat(),
    removed: fc.constantFrom(0, 0, 1, 2, 5, 1000),
    added: fc.constantFrom('', ...signs),
  });
  const places = (strings: Strings, shift = 0) =>
    strings.map(({ start, end, value }) => `${start - shift}–${end - shift} ${value}`);

  it('are unchanged outside the damaged line', () =>
    holds(
      fc.property(damage, ({ path, line, at, removed, added }) => {
        const text = read(path);
        const lines = text.split('\n');
        const i = line % lines.length;
        const old = lines[i] ?? '';
        const start = lines.slice(0, i).reduce((sum, each) => sum + each.length + 1, 0);
        const column = at % (old.length + 1);
        const damaged = old.slice(0, column) + added + old.slice(column + removed);
        // A comment or heredoc that is opened or closed changes what follows, by the rules of the language.
        const isInLongText = [...scanHcl(text)].some(
          (found) =>
            found.kind !== 'string' &&
            text.slice(found.start, found.end).includes('\n') &&
            found.start <= start + old.length + 1 &&
            start <= found.end + 1,
        );
        if (isInLongText || [old, damaged].some((each) => /\/\*|\*\/|<</.test(each))) return;

        const before = stringsIn(text);
        const after = stringsIn([...lines.slice(0, i), damaged, ...lines.slice(i + 1)].join('\n'));
        const above = (strings: Strings) => strings.filter(({ end }) => end <= start);
        const below = (strings: Strings, length: number) => strings.filter((each) => each.start > start + length);
        assert.deepEqual(places(above(after)), places(above(before)));
        assert.deepEqual(
          places(below(after, damaged.length), damaged.length - old.length),
          places(below(before, old.length)),
          `${path}:${i + 1}: ${damaged}`,
        );
      }),
      10_000,
    ));

  it('are read without an error, whatever the text is', () => {
    const part = fc.constantFrom(...signs, '<<A\n', 'A\n', '\n', '/*', '*/', '\r\n', '//', '$${', '\\u12', 'é', '😀');
    return holds(
      fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
        const text = parts.join('');
        for (const scan of [scanHcl, scanJson]) {
          for (const { start, end } of scan(text)) {
            assert.ok(0 <= start && start <= end && end <= text.length, JSON.stringify(text));
          }
        }
      }),
    );
  });
});
