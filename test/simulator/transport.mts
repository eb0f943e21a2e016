import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { Answer } from './envelope.mts';
import type { RecordedRequest } from './requests.mts';

/** One request and everything that can be done about it. */
export interface Exchange {
  readonly request: RecordedRequest;
  readonly response: ServerResponse;
  /** Whether the client takes gzip. */
  readonly acceptsGzip: boolean;
  /** What the simulator would answer to the same request with another query. */
  readonly answerFor: (query: URLSearchParams) => Answer;
  /** Waits, but not longer than the connection lasts. */
  readonly wait: (milliseconds: number) => Promise<void>;
}

/** Bodies up to this many bytes are not worth compressing. */
const smallBody = 1024;

/** Sends a whole answer, gzipped if it is large enough and the client takes it. */
export function send({ response, request, acceptsGzip }: Exchange, answer: Answer): void {
  const plain = Buffer.from(answer.body);
  const isCompressed = acceptsGzip && plain.length > smallBody && !('content-encoding' in answer.headers);
  // Level 1: a page is made and sent thousands of times in a run, and its size hardly matters on loopback.
  const body = isCompressed ? gzipSync(plain, { level: 1 }) : plain;

  const extra: Record<string, string> = isCompressed ? { 'content-encoding': 'gzip', vary: 'accept-encoding' } : {};
  writeHead({ response, request }, answer, { ...extra, 'content-length': String(body.length) });
  response.end(body);
}

/** The connection ends with a reset (RST), no byte sent. */
export function resetNow({ response }: Exchange): undefined {
  response.socket?.resetAndDestroy();
}

/** A part of the body is sent; once it has arrived the connection is reset. */
export async function resetInBody(
  exchange: Exchange,
  answer: Answer,
  part: number,
  arrival: () => Promise<unknown>,
): Promise<undefined> {
  const { response } = exchange;
  const body = Buffer.from(answer.body);

  writeHead(exchange, answer, { 'content-length': String(body.length) });
  response.write(body.subarray(0, Math.ceil(body.length * part)));
  // A reset throws away what the other side has received but not yet read.
  await arrival();
  response.socket?.resetAndDestroy();
  return undefined;
}

/** Nothing is sent; the socket stays open until the client or `close()` ends it. */
export function hang(): undefined {
  return undefined;
}

/** The whole answer, uncompressed, its body in equal pieces with a pause before each. */
export async function sendInPieces(
  exchange: Exchange,
  answer: Answer,
  pieces: number,
  everyMs: number,
): Promise<undefined> {
  const { response, wait } = exchange;
  const body = Buffer.from(answer.body);
  const size = Math.ceil(body.length / pieces);

  writeHead(exchange, answer, { 'content-length': String(body.length) });
  for (let start = 0; start < body.length; start += size) {
    await wait(everyMs);
    response.write(body.subarray(start, start + size));
  }
  response.end();
  return undefined;
}

export interface RawAnswer {
  readonly bytes: string | Uint8Array;
  /** What becomes of the connection behind them; default: it ends in order. */
  readonly then?: 'end' | 'reset' | 'stay';
  /** Milliseconds before that, so that the bytes arrive; default 0. */
  readonly afterMs?: number;
}

/** Bytes past everything that writes HTTP in order. */
export async function sendRaw(
  { response: { socket }, wait }: Exchange,
  { bytes, then = 'end', afterMs = 0 }: RawAnswer,
): Promise<undefined> {
  socket?.write(bytes);
  await wait(afterMs);
  if (then === 'end') {
    socket?.end();
  } else if (then === 'reset') {
    socket?.resetAndDestroy();
  }
  return undefined;
}

/** The begin of the answer, then a space every so often (never, without `everyMs`) until the socket closes. */
export function drip(exchange: Exchange, answer: Answer, everyMs: number | undefined): undefined {
  const { response } = exchange;
  writeHead(exchange, answer, {});
  response.write('{"success":true,"errors":[],"messages":[],"result":[');

  if (everyMs !== undefined) {
    const timer = setInterval(() => response.write(' '), everyMs);
    response.once('close', () => clearInterval(timer));
  }
}

/** Spaces as fast as the client reads them, until the socket closes. */
export function pour(exchange: Exchange, answer: Answer): undefined {
  const { response } = exchange;
  const spaces = Buffer.alloc(1 << 16, ' ');

  const more = () => {
    while (!response.destroyed && response.write(spaces)) {
      // Written at once; when the buffer is full the next piece waits for `drain`.
    }
  };
  writeHead(exchange, answer, {});
  response.write('{"success":true,"errors":[],"messages":[],"result":[');
  response.on('drain', more);
  more();
}

function writeHead(
  { response, request }: Pick<Exchange, 'response' | 'request'>,
  answer: Answer,
  extra: Record<string, string>,
): void {
  const headers = Object.entries({ ...extra, ...answer.headers }).filter(([, value]) => value !== '');
  response.writeHead(answer.status, Object.fromEntries(headers));
  request.status = answer.status;
}
