import { deepEqual, doesNotMatch, equal, ok, rejects } from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import fc from 'fast-check';
import type { Credential } from '../../src/cloudflare/credential';
import { CloudflareError } from '../../src/cloudflare/errors';
import { withoutSecret } from '../../src/cloudflare/withoutSecret';
import { answer, FakeFetch, reference } from '../support/fakes';
import { holds, patienceMs } from '../support/properties';

/** Generated for each run. */
const token = `cfut_${randomBytes(24).toString('base64url')}`;
const credential: Credential = { scheme: 'token', token };

const masked = (text: string, secret = token) => withoutSecret(answer(text), { scheme: 'token', token: secret }).text;

/** A character as `\u0063`, with digits in lower or upper case. */
function escape(character: string, isUpper = false): string {
  const hex = character.charCodeAt(0).toString(16).padStart(4, '0');
  return `\\u${isUpper ? hex.toUpperCase() : hex}`;
}
const escaped = (text: string, isUpper = false) => Array.from(text, (c) => escape(c, isUpper)).join('');

/** All strings in a JSON value, keys included. */
function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') {
    return [value];
  }
  return typeof value === 'object' && value !== null ? Object.entries(value).flat().flatMap(stringsIn) : [];
}

describe('a response that repeats the secret', () => {
  const forms: readonly (readonly [what: string, form: string])[] = [
    ['to the letter', token],
    ['in escapes', escaped(token)],
    ['in escapes with upper-case digits', escaped(token, true)],
    ['with its first character escaped', escape('c') + token.slice(1)],
    ['with its last character escaped', token.slice(0, -1) + escape(token.at(-1) ?? '')],
    ['with every second character escaped', Array.from(token, (c, i) => (i % 2 === 0 ? c : escape(c))).join('')],
    ['behind an escaped backslash', `\\\\${token}`],
    ['in escapes behind an escaped backslash', `\\\\${escaped(token)}`],
    ['in escapes behind a line break', `\\n${escaped(token)}`],
    ['twice, once in each form', token + escaped(token)],
    ['within a word', `x${escaped(token)}y`],
  ];

  for (const [what, form] of forms) {
    it(`${what} has it masked in names, messages, documents and keys`, async () => {
      const user = `{"id":"${form}","externalId":"${form}","displayName":"Bearer ${form}","${form}":["${form}"]}`;
      const users = new FakeFetch(() => new Response(`{"success":true,"result":[${user}]}`));
      const page = await users.api(credential).scimUserPage(reference, 1);
      deepEqual(
        stringsIn([page.items, JSON.parse(page.rawText(0))]).filter((text) => text.includes(token)),
        [],
      );
      ok(page.items[0]?.displayName?.includes('[secret]'));
      doesNotMatch(page.rawText(0), new RegExp(`${token}|\\\\u0063`, 'i'));

      const error = `{"code":7000,"message":"Bad token ${form}","documentation_url":"https://x.test/${form}"}`;
      const refusing = new FakeFetch(
        () => new Response(`{"success":false,"errors":[${error}],"result":null}`, { status: 400 }),
      );
      await rejects(refusing.api(credential).listIdentityProviders('acc'), (thrown) => {
        ok(thrown instanceof CloudflareError);
        ok(thrown.failure.apiMessage?.includes('[secret]'));
        return !inspect(thrown, { depth: 10 }).includes(token);
      });
    });
  }

  it('masks a Global API Key as well', () => {
    const key = randomBytes(19).toString('hex').slice(0, 37);
    const legacy: Credential = { scheme: 'key', email: 'a@example.com', key };
    equal(withoutSecret(answer(`"${escaped(key)}"`), legacy).text, '"[secret]"');
  });

  it('masks characters that have several JSON escapes', () => {
    const odd = `a/b"c\\d/${randomBytes(12).toString('hex')}`;
    for (const form of [
      JSON.stringify(odd).slice(1, -1),
      JSON.stringify(odd).slice(1, -1).replaceAll('/', '\\/'),
      escaped(odd),
    ]) {
      equal(masked(`["${form}"]`, odd), '["[secret]"]', form);
    }
  });

  it('masks a secret that begins inside an escape, and leaves valid JSON', () => {
    for (const [secret, text] of [
      ['nine'.repeat(10), `["\\${'nine'.repeat(10)}"]`],
      ['u0041'.repeat(8), `["\\${'u0041'.repeat(8)}"]`],
      ['0041'.repeat(10), `["\\u${'0041'.repeat(10)}"]`],
      ['41bc'.repeat(10), `["\\u00${'41bc'.repeat(10)}"]`],
    ] as const) {
      const left = masked(text, secret);
      ok(!left.includes(secret), left);
      deepEqual(JSON.parse(left), ['[secret]']);
    }
  });

  it('leaves text that only looks like an escape of the secret', () => {
    for (const text of [
      `["\\\\u0063${token.slice(1)}"]`,
      '["\\u00e9\\n\\\\u0063"]',
      '["\\\\\\u0063"]',
      '["\\u00"]',
      '\\',
    ]) {
      equal(masked(text), text);
    }
  });

  it('masks headers, and returns the same object if there is nothing to mask', () => {
    const plain = answer('{"name":"\\u0041"}', { headers: { 'cf-ray': 'ray' } });
    equal(withoutSecret(plain, credential), plain);
    const inHeader = withoutSecret(answer('{}', { headers: { 'cf-ray': `x${token}` } }), credential);
    equal(inHeader.headers.get('cf-ray'), 'x[secret]');
  });

  it('leaves the secret in no parsed string, whichever characters are escaped, and keeps valid JSON', async () => {
    const secretUnit = fc.constantFrom(...Array.from('abfnrtu019_/"\\'));
    const secrets = fc.array(secretUnit, { minLength: 6, maxLength: 12 }).map((units) => units.join(''));
    const form = (text: string) =>
      fc.tuple(...Array.from(text, (c) => fc.constantFrom(escape(c), escape(c, true), JSON.stringify(c).slice(1, -1))));
    const noise = fc.string({ unit: fc.constantFrom(...Array.from('abfnrtu019_/"\\\n\u0000é')) });
    const texts = secrets.chain((secret) =>
      fc.tuple(form(secret), fc.array(noise, { minLength: 2, maxLength: 2 })).map(([units, around]) => {
        const [before = '', after = ''] = around.map((text) => JSON.stringify(text).slice(1, -1));
        return { secret, text: `{"a":["${before}${units.join('')}${after}"]}` };
      }),
    );
    await holds(
      fc.property(texts, ({ secret, text }) => {
        const left = stringsIn(JSON.parse(masked(text, secret)));
        deepEqual(
          left.filter((string) => string.includes(secret)),
          [],
        );
        ok(left.some((string) => string.includes('[secret]')));
      }),
    );
  }).timeout(patienceMs);

  it('leaves all other JSON unchanged', async () => {
    const escapes = fc.string({ unit: fc.constantFrom(...Array.from('cfut_\\u0063"é\n')) });
    await holds(
      fc.property(fc.array(escapes), fc.boolean(), (strings, isEscaped) => {
        const text = isEscaped
          ? `["\\u0000",${strings.map((string) => `"${escaped(string)}"`).join() || 'null'}]`
          : JSON.stringify(strings);
        equal(masked(text), text);
      }),
    );
  }).timeout(patienceMs);

  it('is fast on long texts that would make a regular expression slow', () => {
    const size = 4_000_000;
    for (const unit of [
      '\\',
      '\\u0063',
      '\\u00',
      `${token.slice(0, -1)}!`,
      `${escaped(token.slice(0, -1))}!`,
      '\\\\u0063',
      '"\\u0063',
    ]) {
      const text = unit.repeat(size / unit.length);
      equal(masked(text).length, text.length);
    }
  });
});
