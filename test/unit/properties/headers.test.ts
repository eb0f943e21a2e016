import assert from 'node:assert/strict';
import fc from 'fast-check';
import { reportedLimits } from '../../../src/cloudflare/rateLimitHeaders';
import { retryAfterMs } from '../../../src/cloudflare/retryAfter';
import { RateBudget } from '../../../src/cloudflare/rateBudget';
import { holds, patienceMs } from '../../support/properties';
import { VirtualClock } from '../../support/virtualClock';

const oneDayMs = 86_400_000;

/** Texts that a header can carry, most of them nearly a list of structured fields. */
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

describe('The rate-limit headers, whatever they say,', () => {
  it('never throw, and give amounts or nothing', () =>
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

  it('are read as they were written, joined by name', () =>
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

  it('keep nobody waiting for more than a day', () =>
    holds(
      fc.property(
        fc.array(fc.tuple(text, text, fc.constantFrom(200, 429), fc.option(amount)), { maxLength: 5 }),
        (answers) => {
          const budget = new RateBudget(new VirtualClock(), () => 0.1);
          for (const [ratelimit, policy, status, blocked] of answers) {
            budget.onSent();
            const limits = reportedLimits(new Headers({ ratelimit, 'ratelimit-policy': policy }));
            budget.onAnswered({ status, limits, blockedForMs: blocked === null ? undefined : blocked * 1000 });
            for (const waitMs of [budget.waitMs('interactive'), budget.waitMs('bulk')]) {
              assert.ok(waitMs >= 0 && waitMs <= oneDayMs, `${waitMs} ms`);
            }
          }
        },
      ),
    )).timeout(patienceMs);
});

describe('Retry-After, whatever it says,', () => {
  it('gives milliseconds or nothing', () =>
    holds(
      fc.property(fc.oneof(text, digits, fc.date({ noInvalidDate: true }).map(dated)), text, (value, date) => {
        const waitMs = retryAfterMs(new Headers({ 'retry-after': value, date }), () => 0);
        assert.ok(waitMs === undefined || (waitMs >= 0 && Number.isFinite(waitMs)), String(waitMs));
      }),
    )).timeout(patienceMs);

  it('is taken at its word, in seconds', () =>
    holds(
      fc.property(seconds, fc.constantFrom('', ' '), (value, space) => {
        assert.equal(retryAfterMs(new Headers({ 'retry-after': `${space}${value}${space}` })), value * 1000);
      }),
    )).timeout(patienceMs);

  it('is measured from the Date of the answer where it is a date, whatever this machine thinks', () =>
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

  it('says nothing where it is neither whole seconds nor a date', () =>
    holds(
      fc.property(fc.stringMatching(/^[-+.]?\d{0,6}[-+. ]\d{1,6}$/), (value) => {
        assert.equal(
          retryAfterMs(new Headers({ 'retry-after': value }), () => 0),
          /^\d+$/.test(value.trim()) ? Number(value) * 1000 : undefined,
        );
      }),
    )).timeout(patienceMs);
});
