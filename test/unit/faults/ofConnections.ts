import type { UnderlyingSource } from 'node:stream/web';
import type { Fetch } from '../../../src/cloudflare/transport';
import { rejection } from '../../support/fakes';
import type { Gives, NamedFault, Surroundings } from './types';

/** An attempt, a repetition at once, and two after pauses of 1 and 2 seconds. */
const reset: Gives = { outcome: 'network', sent: 4, waitedMs: 3000 };
/** Four attempts with pauses of 0.5, 1 and 2 seconds. */
const unreachable: Gives = { outcome: 'network', sent: 4, waitedMs: 3500 };
/** The same, and four deadlines: 30 seconds for headers, 60 for the whole answer. */
const timeout: Gives = { outcome: 'timeout', sent: 4, waitedMs: 4 * 30_000 + 3500 };
const timeoutInBody: Gives = { outcome: 'timeout', sent: 4, waitedMs: 4 * 60_000 + 3500, status: 200 };

/** Told by `fetch`, as Node and VS Code word it. */
function failing(code: string, message = code): NamedFault['fetch'] {
  return () => () =>
    Promise.reject(new TypeError('fetch failed', { cause: Object.assign(new Error(message), { code }) }));
}

const refused = ({ nobody }: Surroundings, real: Fetch): Fetch => {
  return (url, init) => real(nobody + new URL(url).pathname, init);
};

function resetInBody(part: number): NamedFault['effect'] {
  return ({ arrival }) => ({ kind: 'resetInBody', part, arrival });
}

/** The right answer in so many pieces, each after a pause; what goes beyond it are spaces. */
function dripping(pieces: number, everyMs: number): NamedFault['fetch'] {
  return ({ pause }, real) =>
    async (url, init) => {
      const answer = await real(url, init);
      const bytes = Buffer.from(await answer.arrayBuffer());
      const size = Math.ceil(bytes.length / 6);
      let piece = 0;
      const source: UnderlyingSource<Uint8Array> = {
        async pull(controller) {
          await pause(everyMs, init.signal);
          const more = bytes.subarray(piece * size, ++piece * size);
          controller.enqueue(more.length > 0 ? more : Buffer.from(' '));
          if (piece === pieces) {
            controller.close();
          }
        },
      };
      return new Response(new ReadableStream(source, { highWaterMark: 0 }), answer);
    };
}

/** No answer comes, or only a part of one. */
export const connectionFaults: readonly NamedFault[] = [
  { name: 'connection refused', fetch: refused, gives: { ...unreachable, networkCode: 'ECONNREFUSED' } },
  { name: 'connection refused once', fetch: refused, times: 1, gives: { outcome: 'ok', sent: 2, waitedMs: 500 } },
  { name: 'DNS failure', fetch: failing('ENOTFOUND'), gives: { ...unreachable, networkCode: 'ENOTFOUND' } },
  { name: 'DNS out of order', fetch: failing('EAI_AGAIN'), gives: { ...unreachable, networkCode: 'EAI_AGAIN' } },
  { name: 'offline', fetch: failing('ENETUNREACH'), gives: { ...unreachable, networkCode: 'ENETUNREACH' } },
  {
    name: 'certificate of an unknown authority',
    fetch: failing('UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unable to verify the first certificate'),
    gives: { outcome: 'network', sent: 1, networkCode: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' },
  },
  {
    name: 'proxy that asks for a password',
    fetch: failing('UND_ERR_ABORTED', 'Proxy response (407) !== 200 when HTTP Tunneling'),
    gives: { outcome: 'network', sent: 1, networkCode: 'HTTP 407' },
  },
  {
    name: 'fetch that throws what is no error',
    fetch: () => () => rejection('broken'),
    gives: unreachable,
  },

  { name: 'reset before headers', effect: { kind: 'resetBeforeHeaders' }, gives: reset },
  {
    name: 'reset before headers once',
    effect: { kind: 'resetBeforeHeaders' },
    times: 1,
    gives: { outcome: 'ok', sent: 2, waitedMs: 0 },
  },
  { name: 'closed before headers', effect: { kind: 'raw', bytes: '' }, gives: reset },
  { name: 'closed within headers', effect: { kind: 'raw', bytes: 'HTTP/1.1 200 OK\r\nContent-Ty' }, gives: reset },
  {
    name: 'reset early in the body',
    effect: resetInBody(0.02),
    gives: { ...reset, status: 200 },
  },
  {
    name: 'reset late in the body',
    effect: resetInBody(0.99),
    gives: { ...reset, status: 200 },
  },
  {
    name: 'reset in the body once',
    effect: resetInBody(0.5),
    times: 1,
    gives: { outcome: 'ok', sent: 2, waitedMs: 0 },
  },
  {
    name: 'Content-Length larger than the body',
    effect: { kind: 'raw', bytes: raw('Content-Length: 500\r\n', '{"success":true,"result":[]}') },
    gives: { ...unreachable, status: 200 },
  },
  {
    name: 'chunks without the last one',
    effect: { kind: 'raw', bytes: raw('Transfer-Encoding: chunked\r\n', '5\r\n{"suc\r\n') },
    gives: { ...unreachable, status: 200 },
  },
  {
    name: 'a chunk size that is none',
    effect: { kind: 'raw', bytes: raw('Transfer-Encoding: chunked\r\n', '5\r\n{"suc\r\nZZ\r\nxx') },
    gives: { outcome: 'network', sent: 4, status: 200 },
  },

  { name: 'hang before headers', effect: { kind: 'hang' }, gives: timeout },
  { name: 'hang in the body', effect: { kind: 'hangInBody' }, gives: timeoutInBody },
  { name: 'slow drip over the deadline', fetch: dripping(Infinity, 9900), gives: timeoutInBody },
  {
    name: 'slow drip under the deadline',
    fetch: dripping(6, 9900),
    gives: { outcome: 'ok', sent: 1, waitedMs: 59_400 },
  },
  {
    name: 'headers that come late',
    fetch:
      ({ pause }, real) =>
      async (url, init) => {
        await pause(29_000, init.signal);
        return real(url, init);
      },
    gives: { outcome: 'ok', sent: 1, waitedMs: 29_000 },
  },
  {
    name: 'fetch that never settles and takes no signal',
    fetch:
      ({ pause }) =>
      (_, { signal }) => {
        pause(Infinity, signal).catch(() => undefined);
        return Promise.withResolvers<never>().promise;
      },
    gives: timeout,
  },
  {
    name: 'an agent that is never there',
    hasNoAgent: true,
    gives: { ...timeout, sent: 0 },
    at: { search: false },
  },
  {
    name: 'given up before headers',
    effect: { kind: 'hang' },
    isGivenUp: true,
    gives: { outcome: 'cancelled', sent: 1 },
  },
  {
    name: 'given up in the body',
    effect: { kind: 'endlessDrip', everyMs: 2 },
    isGivenUp: true,
    gives: { outcome: 'cancelled', sent: 1 },
  },
  {
    name: 'a computer that slept for eight hours',
    fetch:
      ({ clock }, real) =>
      (url, init) => {
        clock.leap(8 * 3_600_000);
        return real(url, init);
      },
    times: 1,
    gives: { outcome: 'ok', sent: 1 },
  },
];

/** An answer as it stands on the wire. */
export function raw(headers: string, body: string | Uint8Array, status = '200 OK'): Uint8Array {
  const head = `HTTP/1.1 ${status}\r\ncf-ray: 0123456789abcdef-LIS\r\nConnection: close\r\n${headers}\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(body)]);
}
