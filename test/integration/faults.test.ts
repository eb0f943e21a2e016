import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Credential } from '../../src/cloudflare/credential';
import { CloudflareApi } from '../../src/cloudflare/endpoints';
import { Sender } from '../../src/cloudflare/sender';
import { type Fetch, Transport } from '../../src/cloudflare/transport';
import { DirectoryAccount } from '../../src/directory/account';
import { DirectoryProvider } from '../../src/directory/provider';
import { Directory } from '../../src/directory/directory';
import { DirectoryResource } from '../../src/directory/provider';
import { ProvidersTree } from '../../src/explorer/providersTree';
import { maskedLine } from '../../src/log/maskedLine';
import { type Fault, startSimulator, type Simulator } from '../simulator/simulator.mts';
import { refusal } from '../support/refusal';
import { plain } from '../support/host/session';
import { until } from '../support/until.mts';
import { VirtualClock } from '../support/virtualClock';

type Effect = Fault['effect'];

const jsonHeaders = { 'content-type': 'application/json' };

/** Each class of faults that no other suite of the host has; every fault is struck in test/unit/faults. */
/** Counts the requests in flight, while which time stands still. */
class CountingTransport extends Transport {
  inFlight = 0;

  override async get(...request: Parameters<Transport['get']>): ReturnType<Transport['get']> {
    this.inFlight++;
    try {
      return await super.get(...request);
    } finally {
      this.inFlight--;
    }
  }
}

describe('under a fault, in the extension host', () => {
  let simulator: Simulator;
  let end: () => void = () => undefined;

  before(async () => {
    simulator = await startSimulator();
  });
  afterEach(() => {
    end();
    simulator.faults.clear();
  });
  after(() => simulator.close());

  /** The tree over the host's `fetch`, with what of SCIM users is shown below the first identity provider that has them. */
  async function open(credential: Credential = { scheme: 'token', token: simulator.issueToken() }) {
    const deadlines = new VirtualClock();
    const fetch: Fetch = (...asked) => (globalThis.fetch as Fetch)(...asked);
    const transport = new CountingTransport({ fetch, dispatcher: () => Promise.resolve(undefined), clock: deadlines });
    const clock = new VirtualClock(() => transport.inFlight > 0);
    const base = new URL(simulator.baseUrl);
    const sender = new Sender(transport, () => base, { clock, random: () => 1 });
    const secret = credential.scheme === 'token' ? credential.token : credential.key;
    const told: string[] = [];
    const held: number[] = [];
    sender.events.on('exchange', (exchange) => told.push(maskedLine(exchange)));
    sender.events.on('heldBack', (_, waitMs) => held.push(waitMs));
    const id = simulator.accounts[0]?.id ?? '';
    const account = new DirectoryAccount(id, '', new CloudflareApi(sender, { credential, origin: base.origin }));
    const tree = new ProvidersTree(new Directory({ load: () => Promise.resolve([account]) }));
    end = () => {
      assert.ok(!told.join('\n').includes(secret), 'the secret is in the log');
      tree.dispose();
      account.dispose();
    };
    const provider = (await tree.getChildren()).find(
      (row) => row instanceof DirectoryProvider && row.identityProvider.scimEnabled,
    );
    assert.ok(provider instanceof DirectoryProvider);
    const rows = async () => {
      const [, ...below] = await clock.run(tree.getChildren(provider));
      const shown = below.map((row) => {
        const item = tree.getTreeItem(row);
        return { row, item, text: `${plain(item.label)} ${plain(item.description)}` };
      });
      assert.ok(!JSON.stringify(shown.map(({ text }) => text)).includes(secret), 'the secret is shown');
      return shown;
    };
    return { account, provider, rows, told, held, clock, deadlines };
  }

  const strike = (effect: Effect, when: Fault['when'] = {}) =>
    simulator.faults.add({ when: { path: '/scim/users', ...when }, effect });
  const users = <T extends { readonly row: unknown }>(rows: readonly T[]) =>
    rows.filter(({ row }) => row instanceof DirectoryResource);

  const passing: readonly [what: string, effect: Effect][] = [
    ['a 429 without any header', refusal(429)],
    ['a 429 with Retry-After', refusal(429, 971, { 'retry-after': '9' })],
    [
      'a 503 with an HTTP date in Retry-After',
      refusal(503, 7000, { 'retry-after': new Date(Date.now() + 9000).toUTCString() }),
    ],
    ['a 408', refusal(408)],
  ];
  for (const [what, effect] of passing) {
    it(`loads the users behind ${what}, by itself`, async () => {
      const { rows, told, held } = await open();
      strike(effect, { times: 1 });
      assert.equal(users(await rows()).length, 100);
      const [failed, repeated] = told.slice(-2);
      assert.match(failed ?? '', / → (429|503|408), /);
      assert.match(repeated ?? '', / → 200, /);
      const isRateLimit = what.includes('429');
      assert.deepEqual([held.length > 0, held.at(-1)], isRateLimit ? [true, 0] : [false, undefined]);
    });
  }

  it('shows nobody twice whose page overlaps the one before, and says that the list changed', async () => {
    const { provider, rows } = await open();
    const [first] = users(await rows());
    assert.ok(first?.row instanceof DirectoryResource);
    const { data: user } = first.row;
    strike(
      {
        kind: 'rewriteJson',
        rewrite: (json) => {
          const { result, ...rest } = json as { result: unknown[] };
          return { ...rest, result: [user, ...result.slice(0, -1)] };
        },
      },
      { page: 2 },
    );
    await provider.users.shown.loadMore();
    const shown = await rows();
    assert.equal(users(shown).length, 199);
    assert.match(shown.at(-1)?.text ?? '', /the list changed while it was read: refresh it/);
  });

  const names: readonly [what: string, json: string, label: RegExp][] = [
    ['a name of 10 MB', JSON.stringify('x'.repeat(10_000_000)), /^x{50,300}…? /],
    ['half a surrogate pair', '"half \\ud83d pair"', /^half .{1,10} pair /],
  ];
  for (const [what, json, label] of names) {
    it(`shows ${what} as a label that VS Code can draw`, async () => {
      const { rows } = await open();
      strike({
        kind: 'rewriteText',
        rewrite: (text) => text.replace(/"displayName": ?"[^"]*"/, `"displayName":${json}`),
      });
      const shown = users(await rows());
      assert.equal(shown.length, 100);
      const found = shown.find(({ text }) => label.test(text));
      assert.ok(found, shown[0]?.text.slice(0, 80));
      assert.ok(found.text.isWellFormed());
    });
  }

  it('reads a key __proto__ as data', async () => {
    const { rows } = await open();
    const rewrite = (text: string) =>
      text.replaceAll('"displayName":', '"__proto__":{"isPolluted":true},"displayName":');
    strike({ kind: 'rewriteText', rewrite });
    assert.equal(users(await rows()).length, 100);
    assert.equal('isPolluted' in {}, false);
  });

  it('reads past a byte order mark', async () => {
    const { rows } = await open();
    strike({ kind: 'byteOrderMark' });
    assert.equal(users(await rows()).length, 100);
  });

  it('gives up a request that gets no answer, says so in a row, and keeps what was loaded', async () => {
    const { provider, rows, clock, deadlines } = await open();
    await rows();
    strike({ kind: 'hang' });
    const loading = provider.users.shown.loadMore();
    const before = simulator.requests.length;
    for (let attempt = 1; attempt <= 4; attempt++) {
      await until(`attempt ${attempt}`, async () => {
        await clock.move(60_000);
        return simulator.requests.length === before + attempt;
      });
      await deadlines.move(600_000);
    }
    await loading;
    const shown = await rows();
    assert.equal(users(shown).length, 100);
    assert.match(shown.map(({ text }) => text).join('\n'), /Cloudflare did not answer in time\./);
  });

  it('asks to reconnect where a list is answered with 401, and keeps what was loaded', async () => {
    const { account, provider, rows } = await open();
    await rows();
    strike(refusal(401, 10_000));
    simulator.faults.add({ when: { path: '/tokens/verify' }, effect: refusal(401, 1000) });
    await provider.users.shown.loadMore();
    const shown = await rows();
    assert.equal(users(shown).length, 100);
    const failure = shown.find(({ text }) => text.startsWith('Token no longer works — Reconnect'));
    assert.equal(failure?.item.command?.command, 'scimExplorer.reconnect');

    simulator.faults.clear();
    await provider.users.shown.loadMore();
    assert.equal(provider.users.shown.count, 100, 'nothing is sent by itself');
    await provider.retry();
    assert.equal(provider.users.shown.count, 200);
    assert.equal(account.rejection, undefined);
  });

  it('does not take a single 401 for the end of the token', async () => {
    const { account, provider, rows } = await open();
    await rows();
    strike(refusal(401, 1000));
    await provider.users.shown.loadMore();
    const failure = (await rows()).find(({ text }) => text.includes('(status 401)'));
    assert.equal(failure?.item.command?.command, 'scimExplorer.retry');
    assert.match(failure.text, /Retry in a moment.*Cloudflare says: .*\(code 1000\)/);
    assert.equal(account.rejection, undefined);
  });

  it('says of JSON that a gateway refused with nothing about the token', async () => {
    const { rows } = await open();
    strike({ kind: 'fixed', status: 401, headers: jsonHeaders, body: '{"error":"unauthorized"}' });
    assert.match((await rows())[0]?.text ?? '', /^No answer from the API \(status 401\)\./);
  });

  describe('of a redirect to another origin', () => {
    let elsewhere: Server;
    let asked = 0;
    before(async () => {
      elsewhere = createServer((_, response) => {
        asked++;
        response.end('{}');
      });
      elsewhere.listen(0, '127.0.0.1');
      await once(elsewhere, 'listening');
    });
    after(() => elsewhere.close());

    for (const scheme of ['token', 'key'] as const) {
      it(`brings nothing there with ${scheme === 'key' ? 'an email and a key' : 'a token'}`, async () => {
        const { rows } = await open(
          scheme === 'key' ? { scheme, ...simulator.issueApiKey() } : { scheme, token: simulator.issueToken() },
        );
        const { port } = elsewhere.address() as AddressInfo;
        strike({ kind: 'redirect', status: 307, location: `http://127.0.0.1:${port}/client/v4/` });
        assert.match((await rows())[0]?.text ?? '', /redirect, which is not followed/);
        assert.equal(asked, 0);
      });
    }
  });
});
