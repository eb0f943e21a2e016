import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, constants, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { CloudflareError } from '../../src/cloudflare/errors';
import { type Fetch, Transport } from '../../src/cloudflare/transport';

const text = JSON.stringify({
  success: true,
  result: Array.from({ length: 300 }, (_, i) => ({ id: `id-${i * 7919}` })),
});
const zstd = zstdCompressSync(text, { params: { [constants.ZSTD_c_checksumFlag]: 1 } });
const brotli = brotliCompressSync(text);
const gzip = gzipSync(text);
const deflate = deflateSync(text);
const noFrame = Buffer.from('this was never compressed');

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(at) ^ 0xff, at);
  return copy;
}

describe('A body that cannot be decompressed', () => {
  let server: Server;
  let encoding = '';
  let body: Buffer = Buffer.alloc(0);

  before(async () => {
    server = createServer((_, response) => {
      response.writeHead(200, { 'Content-Encoding': encoding, 'cf-ray': 'ray' }).end(body);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  after(() => server.close());

  const ask = (as: string, bytes: Buffer) => {
    [encoding, body] = [as, bytes];
    const { port } = server.address() as AddressInfo;
    const transport = new Transport({ fetch: fetch as Fetch, dispatcher: () => Promise.resolve(undefined) });
    return transport.get(new URL(`http://127.0.0.1:${port}/`), {}, 'GET /x', undefined);
  };

  const broken: readonly [what: string, encoding: string, body: Buffer][] = [
    ['zstd that is none', 'zstd', noFrame],
    ['zstd that is empty', 'zstd', Buffer.alloc(0)],
    ['zstd that is gzip', 'zstd', gzip],
    ['zstd that breaks off', 'zstd', zstd.subarray(0, zstd.length - 10)],
    ['zstd that breaks off in its header', 'zstd', zstd.subarray(0, 6)],
    ['zstd with a wrong checksum', 'zstd', flipped(zstd, zstd.length - 1)],
    ['zstd with a wrong byte in the middle', 'zstd', flipped(zstd, zstd.length >> 1)],
    ['zstd that wants a dictionary', 'zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x21, 5, 16, 0, 0, 0, 0])],
    ['zstd that wants too large a window', 'zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0xff, 0, 0, 0])],
    ['zstd within gzip, by the header alone', 'gzip, zstd', noFrame],
    ['Brotli that is none', 'br', noFrame],
    ['Brotli with a wrong byte', 'br', flipped(brotli, 10)],
    ['gzip that is none', 'gzip', noFrame],
    ['gzip with a wrong checksum', 'gzip', flipped(gzip, gzip.length - 6)],
    ['deflate with a wrong byte', 'deflate', flipped(deflate, 12)],
  ];
  for (const [what, as, bytes] of broken) {
    it(`throws notJson, and not network: ${what}`, async () => {
      await assert.rejects(ask(as, bytes), (error) => {
        assert.ok(error instanceof CloudflareError);
        assert.deepEqual([error.reason, error.failure.status, error.failure.ray], ['notJson', 200, 'ray']);
        return true;
      });
    });
  }

  for (const [as, bytes] of Object.entries({ zstd, br: brotli, gzip, deflate })) {
    it(`is distinguished from one that can: ${as}`, async () => {
      assert.equal((await ask(as, bytes)).text, text);
    });
  }
});
