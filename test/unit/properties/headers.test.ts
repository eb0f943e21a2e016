import assert from 'node:assert/strict';
import fc from 'fast-check';
import { reportedLimits, retryAfterMs } from '../../../src/cloudflare/rateLimitHeaders';
import { RateLimits } from '../../../src/cloudflare/rateLimits';
import { holds, patienceMs } from '../../support/properties';
import { VirtualClock } from '../../support/virtualClock';

const oneDayMs = 86_400_000;

/** Header values, most of them close to a list of structured fields. */
const fieldLike = fc
  .array(
    fc.constantFrom(
      '"default"',
      '"burst"',
      ';',
      ',',
      ' ',
      '=',
      'r',
      't',
      'q',
      'w',
      '1',
      '0',
      '-',
      '.',
      '?1',
      '(',
      ')',
      ':eA==:',
      '"',
      '\\',
      '@',
      '*',
      '%"',
      'a',
      '999999999999999',
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));
const printable = fc.string({ unit: fc.integer({ min: 32, max: 126 }).map((code) => String.fromCharCode(code)) });
const text = fc.oneof(fieldLike, printable);

const amount = fc.integer({ min: 0, max: 999_999_999_999_999 });
const names = fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9 -]{0,8}$/), { maxLength: 4 });

const digits = fc.integer({ min: 1, max: 400 }).map((length) => '9'.repeat(length));

function dated(date: Date): string {
  return date.toUTCString();
}
const seconds = fc.integer({ min: 0, max: 4_000_000_000 });

describe('The rate-limit headers, whatever their values,', () => {
  it('never throw, and yield non-negative numbers or undefined', () =>
    holds(
      fc.property(text, text, (ratelimit, policy) => {
        const headers = new Headers({ ratelimit, 'ratelimit-policy': policy });
        for (const { name, ...amounts } of reportedLimits(headers)) {
          assert.equal(typeof name, 'string');
          for (const value of Object.values<number | undefined>(amounts)) {
            assert.ok(value === undefined || (Number.isFinite(value) && value >= 0), String(value));
          }
        }
      }),
    )).timeout(patienceMs);

  it('are parsed as they were written, and joined by name', () =>
    holds(
      fc.property(
        names,
        fc.array(fc.tuple(amount, amount, amount, amount), { minLength: 4, maxLength: 4 }),
        (all, numbers) => {
          const items = all.map((name, i) => ({ name, of: numbers[i] ?? [0, 0, 0, 0] }));
          const headers = new Headers({
            ratelimit: items.map(({ name, of: [r, t] }) => `"${name}";r=${r};t=${t}`).join(', '),
            'ratelimit-policy': items.map(({ name, of: [, , q, w] }) => `"${name}";q=${q};w=${w}`).join(','),
          });
          assert.deepEqual(
            reportedLimits(headers),
            items.map(({ name, of: [remaining, resetSeconds, quota, windowSeconds] }) => {
              return { name, remaining, resetSeconds, quota, windowSeconds };
            }),
          );
        },
      ),
    )).timeout(patienceMs);

  it('cause no wait of more than a day', () =>
    holds(
      fc.property(
        fc.array(fc.tuple(text, text, fc.constantFrom(200, 429), fc.option(amount)), { maxLength: 5 }),
        (answers) => {
          const rateLimits = new RateLimits(new VirtualClock(), () => 0.1);
          for (const [ratelimit, policy, status, blocked] of answers) {
            rateLimits.onSent();
            const headers = new Headers({ ratelimit, 'ratelimit-policy': policy });
            if (blocked !== null) {
              headers.set('retry-after', String(blocked));
            }
            rateLimits.onAnswered({ status, headers });
            for (const waitMs of [rateLimits.waitMs('interactive'), rateLimits.waitMs('bulk')]) {
              assert.ok(waitMs >= 0 && waitMs <= oneDayMs, `${waitMs} ms`);
            }
          }
        },
      ),
    )).timeout(patienceMs);
});

describe('Retry-After, whatever its value,', () => {
  it('yields milliseconds or undefined', () =>
    holds(
      fc.property(fc.oneof(text, digits, fc.date({ noInvalidDate: true }).map(dated)), text, (value, date) => {
        const waitMs = retryAfterMs(new Headers({ 'retry-after': value, date }), () => 0);
        assert.ok(waitMs === undefined || (waitMs >= 0 && Number.isFinite(waitMs)), String(waitMs));
      }),
    )).timeout(patienceMs);

  it('is read as seconds if it is a number', () =>
    holds(
      fc.property(seconds, fc.constantFrom('', ' '), (value, space) => {
        assert.equal(retryAfterMs(new Headers({ 'retry-after': `${space}${value}${space}` })), value * 1000);
      }),
    )).timeout(patienceMs);

  it('is measured from the Date header if it is a date, whatever the system time', () =>
    holds(
      fc.property(seconds, fc.integer({ min: -100_000, max: 100_000 }), fc.integer(), (sent, wait, wrong) => {
        const headers = new Headers({
          date: dated(new Date(sent * 1000)),
          'retry-after': dated(new Date((sent + wait) * 1000)),
        });
        assert.equal(
          retryAfterMs(headers, () => wrong),
          Math.max(0, wait * 1000),
        );
      }),
    )).timeout(patienceMs);

  it('is ignored if it is neither seconds nor a date', () =>
    holds(
      fc.property(fc.stringMatching(/^[-+.]?\d{0,6}[-+. ]\d{1,6}$/), (value) => {
        assert.equal(
          retryAfterMs(new Headers({ 'retry-after': value }), () => 0),
          /^\d+(\.\d+)?$/.test(value.trim()) ? Math.ceil(Number(value) * 1000) : undefined,
        );
      }),
    )).timeout(patienceMs);
});
