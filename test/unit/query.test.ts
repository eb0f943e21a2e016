import assert from 'node:assert/strict';
import { parseQuery, type Query, type Term } from '../../src/matching/query';

const term = (text: string, field?: Term['field'], folded = text): Term => ({ text, folded, field });
const query = (parts: Partial<Query>): Query => ({
  kind: 'user',
  terms: [],
  isCut: false,
  active: undefined,
  providers: [],
  text: '',
  unknownField: undefined,
  identity: undefined,
  isIdentityAlone: false,
  ...parts,
});

describe('parseQuery', () => {
  const cases: readonly [what: string, typed: string, expected: Partial<Query>][] = [
    ['finds nothing in nothing', '', {}],
    ['finds nothing in spaces', ' \t ', {}],
    [
      'splits words at whitespace',
      ' anna\tschmidt ',
      { terms: [term('anna'), term('schmidt')], text: 'anna\tschmidt' },
    ],
    [
      'folds for here and keeps for the server',
      'MÜLLER',
      { terms: [term('MÜLLER', undefined, 'muller')], text: 'MÜLLER' },
    ],
    ['narrows to the email', 'email:Anna', { terms: [term('Anna', 'email', 'anna')] }],
    ['narrows to the user name', 'user:anna', { terms: [term('anna', 'username')] }],
    ['narrows to the name', 'name:anna', { terms: [term('anna', 'name')] }],
    ['narrows to the id', 'id:4f', { terms: [term('4f', 'id')] }],
    ['narrows to the external id', 'ext:00u', { terms: [term('00u', 'externalId')] }],
    [
      'knows prefixes in any case',
      'EMAIL:a Is:Inactive IDP:b',
      { terms: [term('a', 'email')], active: false, providers: ['b'] },
    ],
    ['narrows to providers, folded', 'idp:Ökta idp:"entra id"', { providers: ['okta', 'entra id'] }],
    ['searches groups', 'group:eng', { kind: 'group', terms: [term('eng')], text: 'eng' }],
    ['searches all groups', 'group:', { kind: 'group' }],
    [
      'keeps spaces in the quoted name of a group, and the other words',
      'is:active GROUP:"data science" idp:okta lisbon',
      {
        kind: 'group',
        terms: [term('data science'), term('lisbon')],
        providers: ['okta'],
        text: 'data science lisbon',
      },
    ],
    ['narrows to inactive users', 'is:inactive', { active: false }],
    ['narrows to active users', 'is:active', { active: true }],
    ['believes the last of two states', 'is:active is:inactive', { active: false }],
    ['narrows nothing while a state is being written', 'is: is:a is:inact', {}],
    ['keeps a state while another is being written', 'is:active is:in', { active: true }],
    ['takes any other state for text', 'is:Blue', { terms: [term('is:Blue', undefined, 'is:blue')], text: 'is:Blue' }],
    ['narrows nothing without a value', 'email: name:"" idp: "" anna', { terms: [term('anna')], text: 'anna' }],
    [
      'takes other prefixes for text',
      'foo:bar https://x',
      { terms: [term('foo:bar'), term('https://x')], text: 'foo:bar https://x', unknownField: 'foo' },
    ],
    [
      'sees no prefix inside a word',
      'xemail:a',
      { terms: [term('xemail:a')], text: 'xemail:a', unknownField: 'xemail' },
    ],
    ['keeps spaces in quotes', '"van  der" x', { terms: [term('van  der'), term('x')], text: 'van  der x' }],
    ['keeps spaces in a quoted value', 'name:"van der" x', { terms: [term('van der', 'name'), term('x')], text: 'x' }],
    ['runs an open quote to the end', 'name:"van der x', { terms: [term('van der x', 'name')] }],
    ['sees no quote inside a word', 'o"neill', { terms: [term('o"neill')], text: 'o"neill' }],
    [
      'sends the server what is left without the tokens',
      'Anna is:active Ö idp:x id:4',
      {
        terms: [term('Anna', undefined, 'anna'), term('Ö', undefined, 'o'), term('4', 'id')],
        active: true,
        providers: ['x'],
        text: 'Anna Ö',
      },
    ],
    [
      'ignores quotes, brackets and commas around words',
      "'Doe', (Jane) [x];",
      { terms: [term('Doe', undefined, 'doe'), term('Jane', undefined, 'jane'), term('x')], text: "Doe', (Jane) [x" },
    ],
    [
      'ignores them in a value as well',
      'name:(Jane), x',
      { terms: [term('Jane', 'name', 'jane'), term('x')], text: 'x' },
    ],
    ['looks for no mark alone, but sends it', '\u0301', { text: '\u0301' }],
    ['never sees a prefix in quotes', '"email:a"', { terms: [term('email:a')], text: 'email:a' }],
  ];
  for (const [what, typed, expected] of cases) {
    it(what, () => assert.deepEqual(parseQuery(typed), query(expected)));
  }
});

describe('a whole email or id in a text', () => {
  const id = '0a1b2c3d-0000-4000-8000-0123456789ab';
  const cases: readonly [typed: string, identity: string, isAlone: boolean][] = [
    ['jane@x.example', 'jane@x.example', true],
    ['Jane Doe <jane@x.example>', 'jane@x.example', false],
    ['"Doe, Jane" <jane@x.example>;', 'jane@x.example', false],
    ['Jane Doe\tjane@x.example\tEngineering', 'jane@x.example', false],
    ['mailto:jane@x.example', 'jane@x.example', true],
    ['<mailto:jane@x.example?subject=Hello>', 'jane@x.example', true],
    ['jane@x.example,', 'jane@x.example', true],
    ['jane@x.example;', 'jane@x.example', true],
    ['jane@x.example.', 'jane@x.example', true],
    ["'jane@x.example'", 'jane@x.example', true],
    ['‘jane@x.example’', 'jane@x.example', true],
    ['(jane@x.example)', 'jane@x.example', true],
    ["o'brien@x.example", "o'brien@x.example", true],
    ['\u200bjane@x\u00ad.example\ufeff', 'jane@x.example', true],
    ['"email": "jane@x.example",', 'jane@x.example', false],
    [id.toUpperCase(), id.toUpperCase(), true],
    [`{${id}}`, id, true],
    [`"id": "${id}",`, id, false],
    [`https://dash.example/users/${id}/edit`, id, false],
    ['00u1a2b3c4d5e6f7g8h9', '00u1a2b3c4d5e6f7g8h9', true],
    [`jane@x.example ${id}`, id, false],
  ];
  for (const [typed, identity, isAlone] of cases) {
    it(`is ${identity} in ${JSON.stringify(typed)}`, () => {
      const parsed = parseQuery(typed);
      assert.equal(parsed.identity?.text, identity);
      assert.equal(parsed.text, identity);
      assert.equal(parsed.isIdentityAlone, isAlone);
      assert.ok(parsed.terms.some(({ text, field }) => text === identity && field === undefined));
      assert.ok(
        parsed.terms.every(({ text }) => /@|-|^00u/.test(text)),
        'other words are not searched for',
      );
    });
  }

  it('is none in a part of one', () => {
    for (const typed of [
      'jane@',
      'jane@x',
      'jane@x.',
      '@x.example',
      `${id}0`,
      `x${id}`,
      '00u1a2b',
      'a@b@c.dd',
      'email:jane@x.example',
    ]) {
      assert.equal(parseQuery(typed).identity, undefined, typed);
    }
  });
});

describe('what is typed, as something to look for', () => {
  it('is none without a word, narrowed or not', () => {
    for (const typed of ['', 'email:', 'is:inactive idp:x']) {
      assert.equal(parseQuery(typed).terms.length, 0, typed);
    }
  });

  it('is each word', () => {
    for (const typed of ['a', 'user:a']) {
      assert.equal(parseQuery(typed).terms.length, 1, typed);
    }
  });
});
