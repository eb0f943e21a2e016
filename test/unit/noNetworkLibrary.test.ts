import { deepEqual, rejects } from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Gate } from '../../src/cloudflare/gate';
import type { Transport } from '../../src/cloudflare/transport';
import { baseUrl, credential, FakeFetch, unhandledRejections } from '../support/fakes';

interface Client {
  readonly Gate: typeof Gate;
  readonly Transport: typeof Transport;
}

describe('without the libraries of the network', () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'scim-explorer-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  /** The client as it is bundled for the extension, in a folder that lacks the bundle of the libraries. */
  async function bundled(): Promise<Client> {
    const contents = ['gate', 'transport'].map((name) => `export * from './src/cloudflare/${name}';`).join('\n');
    await build({
      stdin: { contents, resolveDir: process.cwd(), loader: 'ts' },
      outfile: join(folder, 'client.js'),
      external: ['./network.js'],
      bundle: true,
      platform: 'node',
      format: 'cjs',
      supported: { 'dynamic-import': false },
    });
    return createRequire(join(folder, 'client.js'))('./client.js') as Client;
  }

  it('a request fails, nothing hangs, and every rejection is handled', async () => {
    const client = await bundled();
    const fake = new FakeFetch(() => new Response('{}'));
    const transport = new client.Transport({ fetch: fake.fetch, dispatcher: () => Promise.resolve(undefined) });
    const gate = new client.Gate(transport, () => new URL(baseUrl));
    const authorization = { credential, origin: new URL(baseUrl).origin };
    const request = { endpoint: 'GET /x', path: '/x', query: new URLSearchParams(), authorization };
    const unhandled = await unhandledRejections(() =>
      rejects(gate.send(request), /Cannot find module '.\/network.js'/),
    );
    deepEqual([unhandled, fake.asked], [[], []]);
  });
});
