import { brotliCompressSync, gzipSync } from 'node:zlib';
import { raw } from './ofConnections';
import type { Effect, Gives, NamedFault } from './types';

const ok: Gives = { outcome: 'ok', sent: 1 };
const unreadable = { sent: 1, status: 200 } as const;
const tooLarge: Gives = { outcome: 'tooLarge', ...unreadable };
const notJson: Gives = { outcome: 'notJson', ...unreadable };
/** An answer that breaks HTTP itself. */
const broken: Gives = { outcome: 'network', sent: 4 };

const limit = 64 * 1024;

/** The right answer, blown up by spaces to some bytes. */
function padded(bytes: number): Effect {
  return { kind: 'rewriteText', rewrite: (text) => text + ' '.repeat(bytes - Buffer.byteLength(text)) };
}

function withHeaders(headers: Record<string, string | null>): Effect {
  return { kind: 'headers', headers };
}

/** The right answer's bytes, changed, under headers that fit or do not. */
function bytes(rewrite: (bytes: Buffer) => Uint8Array): Effect {
  return { kind: 'rewriteBytes', rewrite };
}

const emptyList = '{"success":true,"errors":[],"messages":[],"result":[]}';
const noUsers: NamedFault['at'] = { document: { outcome: 'noSuchUser' } };

/** The answer is carried in a way that is wrong, unusual or hostile. */
export const httpFaults: readonly NamedFault[] = [
  { name: 'endless body', effect: { kind: 'endlessBody' }, maxBodyBytes: limit, gives: tooLarge },
  { name: 'a body as big as is allowed', effect: padded(limit), maxBodyBytes: limit, gives: ok },
  { name: 'a body of a byte more', effect: padded(limit + 1), maxBodyBytes: limit, gives: tooLarge },
  { name: 'gzip bomb', effect: { kind: 'gzipBomb', mebibytes: 8 }, maxBodyBytes: 1 << 20, gives: tooLarge },
  {
    name: 'gzip by the header, but not in the body',
    effect: withHeaders({ 'content-encoding': 'gzip' }),
    gives: notJson,
  },
  {
    name: 'gzip that ends early',
    effect: {
      kind: 'fixed',
      status: 200,
      headers: { 'content-encoding': 'gzip' },
      body: gzipSync(emptyList).subarray(0, 30),
    },
    gives: notJson,
  },
  {
    name: 'gzip with a wrong checksum',
    effect: { kind: 'fixed', status: 200, headers: { 'content-encoding': 'gzip' }, body: spoiled(gzipSync(emptyList)) },
    gives: notJson,
  },
  {
    name: 'brotli',
    effect: { kind: 'fixed', status: 200, headers: { 'content-encoding': 'br' }, body: brotliCompressSync(emptyList) },
    gives: ok,
    at: noUsers,
  },
  {
    name: 'an encoding that nobody knows',
    effect: { kind: 'fixed', status: 200, headers: { 'content-encoding': 'x-secret' }, body: Buffer.from([1, 2, 3]) },
    gives: notJson,
  },
  {
    name: 'Content-Length smaller than the body',
    effect: { kind: 'raw', bytes: raw('Content-Length: 20\r\n', emptyList) },
    gives: notJson,
  },
  {
    name: 'no Content-Length, the body ends with the connection',
    effect: { kind: 'raw', bytes: raw('', emptyList) },
    gives: ok,
    at: noUsers,
  },
  { name: 'a status line that is none', effect: { kind: 'raw', bytes: 'HTTP/9.9 abc\r\n\r\n' }, gives: broken },
  { name: 'no HTTP at all', effect: { kind: 'raw', bytes: 'SSH-2.0-OpenSSH_9.6\r\n' }, gives: broken },
  {
    name: 'headers of 200 KB',
    effect: { kind: 'raw', bytes: raw(`X-Filler: ${'x'.repeat(200_000)}\r\n`, emptyList) },
    gives: broken,
  },
  {
    name: 'a header with a NUL',
    effect: { kind: 'raw', bytes: raw('X-Odd: a\0b\r\nContent-Length: 2\r\n', '{}') },
    gives: broken,
  },
  {
    name: 'two headers Content-Length that differ',
    effect: { kind: 'raw', bytes: raw('Content-Length: 2\r\nContent-Length: 54\r\n', emptyList) },
    gives: broken,
  },
  {
    name: '103 Early Hints before the answer',
    effect: {
      kind: 'raw',
      bytes: Buffer.concat([
        Buffer.from('HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n'),
        raw(`Content-Length: ${emptyList.length}\r\n`, emptyList),
      ]),
    },
    gives: ok,
    at: noUsers,
  },
  {
    name: '100 Continue that nobody waited for',
    effect: { kind: 'raw', bytes: raw('Content-Length: 2\r\n', '{}', '100 Continue') },
    gives: broken,
  },
  {
    name: '101 Switching Protocols',
    effect: { kind: 'raw', bytes: raw('Upgrade: websocket\r\n', '', '101 Switching Protocols') },
    gives: broken,
  },
  {
    name: '204 No Content',
    effect: { kind: 'raw', bytes: raw('', '', '204 No Content') },
    gives: { ...notJson, status: 204 },
  },
  { name: 'no header but the body', effect: withHeaders({ 'content-type': null, 'cf-ray': null }), gives: ok },
  { name: 'a wrong Content-Type', effect: withHeaders({ 'content-type': 'image/png' }), gives: ok },
  { name: 'an answer that calls itself HTML', effect: withHeaders({ 'content-type': 'text/html' }), gives: ok },
  {
    name: 'a charset that is another',
    effect: withHeaders({ 'content-type': 'application/json; charset=iso-8859-1' }),
    gives: ok,
  },
  { name: 'a byte order mark', effect: { kind: 'byteOrderMark' }, gives: ok },
  {
    name: 'UTF-16',
    effect: bytes((utf8) => Buffer.from(`\uFEFF${utf8.toString()}`, 'utf16le')),
    gives: notJson,
  },
  {
    name: 'invalid UTF-8 in a name',
    effect: bytes((utf8) =>
      Buffer.from(utf8.toString('latin1').replace(/("displayName":")./g, '$1\xC3\x28\xFF'), 'latin1'),
    ),
    gives: ok,
  },
  {
    name: 'a credential with a line break',
    fetch: (_, real) => (url, init) => {
      const headers = Object.entries(init.headers).map(([name, value]) => [name, `${value}\r\nX-Injected: 1`]);
      return real(url, { ...init, headers: Object.fromEntries(headers) as Record<string, string> });
    },
    gives: broken,
  },
  {
    name: 'an answer with a header that is folded',
    effect: { kind: 'raw', bytes: raw('X-Odd: a\r\n Set-Cookie: b=c\r\n', emptyList) },
    gives: broken,
  },
];

function spoiled(compressed: Buffer): Buffer {
  const copy = Buffer.from(compressed);
  copy.writeUInt32LE(0xdead_beef, copy.length - 8);
  return copy;
}
