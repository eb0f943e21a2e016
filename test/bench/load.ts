// node load.js free|limited|growth <users>: reads the whole directory of the simulator `it`. One line of JSON has the seconds, or the
// samples without their metric.
import type { Agent } from 'undici';
import { systemClock } from '../../src/cloudflare/clock';
import { type Fetch, longLivedAgent } from '../../src/cloudflare/transport';
import { addressOf } from './addresses';
import { bareLoop } from './bareLoop';
import { clientOf, globalFetch, providerOf, unlimited } from './client';
import { pageSize } from './directory.mts';
import { loadAll } from './filledList';
import { inTurn, type Sample } from './sample.mts';

type Mode = 'free' | 'limited' | 'growth';

export type Loaded = Omit<Sample, 'metric'>;

const mode = process.argv[2] as Mode;
const users = Number(process.argv[3]);
/** The documented limit of an address, which the simulator does not keep: it is looked at here. */
const requestsPerSecond = 200;
const warmUpPages = 60;

const address = addressOf('it');
const agent = longLivedAgent(() => false);

/** When each of our requests was sent, by `performance.now()`. */
const sentAt: number[] = [];
/** Statuses of answers that were no success. */
const refused: number[] = [];

const noted: Fetch = async (url, init) => {
  sentAt.push(performance.now());
  const response = await globalFetch(url, init);
  if (!response.ok) refused.push(response.status);
  return response;
};

const client = () =>
  clientOf(address, mode === 'limited' ? systemClock : unlimited, { fetch: noted, dispatcher: agent });

async function ours(): Promise<void> {
  await loadAll(providerOf(client().api, address).users, users);
}

async function bare(): Promise<void> {
  const { length } = await bareLoop(address, users, await agent());
  if (length !== users) throw new Error(`${length} of ${users} users were read.`);
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1_000;
}

/** Loads the network's libraries and opens connections, for everyone. */
async function warmUp(): Promise<void> {
  const { api } = client();
  const { reference } = providerOf(api, address);
  await bareLoop(address, warmUpPages * pageSize, await agent());
  await Promise.all(Array.from({ length: warmUpPages }, (_, i) => api.scimUserPage(reference, i + 1)));
}

/** The most requests that were sent in any second. */
function mostInASecond(): number {
  let from = 0;
  return sentAt.reduce((most, time, i) => {
    while (time - (sentAt[from] ?? 0) >= 1_000) from++;
    return Math.max(most, i - from + 1);
  }, 0);
}

const modes: Record<Mode, () => Promise<Loaded>> = {
  async free() {
    await warmUp();
    const times = await inTurn({ ours: () => seconds(ours), bare: () => seconds(bare) });
    return { value: times.ours, peerValue: times.bare };
  },
  async limited() {
    const value = await seconds(ours);
    const most = mostInASecond();
    const problems = [
      ...(refused.length > 0 ? [`${refused.length} requests refused: ${[...new Set(refused)].join(', ')}`] : []),
      ...(most > requestsPerSecond ? [`${most} requests in a second`] : []),
    ];
    return {
      value,
      peerValue: sentAt.length / requestsPerSecond,
      problem: problems.length > 0 ? problems.join(', ') : undefined,
    };
  },
  async growth() {
    await warmUp();
    return { value: await seconds(ours) };
  },
};

async function main(): Promise<void> {
  console.log(JSON.stringify(await modes[mode]()));
  await ((await agent()) as Agent).close();
}

void main();
