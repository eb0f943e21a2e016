import { deepEqual, equal } from 'node:assert/strict';
import { parse } from 'csv-parse/sync';
import type { ScimUser } from '../../src/cloudflare/schemas';
import { type Entry, formats } from '../../src/formats/formats';
import { DirectoryProvider } from '../../src/directory/provider';
import { FakeFetch, listResponse } from '../support/fakes';

const whole = { isFirst: true, isLast: true };
const provider = new DirectoryProvider(
  { id: 'account', name: 'Account' },
  new FakeFetch(() => listResponse([])).api(),
  { id: 'idp', name: 'Okta', type: 'okta', scimEnabled: true },
);

function entry(data: Partial<ScimUser>, rawText = JSON.stringify(data)): Entry {
  return { provider, data: { emails: [], meta: {}, schemas: [], ...data }, rawText };
}

/** Names that end a field, a line or a text in some format, or that a spreadsheet takes for a formula. */
const hostile = [
  '=1+1',
  '+1',
  '-1',
  '@SUM(A1)',
  '\tx',
  '\rx',
  '＝1+1',
  '＋1',
  '－1',
  '＠x',
  'a,b',
  'a"b',
  'a\r\nb',
  'a\nb',
  "'a",
  ' =1',
  '${x}',
  '%{x}',
  'é\u202e😀',
];

describe('the formats', () => {
  for (const parts of [1, 2, hostile.length]) {
    const entries = hostile.map((displayName, i) => entry({ id: String(i), displayName }));
    const size = Math.ceil(entries.length / parts);
    const written = (format: keyof typeof formats) => {
      const texts = [];
      for (let first = 0; first < entries.length; first += size) {
        const part = { isFirst: first === 0, isLast: first + size >= entries.length };
        texts.push(formats[format](entries.slice(first, first + size), part));
      }
      return {
        text: texts.map(({ text }) => text).join(''),
        changed: texts.reduce((sum, one) => sum + one.changed, 0),
      };
    };

    it(`keep every value, written in ${parts} parts`, () => {
      const sent = entries.map(({ rawText }) => JSON.parse(rawText) as unknown);
      deepEqual(JSON.parse(written('json').text), sent);
      const lines = written('ndjson').text.trimEnd().split('\n');
      deepEqual(
        lines.map((line) => JSON.parse(line) as unknown),
        sent,
      );
    });

    it(`put an apostrophe before each formula of CSV, written in ${parts} parts, and count them`, () => {
      const { text, changed } = written('csv');
      const rows = parse<Record<string, string>>(text, { columns: true });
      const names = rows.map(({ display_name }) => display_name);
      deepEqual(
        names,
        hostile.map((name, i) => (i < 10 ? `'${name}` : name)),
      );
      equal(changed, 10);
    });
  }

  it('write no entry as an empty array, no line, and a head', () => {
    equal(formats.json([], whole).text, '[]\n');
    equal(formats.ndjson([], whole).text, '');
    deepEqual(parse(formats.csv([], whole).text).length, 1);
  });

  it('write JSON as the server sent it, on one line', () => {
    const sent = '{\n  "id": 12345678901234567890,\r\n\t"a": "x\\ny",\n "a": 1 }';
    equal(formats.ndjson([entry({}, sent)], whole).text, '{ "id": 12345678901234567890, "a": "x\\ny", "a": 1 }\n');
  });

  it('write all columns of a user and of a group', () => {
    const user = entry({
      id: 'u',
      externalId: 'e',
      displayName: 'Jane',
      active: false,
      emails: [{ value: 'a@x.example' }, { value: 'b@x.example', primary: true }, { value: 'c@x.example' }],
      meta: { created: '2026-01-01', lastModified: '2026-02-02' },
    });
    const group: Entry = { provider, data: { id: 'g', displayName: 'Team', meta: {} }, rawText: '' };
    const rows = parse<Record<string, string>>(formats.csv([user, group], whole).text, { columns: true });
    const { account, identityProvider } = provider;
    const owner = {
      identity_provider: provider.name,
      identity_provider_id: identityProvider.id,
      account_id: account.id,
    };
    deepEqual(
      rows.map((row) => ({ ...row })),
      [
        {
          id: 'u',
          type: 'user',
          display_name: 'Jane',
          email: 'b@x.example',
          other_emails: 'a@x.example c@x.example',
          active: 'false',
          external_id: 'e',
          created: '2026-01-01',
          last_modified: '2026-02-02',
          ...owner,
        },
        {
          id: 'g',
          type: 'group',
          display_name: 'Team',
          email: '',
          other_emails: '',
          active: '',
          external_id: '',
          created: '',
          last_modified: '',
          ...owner,
        },
      ],
    );
  });
});
