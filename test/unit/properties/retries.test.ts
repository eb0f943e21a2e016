import assert from 'node:assert/strict';
import fc from 'fast-check';
import { sleep } from '../../../src/cloudflare/clock';
import { CloudflareError } from '../../../src/cloudflare/errors';
import type { Answer } from '../../../src/cloudflare/request';
import { backoffMs, Retries } from '../../../src/cloudflare/retries';
import { Sender } from '../../../src/cloudflare/sender';
import type { Transport } from '../../../src/cloudflare/transport';
import { holds, patienceMs } from '../../support/properties';
import { VirtualClock } from '../../support/virtualClock';

const givenUp = new Error('Aborted');
const never = new AbortController().signal;
const authorization = { credential: { scheme: 'token', token: 'x' }, origin: 'https://api.test' } as const;
const outcome = fc.oneof(
  fc.constantFrom(200, 200, 404, 408, 500, 503, 'ECONNRESET', 'ECONNREFUSED', 'timeout'),
  fc.record({ status: fc.constantFrom(429, 503), retryAfter: fc.constantFrom('0', '3', '60', 'soon', '') }),
);
type Outcome = typeof outcome extends fc.Arbitrary<infer T> ? T : never;
const sending = fc.record({
  outcomes: fc.array(outcome, { minLength: 1, maxLength: 5 }),
  comesMs: fc.nat({ max: 2000 }),
  givenUpMs: fc.option(fc.nat({ max: 5000 }), { freq: 5 }),
});

/** Answers the attempts at each path with its outcomes in turn, and then always with the last one. */
function transportOf(
  clock: VirtualClock,
  script: readonly (readonly Outcome[])[],
  onSent: () => void,
): Pick<Transport, 'get'> {
  const attempts = new Map<string, number>();
  const get = async (url: URL, _headers: object, endpoint: string, signal: AbortSignal): Promise<Answer> => {
    onSent();
    const attempt = attempts.get(url.pathname) ?? 0;
    attempts.set(url.pathname, attempt + 1);
    const outcomes = script[Number(url.pathname.slice(1))] ?? [];
    const step = outcomes[Math.min(attempt, outcomes.length - 1)] ?? 200;
    await sleep(clock, 10, signal);
    if (typeof step === 'string') {
      const reason = step === 'timeout' ? 'timeout' : 'network';
      throw new CloudflareError({ reason, endpoint, ...(reason === 'network' && { networkCode: step }) });
    }
    const { status, retryAfter = '' } = typeof step === 'object' ? step : { status: step };
    const headers = new Headers(retryAfter === '' ? {} : { 'retry-after': retryAfter });
    return { status, headers, text: '{}', bytes: 2 };
  };
  return { get };
}

describe('Retries', () => {
  it('stay within 10 % and 10; every request ends with an answer, a CloudflareError or its abort, and leaves no timer', () =>
    holds(
      fc.asyncProperty(fc.array(sending, { maxLength: 30, size: 'max' }), async (sendings) => {
        const clock = new VirtualClock();
        let sent = 0;
        const transport = transportOf(
          clock,
          sendings.map(({ outcomes }) => outcomes),
          () => sent++,
        );
        const sender = new Sender(transport, () => new URL('https://api.test/'), { clock, random: () => 0.5 });
        const one = async ({ comesMs, givenUpMs }: (typeof sendings)[number], i: number) => {
          await sleep(clock, comesMs, undefined);
          const abort = new AbortController();
          const cancel = givenUpMs === null ? () => undefined : clock.after(givenUpMs, () => abort.abort(givenUp));
          const request = { endpoint: 'GET /x', path: `/${i}`, query: new URLSearchParams(), authorization };
          try {
            assert.ok((await sender.send(request, { signal: abort.signal })).status);
          } catch (error) {
            assert.ok(error === givenUp || error instanceof CloudflareError, String(error));
          }
          cancel();
        };
        await clock.run(Promise.all(sendings.map(one)));
        assert.ok(sent <= 1.1 * sendings.length + 10, `${sent} sent for ${sendings.length}`);
        await clock.move(0);
        assert.equal(clock.pending, 0, 'timers left');
      }),
    )).timeout(patienceMs);

  it('are limited by a token bucket of 10, refilled by a tenth of the requests that needed none, over any sequence', () =>
    holds(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 300, size: 'max' }), async (events) => {
        const retries = new Retries(new VirtualClock(), () => 0, 1);
        const answerWith = (status: number) => ({ answer: { status, headers: new Headers(), text: '{}', bytes: 2 } });
        // How far the retries are ahead of the refills; the worst part of the sequence counts.
        let ahead = 0;
        for (const isRetry of events) {
          let attempts = 0;
          await retries.run(() => Promise.resolve(answerWith(isRetry && attempts++ === 0 ? 503 : 200)), never);
          if (!isRetry) {
            ahead = Math.max(0, ahead - 0.1);
          } else {
            ahead += attempts - 1;
          }
          assert.ok(ahead <= 10 + 1e-9, `${ahead} ahead`);
        }
      }),
    )).timeout(patienceMs);

  it('come after a pause of random length, whose maximum doubles up to 8 seconds', () =>
    holds(
      fc.property(fc.nat({ max: 40 }), fc.double({ min: 0, max: 1, noNaN: true }), (retry, chance) => {
        const pause = backoffMs(retry, () => chance);
        assert.ok(pause >= 0 && pause <= Math.min(8000, 500 * 2 ** retry));
        assert.equal(
          backoffMs(retry, () => 1),
          Math.min(8000, 500 * 2 ** retry),
        );
      }),
    )).timeout(patienceMs);
});
