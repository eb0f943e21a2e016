import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { type FileId, idsIn, idSyntaxOf } from '../../src/ids/fileIds';
import { scanHcl } from '../../src/ids/hcl';
import { scanJson } from '../../src/ids/json';
import { hole, type Literal, offsetOf, type Scope } from '../../src/ids/literal';
import { wordAt } from '../../src/ids/word';

/** An entry of expected.json; lines and characters count from 0, in UTF-16 units, without the byte order mark. */
interface Expected {
  readonly line: number;
  readonly startChar: number;
  readonly endChar: number;
  readonly kind: string;
  readonly value: string;
  readonly ref?: 'externalId' | 'name';
  readonly check: boolean;
  readonly note?: string;
  readonly scope?: 'rule' | 'list' | 'other';
}

const folder = 'test/fixtures/ids';
const fixtures = JSON.parse(readFileSync(`${folder}/expected.json`, 'utf8')) as Record<string, readonly Expected[]>;

/** The kind of an expected one. */
const kinds: Readonly<Record<string, FileId['kind']>> = {
  email: 'email',
  providerId: 'identityProviderId',
  'groupId externalId': 'groupExternalId',
  'groupId name': 'groupName',
  userId: 'scimUserId',
  externalId: 'userExternalId',
};

function literals(text: string, scan: typeof scanHcl = scanHcl): Literal[] {
  return [...scan(text)].flatMap((read) => (read.kind === 'comment' ? [] : read));
}

/** `resource.email`: the keys above a literal, and its own. */
function keys({ scope, key }: Literal): string {
  const above: string[] = [];
  for (let at: Scope | undefined = scope; at.parent; at = at.parent) above.unshift(at.key ?? '-');
  return [...above, key ?? []].flat().join('.');
}

const values = (text: string) => literals(text).map(({ value }) => value);

describe('ids in files', () => {
  const read = readdirSync(folder).filter((file) => file !== 'expected.json' && idSyntaxOf(file) !== undefined);

  for (const file of read) {
    it(`are those that ${file} should have, with their kind and range, and no others`, () => {
      const text = readFileSync(`${folder}/${file}`, 'utf8');
      const start = text.startsWith('\u{FEFF}') ? 1 : 0;
      const lines = [start, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
      const offset = ({ line }: Expected, char: number) => (lines[line] ?? assert.fail()) + char;
      const expected = fixtures[file] ?? assert.fail(`${file} is not in expected.json`);

      const found = [...idsIn(text, idSyntaxOf(file) ?? assert.fail())]
        .map(({ start: from, end, kind, value, within }) => ({ from, end, kind, value, within }))
        .toSorted((one, other) => one.from - other.from);
      const wanted = expected
        // The fixtures list an Access group as no id of a user or SCIM group, but it is the id of an Access group.
        .filter(({ check, scope, note }) => (check && scope !== 'other') || note?.startsWith('Access group'))
        .map((entry) => ({
          from: offset(entry, entry.startChar),
          end: offset(entry, entry.endChar),
          kind: kinds[[entry.kind, entry.ref ?? []].flat().join(' ')] ?? 'accessGroupId',
          value: entry.value,
          within: entry.scope ?? 'rule',
        }));
      assert.deepEqual(
        found,
        wanted.toSorted((one, other) => one.from - other.from),
      );
    });
  }

  it('have the effect of the part of the policy in which they stand', () => {
    const text = `resource "cloudflare_zero_trust_access_policy" "a" {
        include = [{ email = { email = "a@x.example" } }]
        exclude = [{ email = { email = "b@x.example" } }]
        dynamic "require" {
          for_each = var.all
          content {
            email = ["c@x.example"]
          }
        }
      }
      resource "cloudflare_zero_trust_gateway_policy" "b" {
        identity = "identity.email == \\"d@x.example\\" and not(identity.email in {\\"e@x.example\\"})"
      }`;
    assert.deepEqual(
      [...idsIn(text, { syntax: 'hcl', isVariables: false })].map(({ value, effect }) => `${value} ${effect ?? '-'}`),
      [
        'a@x.example include',
        'b@x.example exclude',
        'c@x.example require',
        'd@x.example include',
        'e@x.example exclude',
      ],
    );
  });

  it('share the object with the identity provider beside them', () => {
    const provider = '2a64d0f7-9e18-4c35-8b72-d3f1096e5ac4';
    const group = (name: string) => `{ okta = { name = "${name}", identity_provider_id = "${provider}" } }`;
    const text = `include = [${group('One')}, ${group('Two')}]`;
    const [one, ofOne, two, ofTwo] = idsIn(text, { syntax: 'hcl', isVariables: false });
    assert.ok(one && two);
    assert.equal(one.scope, ofOne?.scope);
    assert.equal(two.scope, ofTwo?.scope);
    assert.notEqual(one.scope, two.scope);
  });

  it('are read in files of these names', () => {
    const json = { syntax: 'json', isVariables: false };
    assert.deepEqual(idSyntaxOf('/a/main.tf'), { syntax: 'hcl', isVariables: false });
    assert.deepEqual(idSyntaxOf('main.TOFU'), { syntax: 'hcl', isVariables: false });
    assert.deepEqual(idSyntaxOf('a.auto.tfvars'), { syntax: 'hcl', isVariables: true });
    assert.deepEqual(idSyntaxOf('a.tfvars.json'), { syntax: 'json', isVariables: true });
    assert.deepEqual(idSyntaxOf('a.tf.json'), json);
    assert.deepEqual(idSyntaxOf('a.jsonc'), json);
    for (const name of ['terraform.tfstate', 'terraform.tfstate.backup', 'a.yaml', 'json', 'a.tf~']) {
      assert.equal(idSyntaxOf(name), undefined, name);
    }
  });
});

describe('the strings of a file in HCL', () => {
  it('are decoded, and their parts have their offsets in the file', () => {
    const text = 'a = "x\\"y\\u00e4z\\U0001F600w$${n}%%{m}"';
    const [literal] = literals(text);
    assert.ok(literal);
    assert.equal(literal.value, 'x"yäz\u{1F600}w${n}%{m}');
    for (const part of ['x', 'y', 'z', 'w', 'n}', 'm}']) {
      assert.equal(text.slice(offsetOf(literal, literal.value.indexOf(part))).slice(0, part.length), part);
    }
    assert.equal(text.slice(literal.start, literal.end), text.slice(5, -1));
  });

  it('have a placeholder for each interpolation, and the strings in it come before', () => {
    const text = 'a = "x ${join(",", [for e in ["b"] : "<${e}>"])} y${var.c}@z"';
    assert.deepEqual(values(text), [',', 'b', `<${hole}>`, `x ${hole} y${hole}@z`]);
    const whole = literals(text).at(-1) ?? assert.fail();
    assert.equal(text[offsetOf(whole, whole.value.indexOf('y'))], 'y');
    assert.equal(text[offsetOf(whole, whole.value.indexOf('@'))], '@');
  });

  it('have the keys of blocks, labels, objects and lists', () => {
    const text = `
      resource "type" "name" {
        a = "1"
        b { c = ["2", { d = "3", "e" = "4", f : "5" }] }
        g = var.x ? "6" : "7"
        h = { for k, v in { i = "8" } : k => "9" }
        j = lookup({ k = "10" }, "11")
      }
      l = "12"`;
    assert.deepEqual(
      literals(text)
        .filter(({ role }) => role === 'value')
        .map((literal) => `${keys(literal)} ${literal.value}`),
      [
        ...['resource.a 1', 'resource.b.c 2', 'resource.b.c.d 3', 'resource.b.c.e 4', 'resource.b.c.f 5'],
        ...[
          'resource.g 6',
          'resource.g 7',
          'resource.h.-.i 8',
          'resource.h 9',
          'resource.j.k 10',
          'resource.j 11',
          'l 12',
        ],
      ],
    );
  });

  it('may be heredocs, which end at their marker', () => {
    const text = 'a = <<-EOT\n  "x" ${f("y")}\n  EOT # c\n  EOT\nb = "z"\n';
    assert.deepEqual(
      literals(text).map(({ kind, value, key }) => [kind, value, key]),
      [
        ['string', 'y', 'a'],
        ['heredoc', `  "x" ${hole}\n  EOT # c\n`, 'a'],
        ['string', 'z', 'b'],
      ],
    );
  });

  it('end with their line where the quotation mark is missing', () => {
    assert.deepEqual(values('a = "b\r\nc = "d"\n'), ['b', 'd']);
    assert.deepEqual(values('a = "b ${c("d\nc = "e"'), ['d', `b ${hole}`, 'e']);
    assert.deepEqual(values('a = "b ${c\nd = "e"'), [`b ${hole}`, 'e']);
    assert.deepEqual(values('a = "b'), ['b']);
  });

  it('are read behind a heredoc or a comment that does not end', () => {
    assert.deepEqual(values('a = <<EOT\nb = "c"'), ['c']);
    assert.deepEqual(values('/* a = "b"\nc = "d"'), ['d']);
  });

  it('have their own keys behind brackets that were not closed', () => {
    const text = 'resource "a" "b" {\n  c = [\n    { d = (\n  e = "1"\n\nresource "f" "g" {\n  h = "2"\n}';
    assert.deepEqual(
      literals(text)
        .filter(({ role }) => role === 'value')
        .map(keys),
      ['resource.c.e', 'resource.h'],
    );
  });

  it('are read in interpolations of several lines', () => {
    assert.deepEqual(values('a = "x${jsonencode({\n  b = "c"\n})}"\nd = "e"'), ['c', `x${hole}`, 'e']);
  });

  it('are read below 200,000 brackets', () => {
    const depth = 200_000;
    for (const [open = '', close = ''] of ['[]', '{}', '()']) {
      assert.deepEqual(values(`a = ${open.repeat(depth)}"b"${close.repeat(depth)}\nc = "d"`), ['b', 'd']);
    }
    assert.equal(values(`a = "${'${"'.repeat(depth)}`).length, depth + 1);
  });
});

describe('the strings of a file in JSON', () => {
  it('have the same keys and offsets, with comments or half-typed', () => {
    const text = '{ // "c"\n "a": [{ "b": "x\\u0040\\ny" }, "z"], /* */ "d": "e\n "f": "g" }';
    const read = literals(text, scanJson);
    assert.deepEqual(
      read.map((literal) => [literal.role, keys(literal), literal.value]),
      [
        ['key', '-', 'a'],
        ['key', '-.a', 'b'],
        ['value', '-.a.b', 'x@\ny'],
        ['value', '-.a', 'z'],
        ['key', '-', 'd'],
        ['value', '-.d', 'e'],
        ['key', '-', 'f'],
        ['value', '-.f', 'g'],
      ],
    );
    const decoded = read[2] ?? assert.fail();
    assert.equal(text[offsetOf(decoded, decoded.value.indexOf('y'))], 'y');
    assert.ok(read.every(({ start, end, value }) => value.includes('@') || text.slice(start, end) === value));
  });

  it('are read below 200,000 brackets', () => {
    assert.deepEqual(
      literals(`${'['.repeat(200_000)}"a"${'}]'.repeat(200_000)}`, scanJson).map(({ value }) => value),
      ['a'],
    );
  });
});

describe('the word at a position', () => {
  for (const [file, expected] of Object.entries(fixtures)) {
    it(`is the id or email that ${file} has there`, () => {
      const text = readFileSync(`${folder}/${file}`, 'utf8').replace(/^\u{FEFF}/u, '');
      const lines = text.split('\n');
      for (const { line, startChar, endChar, kind, value, ref, check } of expected) {
        const raw = lines[line] ?? assert.fail();
        const isWord = check && ref !== 'name' && kind !== 'accountId' && raw.slice(startChar, endChar) === value;
        for (const offset of isWord ? [startChar, startChar + 3, endChar] : []) {
          assert.deepEqual(wordAt(raw, offset), { start: startChar, end: endChar, text: value });
        }
      }
    });
  }

  it('is none within a longer word, a template or beside it', () => {
    const uuid = 'c706db98-b09c-4db8-87ab-794ee496fe27';
    const texts = [
      ...[`x${uuid}`, `${uuid}0`, `${uuid}-1`, 'a00ug1l3ttuvxfrxxq5d7', '00ug1l3ttuvxfrxxq5d70', '@x.example'],
      ...['${var.a}@x.example', '{{ a }}@x.example', 'a@b', 'a@b@x.example', '%s@%s', 'someone'],
    ];
    for (const text of texts) {
      for (let offset = 0; offset <= text.length; offset++) assert.equal(wordAt(text, offset), undefined, text);
    }
    assert.equal(wordAt(`"${uuid}"  a`, uuid.length + 4), undefined);
  });

  it('is found in a line of any length', () => {
    const padding = 'x'.repeat(5_000_000);
    const text = `${padding} ada@x.example ${padding}`;
    assert.equal(wordAt(text, padding.length + 3)?.text, 'ada@x.example');
    assert.equal(wordAt(padding, 2_500_000), undefined);
  });
});
