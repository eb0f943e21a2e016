import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { getEventListeners, once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { Agent } from 'undici';
import { systemClock } from '../../src/cloudflare/clock';
import { authorizationHeaders } from '../../src/cloudflare/credential';
import { CloudflareError, type FailureReason } from '../../src/cloudflare/errors';
import type { Answer } from '../../src/cloudflare/request';
import {
  defaultDeadlineMs,
  defaultHeadersDeadlineMs,
  type Fetch,
  Transport,
  type TransportOptions,
} from '../../src/cloudflare/transport';
import { rejection } from '../support/fakes';
import { VirtualClock } from '../support/virtualClock';

type Options = Partial<Pick<TransportOptions, 'clock' | 'maxBodyBytes'>>;

function because(reason: FailureReason, more: object = {}): (error: unknown) => boolean {
  return (error) => {
    ok(error instanceof CloudflareError, String(error));
    equal(error.reason, reason);
    deepEqual({ ...error.failure, ...more }, { ...error.failure });
    return true;
  };
}

describe('Transport over a socket', () => {
  let server: Server;
  let agent: Agent;
  let handle: RequestListener;
  let asked: string[];
  let connections: number;
  /** Called once the headers have arrived and the body is being read. */
  let onHeaders: () => void;

  beforeEach(async () => {
    asked = [];
    connections = 0;
    onHeaders = () => undefined;
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      handle(request, response);
    });
    // On a slow machine, too, a connection lasts from one request to the next.
    server.keepAliveTimeout = 600_000;
    server.on('connection', () => connections++);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    // With only one connection, a request that does not free it blocks the next one.
    agent = new Agent({ connections: 1, keepAliveMaxTimeout: 600_000 });
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await agent.destroy();
  });

  function address(path = '/'): URL {
    return new URL(path, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  }

  function get(
    options: Options = {},
    signal?: AbortSignal,
    headers: Record<string, string> = {},
    path = '/',
  ): Promise<Answer> {
    const fetch: Fetch = async (url, init) => {
      const response = await (globalThis.fetch as unknown as Fetch)(url, init);
      setImmediate(() => onHeaders());
      return response;
    };
    const transport = new Transport({ fetch, dispatcher: () => Promise.resolve(agent), ...options });
    return transport.get(address(path), headers, 'GET /x', signal);
  }

  it('returns status, headers and text of any response', async () => {
    handle = (_, response) => response.writeHead(404, { 'cf-ray': 'r' }).end('{"é":"😀"}');
    const { status, headers, text } = await get();
    deepEqual([status, headers.get('cf-ray'), text], [404, 'r', '{"é":"😀"}']);
  });

  it('sends the given headers, and Accept for JSON', async () => {
    const seen = Promise.withResolvers<Record<string, unknown>>();
    handle = ({ headers, method }, response) => {
      seen.resolve({ ...headers, method });
      response.end();
    };
    await get({}, undefined, authorizationHeaders({ scheme: 'key', email: 'a@example.com', key: 'K' }));
    const { accept, method, authorization, ...headers } = await seen.promise;
    deepEqual([accept, method, authorization], ['application/json', 'GET', undefined]);
    deepEqual([headers['x-auth-email'], headers['x-auth-key']], ['a@example.com', 'K']);
  });

  it('decodes characters that are split between chunks, and drops a byte order mark', async () => {
    handle = (_, response) => {
      const bytes = Buffer.from('\uFEFF"😀é"');
      void (async () => {
        for (const byte of bytes) {
          response.write(Buffer.of(byte));
          await new Promise(setImmediate);
        }
        response.end();
      })();
    };
    equal((await get()).text, '"😀é"');
  });

  it('reads a response without a body', async () => {
    handle = (_, response) => response.writeHead(204).end();
    equal((await get()).text, '');
  });

  it('throws timeout if no headers arrive before their deadline', async () => {
    const clock = new VirtualClock(() => asked.length === 0);
    handle = () => undefined;
    await rejects(clock.run(get({ clock })), because('timeout', { endpoint: 'GET /x' }));
    equal(clock.now(), defaultHeadersDeadlineMs);
  });

  it('throws timeout if the body does not end before its deadline', async () => {
    let isDripping = false;
    const clock = new VirtualClock(() => !isDripping);
    onHeaders = () => (isDripping = true);
    handle = (_, response) => {
      response.write('[');
      const drip = setInterval(() => response.write(' '), 1);
      response.on('close', () => clearInterval(drip));
    };
    await rejects(clock.run(get({ clock })), because('timeout', { status: 200 }));
    equal(clock.now(), defaultDeadlineMs);
  });

  it('rejects with the reason of a signal that is already aborted, and sends nothing', async () => {
    const reason = new Error('closed');
    await rejects(get({}, AbortSignal.abort(reason)), (error) => error === reason);
    deepEqual([asked, connections], [[], 0]);
  });

  it('rejects with the reason of a signal that is aborted before the headers arrive', async () => {
    const abort = new AbortController();
    const reason = new Error('closed');
    handle = () => abort.abort(reason);
    await rejects(get({}, abort.signal), (error) => error === reason);
  });

  it('rejects with the reason of a signal that is aborted during the body, and closes the connection', async () => {
    const abort = new AbortController();
    const reason = { not: 'an error' };
    const closed = Promise.withResolvers();
    handle = (_, response) => {
      response.write('[1');
      response.on('close', closed.resolve);
    };
    onHeaders = () => abort.abort(reason);
    await rejects(get({}, abort.signal), (error) => error === reason);
    await closed.promise;
  });

  for (const status of [301, 302, 303, 307, 308]) {
    it(`never follows a ${status}, with a token or with a key`, async () => {
      handle = (_, response) => response.writeHead(status, { Location: '/elsewhere', 'cf-ray': 'r' }).end('moved');
      const schemes: Record<string, string>[] = [
        { Authorization: 'Bearer T' },
        { 'X-Auth-Email': 'a@example.com', 'X-Auth-Key': 'K' },
      ];
      for (const headers of schemes) {
        await rejects(get({}, undefined, headers), because('redirect', { status, ray: 'r' }));
      }
      // There is one connection, so the order of requests is kept.
      handle = (_, response) => response.end();
      await get({}, undefined, {}, '/last');
      deepEqual(asked, ['/', '/', '/last']);
    });
  }

  it('throws tooLarge for a body that is too large, also for one that never ends', async () => {
    handle = (_, response) => response.end('x'.repeat(1001));
    await rejects(get({ maxBodyBytes: 1000 }), because('tooLarge', { status: 200 }));
    const closed = Promise.withResolvers();
    handle = (_, response) => {
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(1000)));
      };
      response.on('drain', more);
      response.on('close', closed.resolve);
      more();
    };
    await rejects(get({ maxBodyBytes: 10_000 }), because('tooLarge'));
    await closed.promise;
  });

  it('accepts a body of exactly the largest size', async () => {
    handle = (_, response) => response.end('é'.repeat(500));
    equal((await get({ maxBodyBytes: 1000 })).text.length, 500);
  });

  it('counts the bytes of a body after decompression', async () => {
    const bomb = gzipSync(Buffer.alloc(20_000_000));
    ok(bomb.length < 100_000);
    handle = (_, response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(bomb);
    await rejects(get({ maxBodyBytes: 1_000_000 }), because('tooLarge'));
  });

  it('reads a compressed body', async () => {
    handle = (_, response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync('{"a":1}'));
    equal((await get()).text, '{"a":1}');
  });

  it('leaves the connection free for the next request, however the last one ended', async () => {
    const large = 'x'.repeat(300_000);
    for (const status of [200, 400, 403, 429, 500, 503]) {
      handle = (_, response) => response.writeHead(status).end(large);
      for (let i = 0; i < 3; i++) {
        equal((await get()).text.length, large.length);
      }
    }
    equal(connections, 1);
    for (let i = 0; i < 3; i++) {
      handle = (_, response) => response.writeHead(302, { Location: '/' }).end(large);
      await rejects(get(), because('redirect'));
      handle = (_, response) => response.end(large);
      await rejects(get({ maxBodyBytes: 10 }), because('tooLarge'));
      const abort = new AbortController();
      handle = (_, response) => response.write('[');
      onHeaders = () => abort.abort();
      await rejects(get({}, abort.signal), { name: 'AbortError' });
      onHeaders = () => undefined;
    }
    handle = (_, response) => response.end('"last"');
    equal((await get()).text, '"last"');
  });

  it('throws network for a connection that is reset before or during the response', async () => {
    handle = (request) => request.socket.resetAndDestroy();
    await rejects(get(), because('network'));
    handle = (request, response) => {
      response.write('[1,');
      onHeaders = () => request.socket.resetAndDestroy();
    };
    await rejects(get(), (error) => {
      ok(because('network')(error));
      ok(error instanceof CloudflareError && error.failure.networkCode !== undefined);
      return true;
    });
  });

  it('throws network for a response that ends early', async () => {
    handle = (_, response) => {
      response.writeHead(200, { 'Content-Length': '100' });
      response.write('{"success":true}');
      onHeaders = () => response.destroy();
    };
    await rejects(get(), because('network'));
    handle = (_, response) => {
      response.write('{"success":true}');
      onHeaders = () => response.destroy();
    };
    await rejects(get(), because('network'));
  });

  it('throws network for a response that is no HTTP', async () => {
    const other = createTcpServer((socket) => socket.end('SSH-2.0-x\r\n'));
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const transport = new Transport({
      fetch: globalThis.fetch as unknown as Fetch,
      dispatcher: () => Promise.resolve(agent),
    });
    await rejects(transport.get(new URL(`http://127.0.0.1:${port}`), {}, 'GET /x', undefined), because('network'));
    other.close();
  });

  it('has the code of a refused connection', async () => {
    const url = address();
    server.close();
    const transport = new Transport({
      fetch: globalThis.fetch as unknown as Fetch,
      dispatcher: () => Promise.resolve(agent),
    });
    await rejects(
      transport.get(url, {}, 'GET /x', undefined),
      because('network', { networkCode: 'ECONNREFUSED', endpoint: 'GET /x' }),
    );
  });
});

describe('Transport over a fetch', () => {
  function transport(fetch: Fetch, options: Partial<TransportOptions> = {}): Transport {
    return new Transport({ fetch, dispatcher: () => Promise.resolve(undefined), ...options });
  }

  const url = new URL('https://api.test/x?a=b');
  const pending: Fetch = (_, { signal }) =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
  const broken: Fetch = () => Promise.reject(new TypeError('fetch failed'));
  const good: Fetch = () => Promise.resolve(new Response('{}'));
  const moved: Fetch = () => Promise.resolve(new Response('', { status: 302 }));

  it('passes a dispatcher only if there is one', async () => {
    const inits: object[] = [];
    const fetch: Fetch = (_, init) => {
      inits.push(init);
      return Promise.resolve(new Response('{}'));
    };
    const dispatcher = {};
    await transport(fetch).get(url, {}, 'GET /x', undefined);
    await transport(fetch, { dispatcher: () => Promise.resolve(dispatcher) }).get(url, {}, 'GET /x', undefined);
    deepEqual(
      inits.map((init) => 'dispatcher' in init && init.dispatcher === dispatcher),
      [false, true],
    );
    ok(inits.every((init) => 'redirect' in init && init.redirect === 'manual'));
  });

  it('throws redirect for a response of type opaqueredirect', async () => {
    const hidden = Object.defineProperty(new Response(null), 'type', { value: 'opaqueredirect' });
    await rejects(transport(() => Promise.resolve(hidden)).get(url, {}, 'GET /x', undefined), because('redirect'));
  });

  it('removes its listeners from the signal, however the request ends', async () => {
    const abort = new AbortController();
    const { signal } = abort;
    for (let i = 0; i < 20; i++) {
      await transport(good).get(url, {}, 'GET /x', signal);
      await rejects(transport(broken).get(url, {}, 'GET /x', signal), because('network'));
      await rejects(transport(moved).get(url, {}, 'GET /x', signal), because('redirect'));
    }
    const clock = new VirtualClock();
    await rejects(clock.run(transport(pending, { clock }).get(url, {}, 'GET /x', signal)), because('timeout'));
    equal(getEventListeners(signal, 'abort').length, 0);
    const last = transport(pending).get(url, {}, 'GET /x', signal);
    abort.abort(new Error('closed'));
    await rejects(last, /closed/);
    equal(getEventListeners(signal, 'abort').length, 0);
  });

  it('leaves no timer that would keep the process alive', async () => {
    const clock = new VirtualClock();
    const abort = new AbortController();
    const get = (fetch: Fetch, signal?: AbortSignal) => transport(fetch, { clock }).get(url, {}, 'GET /x', signal);
    await get(good);
    await rejects(get(broken));
    await rejects(get(moved));
    equal(clock.pending, 0);
    const last = get(pending, abort.signal);
    // One deadline for the headers, one for the whole response.
    equal(clock.pending, 2);
    abort.abort();
    await rejects(last);
    equal(clock.pending, 0);

    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    const cancel = systemClock.after(60_000, () => undefined);
    equal(timers(), before + 1);
    cancel();
    equal(timers(), before);
  });

  it('finds the code in the cause of an error', async () => {
    const inner = Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' });
    const fetch: Fetch = () =>
      Promise.reject(new TypeError('fetch failed', { cause: new Error('x', { cause: inner }) }));
    await rejects(transport(fetch).get(url, {}, 'GET /x', undefined), because('network', { networkCode: 'ENOTFOUND' }));
  });

  it('ends for an error that is its own cause, and for a value that is no error', async () => {
    const circular = new Error('x');
    circular.cause = circular;
    for (const thrown of [circular, 'text', null, undefined]) {
      await rejects(transport(() => rejection(thrown)).get(url, {}, 'GET /x', undefined), because('network'));
    }
  });

  it('throws network if the agent cannot be loaded', async () => {
    const dispatcher = () => Promise.reject(new Error('no such module'));
    await rejects(transport(good, { dispatcher }).get(url, {}, 'GET /x', undefined), because('network'));
  });

  it('has neither the URL nor headers in the message of an error', async () => {
    await rejects(
      transport(broken).get(new URL('https://api.test/secret-id'), { Authorization: 'Bearer T' }, 'GET /x', undefined),
      (error) => error instanceof CloudflareError && error.message === 'GET /x: network',
    );
  });
});
