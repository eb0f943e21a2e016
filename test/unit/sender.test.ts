import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { InvalidBaseUrlError, parseBaseUrl } from '../../src/cloudflare/baseUrl';
import { CloudflareError } from '../../src/cloudflare/errors';
import type { ApiRequest, Exchange, SendOptions } from '../../src/cloudflare/request';
import type { Sender } from '../../src/cloudflare/sender';
import { baseUrl, credential, FakeFetch, settled } from '../support/fakes';

function request(path: string, origin = new URL(baseUrl).origin): ApiRequest {
  return { endpoint: `GET ${path}`, path, query: new URLSearchParams(), authorization: { credential, origin } };
}

/** A fetch whose responses come when the test calls the function in `answers`. */
function waiting() {
  const answers: (() => void)[] = [];
  const fake = new FakeFetch(async () => {
    const { promise, resolve } = Promise.withResolvers();
    answers.push(() => resolve(undefined));
    await promise;
    return new Response('{}');
  });
  return { fake, answers };
}

function send(sender: Sender, path: string, options?: SendOptions): Promise<unknown> {
  return sender.send(request(path), options);
}

describe('Sender', () => {
  it('sends at most eight requests at a time, and the next one when one has ended', async () => {
    const { fake, answers } = waiting();
    const sender = fake.sender();
    const all = Array.from({ length: 20 }, (_, i) => send(sender, `/${i}`));
    await settled();
    equal(fake.requests.length, 8);
    answers[3]?.();
    await settled();
    equal(fake.requests.length, 9);
    while (fake.requests.length < 20 || answers.length > 0) {
      answers.splice(0).forEach((answer) => answer());
      await settled();
    }
    await Promise.all(all);
    equal(fake.mostInFlight, 8);
  });

  it('sends interactive requests before bulk ones', async () => {
    const { fake, answers } = waiting();
    const sender = fake.sender();
    const all = Array.from({ length: 8 }, (_, i) => send(sender, `/running/${i}`, { priority: 'bulk' }));
    all.push(send(sender, '/bulk/1', { priority: 'bulk' }), send(sender, '/bulk/2', { priority: 'bulk' }));
    all.push(send(sender, '/interactive/1'), send(sender, '/interactive/2', { priority: 'interactive' }));
    for (let i = 0; i < 12; i++) {
      await settled();
      answers[i]?.();
    }
    await Promise.all(all);
    deepEqual(fake.asked.slice(8), ['/interactive/1', '/interactive/2', '/bulk/1', '/bulk/2']);
  });

  it('never sends a queued request that was aborted, and rejects it at once', async () => {
    const { fake, answers } = waiting();
    const sender = fake.sender();
    const running = Array.from({ length: 8 }, (_, i) => send(sender, `/${i}`));
    const abort = new AbortController();
    const reason = new Error('closed');
    const queued = send(sender, '/aborted', { signal: abort.signal });
    const next = send(sender, '/next');
    await settled();
    abort.abort(reason);
    await rejects(queued, (error) => error === reason);
    await settled();
    equal(fake.requests.length, 8);
    for (let i = 0; i < 9; i++) {
      answers[i]?.();
      await settled();
    }
    await Promise.all([...running, next]);
    ok(!fake.asked.includes('/aborted'));
    ok(fake.asked.includes('/next'));
  });

  it('sends nothing for a signal that is already aborted', async () => {
    const fake = new FakeFetch(() => new Response('{}'));
    const reason = new Error('closed');
    await rejects(send(fake.sender(), '/x', { signal: AbortSignal.abort(reason) }), (error) => error === reason);
    deepEqual(fake.asked, []);
  });

  it('aborts a request in flight with the reason of its signal, and sends the next one in its place', async () => {
    const { fake, answers } = waiting();
    const sender = fake.sender();
    const abort = new AbortController();
    const reason = new Error('closed');
    const aborted = send(sender, '/aborted', { signal: abort.signal });
    const others = Array.from({ length: 8 }, (_, i) => send(sender, `/${i}`));
    await settled();
    equal(fake.requests.length, 8);
    abort.abort(reason);
    await rejects(aborted, (error) => error === reason);
    await settled();
    equal(fake.requests.length, 9);
    ok(fake.requests[0]?.signal.aborted);
    answers.forEach((answer) => answer());
    await Promise.all(others);
  });

  it('removes its listeners from a signal that is not aborted', async () => {
    const fake = new FakeFetch(() => new Response('{}'));
    const sender = fake.sender();
    const { signal } = new AbortController();
    await Promise.all(Array.from({ length: 30 }, (_, i) => send(sender, `/${i}`, { signal })));
    equal(getEventListeners(signal, 'abort').length, 0);
  });

  it('still sends requests after failures', async () => {
    const fake = new FakeFetch(() => Promise.reject(new Error('reset')));
    const sender = fake.sender();
    await Promise.all(Array.from({ length: 20 }, (_, i) => rejects(send(sender, `/${i}`), CloudflareError)));
    fake.respond = () => new Response('{}');
    await send(sender, '/x');
  });

  it('keeps the path of the base URL', async () => {
    const fake = new FakeFetch(() => new Response('{}'));
    for (const base of [
      'https://api.test',
      'https://api.test/',
      'https://api.test/a%2Fb/v4',
      'https://api.test/a/v4/',
    ]) {
      await fake.sender(() => parseBaseUrl(base)).send(request('/accounts'));
    }
    deepEqual(
      fake.requests.map(({ url }) => url.href),
      ['', '', '/a%2Fb/v4', '/a/v4'].map((path) => `https://api.test${path}/accounts`),
    );
  });

  it('sends a credential only to the origin that it was verified against', async () => {
    const others = [
      'https://evil.test',
      'http://127.0.0.1',
      'https://api.test:8443',
      'https://api.test.evil.test',
      'https://sub.api.test',
    ];
    for (const base of others) {
      const fake = new FakeFetch(() => new Response('{}'));
      await rejects(
        fake.sender(() => parseBaseUrl(base)).send(request('/x')),
        (error) =>
          error instanceof CloudflareError && error.reason === 'otherOrigin' && error.failure.endpoint === 'GET /x',
      );
      deepEqual(fake.asked, []);
    }
  });

  it('checks the base URL when a request is sent, not only when it is queued', async () => {
    const { fake, answers } = waiting();
    let base = baseUrl;
    const sender = fake.sender(() => parseBaseUrl(base));
    const running = Array.from({ length: 8 }, (_, i) => send(sender, `/${i}`));
    const queued = send(sender, '/queued');
    await settled();
    base = 'https://evil.test';
    answers.forEach((answer) => answer());
    await Promise.all(running);
    await rejects(queued, (error) => error instanceof CloudflareError && error.reason === 'otherOrigin');
    ok(fake.requests.every(({ url }) => url.host === 'api.test'));
  });

  it('does not share a request between credentials with different origins', async () => {
    const { fake, answers } = waiting();
    let base = baseUrl;
    const sender = fake.sender(() => parseBaseUrl(base));
    const running = Array.from({ length: 8 }, (_, i) => send(sender, `/${i}`));
    const before = rejects(
      send(sender, '/same'),
      (error) => error instanceof CloudflareError && error.reason === 'otherOrigin',
    );
    await settled();
    base = 'https://other.test/client/v4';
    const after = sender.send(request('/same', 'https://other.test'));
    await settled();
    for (let i = 0; i < 10; i++) {
      answers[i]?.();
      await settled();
    }
    await Promise.all([before, after, ...running]);
    equal(fake.requests.at(-1)?.url.href, 'https://other.test/client/v4/same');
  });

  it('takes nothing from the rate limit for a request that was not sent', async () => {
    const fake = new FakeFetch(() => new Response('{}'));
    let base = 'https://evil.test';
    const sender = fake.sender(() => parseBaseUrl(base));
    await Promise.allSettled(Array.from({ length: 50 }, (_, i) => send(sender, `/${i}`)));
    base = baseUrl;
    const { authorization } = request('/x');
    await send(sender, '/x');
    deepEqual(fake.asked, ['/x']);
    equal(sender.bulkDuration(authorization, 1079).waitMs, 0);
    ok(sender.bulkDuration(authorization, 1080).waitMs > 0);
  });

  describe('emits', () => {
    const told = (sender: Sender) => {
      const lines: Exchange[] = [];
      sender.events.on('exchange', (exchange) => lines.push(exchange));
      return lines;
    };

    it('the exchange of an aborted request', async () => {
      const { fake } = waiting();
      const sender = fake.sender();
      const lines = told(sender);
      const abort = new AbortController();
      const asked = send(sender, '/x', { signal: abort.signal });
      await settled();
      abort.abort(new Error('closed'));
      await rejects(asked, /closed/);
      await settled();
      deepEqual(
        lines.map(({ endpoint, outcome }) => [endpoint, outcome]),
        [['GET /x', 'cancelled']],
      );
    });

    it('status, ray and bytes of a response that broke off', async () => {
      const broken = new FakeFetch(() => {
        let isFirst = true;
        const stream = new ReadableStream({
          pull(controller) {
            if (isFirst) {
              controller.enqueue(new Uint8Array(7));
              isFirst = false;
            } else {
              controller.error(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
            }
          },
        });
        return new Response(stream, { headers: { 'cf-ray': '8f-FRA' } });
      });
      const sender = broken.sender();
      const lines = told(sender);
      await rejects(send(sender, '/x'), CloudflareError);
      deepEqual(
        lines.map(({ outcome, bytes, ray }) => [outcome, bytes, ray]),
        [['ECONNRESET (status 200)', 7, '8f-FRA']],
      );
    });

    it('the smallest number of remaining requests of several limits', async () => {
      const headers = { ratelimit: '"default";r=900;t=9, "burst";r=12;t=3', 'cf-ray': '8f-FRA' };
      const fake = new FakeFetch(() => new Response('{}', { headers }));
      const sender = fake.sender();
      const lines = told(sender);
      await send(sender, '/x');
      deepEqual(
        lines.map(({ outcome, bytes, ray, remaining }) => [outcome, bytes, ray, remaining]),
        [['200', 2, '8f-FRA', 12]],
      );
    });
  });

  it('throws for an invalid base URL', async () => {
    const fake = new FakeFetch(() => new Response('{}'));
    await rejects(fake.sender(() => parseBaseUrl('http://evil.test')).send(request('/x')), InvalidBaseUrlError);
    deepEqual(fake.asked, []);
  });
});
