import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as v from 'valibot';
import { openEnvelope, readPage } from '../../../src/cloudflare/envelope';
import { CloudflareError } from '../../../src/cloudflare/errors';
import { JsonLimitError, scanEnvelope } from '../../../src/cloudflare/json';
import type { ListPage } from '../../../src/cloudflare/pages';
import {
  account,
  identityProvider,
  resultInfo,
  type ScimUser,
  scimUser,
  tokenStatus,
} from '../../../src/cloudflare/schemas';
import { answer } from '../../support/fakes';
import { holds, patienceMs } from '../../support/properties';

const json = fc.jsonValue({ maxDepth: 6, noUnicodeString: false });
const keys = fc.constantFrom('__proto__', 'constructor', 'result', 'success', 'id', 'emails', 'toString');
const object = fc.dictionary(fc.oneof(keys, fc.string({ maxLength: 3 })), json, { maxKeys: 4 });
const space = fc.constantFrom(undefined, 1, '\t', '\n', ' \r\n');
const status = fc.oneof(fc.constantFrom(200, 400, 401, 403, 404, 429, 500, 520), fc.integer({ min: 200, max: 599 }));

/** Texts of JSON tokens, most of them malformed. */
const jsonLike = fc
  .array(
    fc.constantFrom(
      ...Array.from('{}[]",:\\u0"aΩ\ud83d \n'),
      '"result"',
      '"success":true',
      'null',
      '1e9',
      '\\"',
      '\\\\',
    ),
    {
      maxLength: 60,
    },
  )
  .map((parts) => parts.join(''));

/** Envelopes with any content, and with members before and after `result`. */
const envelope = fc
  .record({ before: object, result: fc.array(fc.oneof(object, json), { maxLength: 8 }), behind: object, space })
  .map(({ before, result, behind, space: indent }) => {
    const rest = Object.entries(behind).filter(([name]) => name !== 'result');
    return {
      text: JSON.stringify({ ...before, result, ...Object.fromEntries(rest), success: true }, undefined, indent),
      result,
    };
  });

/** An envelope with a part removed, inserted or repeated. */
const damaged = fc
  .tuple(
    envelope,
    fc.nat(),
    fc.nat({ max: 20 }),
    fc.oneof(fc.constantFrom('', '"', '{', ']', '\\', ',', '\0'), fc.string()),
  )
  .map(([{ text }, at, length, put]) => {
    const start = at % (text.length + 1);
    return text.slice(0, start) + put + text.slice(start + length);
  });

describe('The decoders, for any input,', () => {
  it('find each element of the result that JSON.parse finds', () =>
    holds(
      fc.property(envelope, ({ text }) => {
        const parsed = JSON.parse(text) as { result: unknown[] };
        const spans = scanEnvelope(text);
        assert.deepEqual(
          spans.map((span) => JSON.parse(text.slice(...span)) as unknown),
          parsed.result,
        );
      }),
    )).timeout(patienceMs);

  it('return positions in order and inside the text, or throw that it is too deep', () =>
    holds(
      fc.property(fc.oneof(jsonLike, damaged, fc.string({ unit: 'binary' })), (text) => {
        try {
          let last = 0;
          for (const [start, end] of scanEnvelope(text)) {
            assert.ok(last <= start && start <= end && end <= text.length, `${last} ${start} ${end}`);
            last = end;
          }
        } catch (error) {
          assert.ok(error instanceof JsonLimitError, String(error));
        }
      }),
    )).timeout(patienceMs);

  it('throw from 65 levels on, and only then', () =>
    holds(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.constantFrom('[', '{"a":'), (depth, open) => {
        const text = open.repeat(depth) + '1' + (open === '[' ? ']' : '}').repeat(depth);
        const isTooDeep = ((): boolean => {
          try {
            scanEnvelope(text);
            return false;
          } catch {
            return true;
          }
        })();
        assert.equal(isTooDeep, depth > 64);
      }),
    )).timeout(patienceMs);

  it('throw only errors with endpoint, status and ray', () =>
    holds(
      fc.property(
        fc.oneof(
          jsonLike,
          damaged,
          fc.string(),
          json.map((value) => JSON.stringify(value)),
        ),
        status,
        (text, code) => {
          const given = answer(text, { status: code, headers: { 'cf-ray': 'a-LIS' } });
          for (const read of [openEnvelope, (...as: [typeof given, string]) => readPage(...as, 1, scimUser)]) {
            try {
              read(given, 'GET /x');
              assert.ok(code < 400);
            } catch (error) {
              assert.ok(error instanceof CloudflareError, String(error));
              assert.deepEqual(
                [error.failure.endpoint, error.failure.status, error.failure.ray],
                ['GET /x', code, 'a-LIS'],
              );
            }
          }
        },
      ),
    )).timeout(patienceMs);

  it('read a page from any list, each element with its own raw JSON', () =>
    holds(
      fc.property(envelope, ({ text }) => {
        const { result } = JSON.parse(text) as { result: unknown[] };
        const page: ListPage<ScimUser> = readPage(answer(text), 'GET /x', 1, scimUser);
        assert.equal(page.items.length, result.length);
        result.forEach((element, i) => assert.deepEqual(JSON.parse(page.rawText(i)), element));
        assert.equal(page.rawText(result.length), '');
      }),
    )).timeout(patienceMs);

  it('decode any value to an object of the declared type', () =>
    holds(
      fc.property(fc.oneof(object, json), (value) => {
        const user = v.parse(scimUser, value);
        for (const text of [user.id, user.externalId, user.displayName, ...user.emails.map((email) => email.value)]) {
          assert.ok(text === undefined || (typeof text === 'string' && text !== ''));
        }
        assert.ok(['boolean', 'undefined'].includes(typeof user.active));
        assert.ok(Array.isArray(user.emails) && Array.isArray(user.schemas));
        assert.equal(typeof user.meta, 'object');
        v.parse(account, value);
        v.parse(resultInfo, value);
        assert.equal(typeof v.parse(identityProvider, value).scim_config, 'object');
        assert.equal('config' in v.parse(identityProvider, value), false);
        v.safeParse(tokenStatus, value);
        assert.equal(Object.keys(Object.prototype).length, 0);
      }),
    )).timeout(patienceMs);
});
