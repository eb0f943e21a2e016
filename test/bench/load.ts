// node load.js free|limited|sdk|growth <users>: reads the whole directory from a simulator in another process.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import Cloudflare from 'cloudflare';
import { longLivedAgent } from '../../src/cloudflare/agent';
import { CloudflareApi } from '../../src/cloudflare/api';
import { type Clock, systemClock } from '../../src/cloudflare/clock';
import { Gate } from '../../src/cloudflare/gate';
import { type Fetch, Transport } from '../../src/cloudflare/transport';
import { DirectoryProvider } from '../../src/directory/account';
import { projectRoot } from '../../tools/project.mts';
import { bareLoop } from './bareLoop';
import { pageSize } from './directory.mts';
import { loadAll } from './filledList';
import type { LoadAddress, Seen } from './loadServer.mts';
import { addSample, inTurn } from './sample.mts';

type Mode = 'free' | 'limited' | 'sdk' | 'growth';

const mode = process.argv[2] as Mode;
const users = Number(process.argv[3]);
/** Milliseconds before an answer. A million users are loaded without. */
const latencyMs = mode === 'growth' ? 0 : 20;
/** The documented limit of an address, which the simulator does not keep: it is looked at here. */
const requestsPerSecond = 200;
const warmUpPages = 60;

const server = fork(
  join(projectRoot, 'test', 'bench', 'loadServer.mts'),
  [String(users), String(latencyMs), mode === 'limited' ? 'cloudflare' : 'off'],
  { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] },
);

/** The client's own limits are those of Cloudflare's documentation; where limits are off, its clock runs so fast that it meets none. */
const fastClock: Clock = {
  now: () => performance.now() * 1_000,
  after: (milliseconds, callback) => {
    const timer = setTimeout(callback, milliseconds / 1_000);
    return () => clearTimeout(timer);
  },
};
const agent = longLivedAgent(() => false);

/** When each of our requests was sent, by `performance.now()`. */
const sentAt: number[] = [];
const noted: Fetch = (url, init) => {
  sentAt.push(performance.now());
  return (globalThis.fetch as unknown as Fetch)(url, init);
};

/** The most requests that were sent in any second. */
function mostInASecond(): number {
  let from = 0;
  return sentAt.reduce((most, time, i) => {
    while (time - (sentAt[from] ?? 0) >= 1_000) from++;
    return Math.max(most, i - from + 1);
  }, 0);
}

function provider({ baseUrl, token, account, provider: id }: LoadAddress): {
  api: CloudflareApi;
  all: DirectoryProvider;
} {
  const transport = new Transport({ fetch: noted, dispatcher: agent });
  const gate = new Gate(transport, () => new URL(baseUrl), { clock: mode === 'limited' ? systemClock : fastClock });
  const credential = { scheme: 'token', token } as const;
  const api = new CloudflareApi(gate, { credential, origin: new URL(baseUrl).origin });
  return { api, all: new DirectoryProvider(api, account, { id, name: '', type: '', scimEnabled: true }) };
}

async function ours(address: LoadAddress): Promise<void> {
  await loadAll(provider(address).all.users, users);
}

async function bare(address: LoadAddress): Promise<void> {
  check((await bareLoop(address, users, await agent())).length);
}

async function sdk({ baseUrl, token, account, provider: id }: LoadAddress): Promise<void> {
  const client = new Cloudflare({ apiToken: token, apiEmail: null, apiKey: null, baseURL: baseUrl });
  let count = 0;
  const list = client.zeroTrust.identityProviders.scim.users.list(id, { account_id: account, per_page: pageSize });
  for await (const user of list) count += user.id === undefined ? 0 : 1;
  check(count);
}

function check(count: number): void {
  if (count !== users) throw new Error(`${count} of ${users} users were read.`);
}

async function seconds(work: (address: LoadAddress) => Promise<void>, address: LoadAddress): Promise<number> {
  const started = performance.now();
  await work(address);
  return (performance.now() - started) / 1_000;
}

/** Loads the network's libraries and opens connections, for everyone. */
async function warmUp(address: LoadAddress): Promise<void> {
  const { api, all } = provider(address);
  await bareLoop(address, warmUpPages * pageSize, await agent());
  await Promise.all(Array.from({ length: warmUpPages }, (_, i) => api.scimUserPage(all.reference, i + 1)));
}

async function seen(): Promise<Seen> {
  server.send('look');
  const [message] = (await once(server, 'message')) as [Seen];
  return message;
}

const modes: Record<Mode, (address: LoadAddress) => Promise<void>> = {
  async free(address) {
    await warmUp(address);
    const times = new Map<unknown, number>();
    for (const load of inTurn([ours, bare])) times.set(load, await seconds(load, address));
    addSample({ metric: 'load_100k_s', value: times.get(ours) ?? NaN, peerValue: times.get(bare) });
  },
  async limited(address) {
    const value = await seconds(ours, address);
    const { requests, refusals } = await seen();
    const most = mostInASecond();
    const problems = [
      ...(refusals > 0 ? [`${refusals} requests refused`] : []),
      ...(most > requestsPerSecond ? [`${most} requests in a second`] : []),
    ];
    addSample({
      metric: 'load_100k_limited_s',
      value,
      peerValue: requests / requestsPerSecond,
      problem: problems.length > 0 ? problems.join(', ') : undefined,
    });
  },
  async sdk(address) {
    await warmUp(address);
    const value = await seconds(ours, address);
    addSample({ metric: 'load_100k_beside_sdk_s', value, peerValue: await seconds(sdk, address) });
  },
  async growth(address) {
    await warmUp(address);
    console.log(JSON.stringify({ seconds: await seconds(ours, address) }));
  },
};

async function main(): Promise<void> {
  if (!server.stdout) throw new Error('The simulator has no output.');
  const [line] = (await once(server.stdout, 'data')) as [Buffer];
  await modes[mode](JSON.parse(line.toString()) as LoadAddress);
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
