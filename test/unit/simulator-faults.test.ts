import { deepEqual, equal, notEqual, ok, rejects, throws } from 'node:assert/strict';
import { once } from 'node:events';
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { startSimulator, type Fault, type Simulator } from '../simulator/simulator.mts';
import { until } from '../support/until.mts';

interface Seen {
  status: number;
  headers: NodeJS.Dict<string | string[]>;
  /** The bytes of the body as they came, up to `maxBytes`. */
  body: Buffer;
  /** Whether the body ended by itself. */
  isComplete: boolean;
}

describe("the simulator's faults", () => {
  let simulator: Simulator;
  let token: string;

  beforeEach(async () => {
    simulator = await startSimulator();
    token = simulator.issueToken();
  });
  afterEach(() => simulator.close());

  /** On a connection of its own. */
  function request(query = ''): ClientRequest {
    const headers = { authorization: `Bearer ${token}` };
    return httpRequest(`${simulator.baseUrl}/accounts${query}`, { agent: false, headers }).end();
  }

  /** A plain client; it hangs up after `maxBytes`. */
  async function get({ query = '', maxBytes = Infinity, onHeaders = (): void => undefined } = {}): Promise<Seen> {
    const outgoing = request(query);
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    // A reset is told to the request as well as to the response, where it is caught below.
    outgoing.on('error', () => undefined);
    onHeaders();

    const chunks: Buffer[] = [];
    let length = 0;
    try {
      for await (const chunk of response as AsyncIterable<Buffer>) {
        chunks.push(chunk);
        length += chunk.length;
        if (length >= maxBytes) {
          break;
        }
      }
    } catch {
      // Cut off: `complete` says so.
    }
    const { statusCode: status = 0, headers, complete: isComplete } = response;
    outgoing.destroy();
    return { status, headers, body: Buffer.concat(chunks), isComplete };
  }

  async function seen(effect: Fault['effect'], options?: Parameters<typeof get>[0]): Promise<Seen> {
    simulator.faults.add({ effect });
    return get(options);
  }

  /** What has come of an answer when another one, asked for after its begin, is there as a whole. */
  async function soFar(effect: Fault['effect'], begins: (begun: { status: number; bytes: number }) => boolean) {
    simulator.faults.add({ effect, when: { times: 1 } });
    const begun = { status: 0, bytes: 0, hasEnded: false };
    const outgoing = request();
    outgoing.on('error', () => undefined);
    outgoing.on('response', (response: IncomingMessage) => {
      begun.status = response.statusCode ?? 0;
      response.on('data', (chunk: Buffer) => (begun.bytes += chunk.length));
      response.on('close', () => (begun.hasEnded = true)).on('error', () => undefined);
    });
    await until('the begin of the answer', () => simulator.requests.length > 0 && begins(begun));
    ok((await get()).isComplete);
    const seenSoFar = { ...begun };
    outgoing.destroy();
    return seenSoFar;
  }

  async function json(effect: Fault['effect'], query = ''): Promise<Record<string, unknown>> {
    const { body } = await seen(effect, { query });
    return JSON.parse(body.toString()) as Record<string, unknown>;
  }

  it('strike the requests they are meant for', async () => {
    const broken = { kind: 'fixed', status: 503 } as const;
    const remove = simulator.faults.add({ when: { page: 2, path: /accounts$/ }, effect: broken });
    deepEqual([(await get()).status, (await get({ query: '?page=2' })).status], [200, 503]);
    remove();
    equal((await get({ query: '?page=2' })).status, 200);

    simulator.faults.add({ when: { query: { name: 'x' }, path: '/accounts' }, effect: broken });
    deepEqual([(await get({ query: '?name=y' })).status, (await get({ query: '?name=x' })).status], [200, 503]);
    simulator.faults.clear();
    equal((await get({ query: '?name=x' })).status, 200);
  });

  it('begin after some requests and end after some', async () => {
    simulator.faults.add({ when: { after: 1, times: 2 }, effect: { kind: 'fixed', status: 503 } });
    const statuses = [];
    for (let request = 0; request < 4; request += 1) {
      statuses.push((await get()).status);
    }
    deepEqual(statuses, [200, 503, 503, 200]);
  });

  it('act one after the other', async () => {
    simulator.faults.add({ effect: { kind: 'resultNull' } });
    simulator.faults.add({ effect: { kind: 'byteOrderMark' } });
    const { body } = await get();
    equal(body.subarray(0, 3).toString('hex'), 'efbbbf');
    equal((JSON.parse(body.toString().slice(1)) as { result: unknown }).result, null);
  });

  describe('of the connection', () => {
    it('reset before headers', () => rejects(seen({ kind: 'resetBeforeHeaders' }), { code: 'ECONNRESET' }));
    it('hang', async () => {
      deepEqual(await soFar({ kind: 'hang' }, () => true), { status: 0, bytes: 0, hasEnded: false });
    });

    it('reset in the body', async () => {
      const { promise, resolve } = Promise.withResolvers();
      const effect = { kind: 'resetInBody', arrival: () => promise } as const;
      const { status, body, headers, isComplete } = await seen(effect, { onHeaders: () => resolve(undefined) });
      deepEqual([status, isComplete], [200, false]);
      ok(body.length < Number(headers['content-length']));
    });

    it('hang in the body', async () => {
      const { status, hasEnded } = await soFar({ kind: 'hangInBody' }, ({ bytes }) => bytes > 0);
      deepEqual([status, hasEnded], [200, false]);
    });

    it('an endless body, dripping or pouring', async () => {
      equal((await seen({ kind: 'endlessDrip', everyMs: 1 }, { maxBytes: 60 })).isComplete, false);
      simulator.faults.clear();
      const { body } = await seen({ kind: 'endlessBody' }, { maxBytes: 3_000_000 });
      ok(body.length >= 3_000_000);
    });

    it('a delay', async () => {
      equal((await soFar({ kind: 'delay', delayMs: 3_600_000 }, () => true)).status, 0);
      equal((await seen({ kind: 'delay', delayMs: 5 })).status, 200);
    });

    it('a gzip bomb', async () => {
      const { body, headers } = await seen({ kind: 'gzipBomb', mebibytes: 16 });
      equal(headers['content-encoding'], 'gzip');
      ok(body.length < 100_000);

      const response = await fetch(`${simulator.baseUrl}/accounts`);
      let length = 0;
      for await (const chunk of response.body ?? []) {
        length += (chunk as Uint8Array).length;
      }
      equal(length, 16 * 1024 * 1024);
    });
  });

  describe('of the answer', () => {
    it('a page of the edge, with any status', async () => {
      for (const status of [502, 520, 200]) {
        simulator.faults.clear();
        const answer = await seen({ kind: 'htmlPage', status });
        deepEqual([answer.status, answer.headers['content-type']], [status, 'text/html; charset=UTF-8']);
        ok(answer.headers['cf-ray']);
      }
    });

    it('a redirect', async () => {
      const { status, headers } = await seen({ kind: 'redirect', status: 307, location: 'http://127.0.0.1:9/' });
      deepEqual([status, headers.location], [307, 'http://127.0.0.1:9/']);
    });

    it('429, with Retry-After in seconds, as a date or not at all', async () => {
      const retryAfters = [];
      for (const retryAfter of [7, new Date(0), undefined]) {
        simulator.faults.clear();
        const answer = await seen({ kind: 'tooManyRequests', ...(retryAfter === undefined ? {} : { retryAfter }) });
        equal(answer.status, 429);
        retryAfters.push(answer.headers['retry-after']);
      }
      deepEqual(retryAfters, ['7', 'Thu, 01 Jan 1970 00:00:00 GMT', undefined]);
    });

    it('JSON that ends early, and none at all', async () => {
      const { body, isComplete } = await seen({ kind: 'truncatedJson' });
      ok(isComplete);
      throws(() => JSON.parse(body.toString()) as unknown, SyntaxError);
      simulator.faults.clear();
      equal((await seen({ kind: 'notJson' })).body.toString(), 'upstream connect error');
    });

    it('no success though the status is 200', async () => {
      const answer = await json({ kind: 'unsuccessful', code: 1234, message: 'no' });
      deepEqual([answer.success, answer.errors], [false, [{ code: 1234, message: 'no' }]]);
    });

    it('a result of the wrong type, or nested deep', async () => {
      deepEqual((await json({ kind: 'resultOfWrongType' })).result, { id: 'not a list' });
      const { body } = await seen({ kind: 'nested', depth: 50_000 });
      ok(body.length > 100_000);
    });

    it('the same page for ever', async () => {
      const effect = { kind: 'repeatPage', page: 2 } as const;
      const second = await json(effect, '?per_page=1&page=2');
      const ninth = await json(effect, '?per_page=1&page=9');
      deepEqual(ninth.result, second.result);
      equal((ninth.result_info as { page: number }).page, 9);
      notEqual(JSON.stringify((await json(effect, '?per_page=1')).result), JSON.stringify(second.result));
    });

    it('other headers, and less of them', async () => {
      const { headers } = await seen({ kind: 'headers', headers: { Ratelimit: 'nonsense', 'cf-ray': null } });
      deepEqual([headers.ratelimit, headers['cf-ray']], ['nonsense', undefined]);
    });

    it('a body rewritten as JSON or as text', async () => {
      deepEqual(await json({ kind: 'rewriteJson', rewrite: () => ({ a: 1 }) }), { a: 1 });
      simulator.faults.clear();
      const { body } = await seen({ kind: 'rewriteText', rewrite: (text) => text.toUpperCase() });
      ok(body.toString().startsWith('{"SUCCESS":TRUE'));
    });
  });

  it('leave no socket behind when the simulator closes', async () => {
    simulator.faults.add({ effect: { kind: 'hang' } });
    const waiting = rejects(get());
    await until('a socket', () => simulator.openSockets > 0);
    await simulator.close();
    await waiting;
    equal(simulator.openSockets, 0);
    await simulator.close();
  });
});
