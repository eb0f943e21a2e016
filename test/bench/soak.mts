// node test/bench/soak.mts [--requests 20000] [--share 0.05]: many requests through the real client, some of them struck by mixed faults.
// Everything must end in an answer or in words; sockets and memory must be flat at the end. Prints one line, ends with 1 otherwise.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import v8 from 'node:v8';
import vm from 'node:vm';
import { build } from 'esbuild';
import { Agent } from 'undici';

import type * as soakClient from './soakClient.ts';

type Client = typeof soakClient;

export interface SoakResult {
  readonly requests: number;
  readonly answered: number;
  /** Failures by reason, and what was no error of ours by its text. */
  readonly failed: Readonly<Record<string, number>>;
  readonly attempts: number;
  readonly seconds: number;
  /** Megabytes of the heap in use, collected, after a quarter of the requests and at the end. */
  readonly heapMegabytes: readonly [quarter: number, end: number];
  readonly openSockets: number;
  readonly warnings: readonly string[];
  /** What is wrong; empty where nothing is. */
  readonly problems: readonly string[];
}

/** Time is this many times as fast, so that windows of 5 minutes pass in a second. */
const speed = 300;
/** Callers that ask at the same time; the gate lets 8 through. */
const callers = 32;
const mostHeapGrowthMegabytes = 4;

export async function soak({ requests = 20_000, faultShare = 0.05 } = {}): Promise<SoakResult> {
  const folder = await mkdtemp(join(tmpdir(), 'soak-'));
  const server = fork(join(import.meta.dirname, 'soakServer.mts'), [String(speed), String(faultShare)], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const warnings: string[] = [];
  const note = (warning: Error) => warnings.push(String(warning));
  process.on('warning', note);
  const agent = new Agent();
  try {
    if (!server.stdout) throw new Error('The simulator has no output.');
    const [line] = (await once(server.stdout, 'data')) as [Buffer];
    const client = await bundledClient(folder);
    const run = new Run(client, JSON.parse(line.toString()) as Address, agent);
    const [startedAt, heap] = [performance.now(), [] as number[]];
    await run.until(requests / 4);
    heap.push(heapMegabytes());
    await run.until(requests);
    const seconds = (performance.now() - startedAt) / 1_000;
    await agent.close();
    heap.push(heapMegabytes());
    const openSockets = await socketsLeft(server);
    const { answered, failed, attempts } = run;
    const [quarter = 0, end = 0] = heap;
    const result = { requests, answered, failed, attempts, seconds, heapMegabytes: [quarter, end] as const };
    return { ...result, openSockets, warnings, problems: problems({ ...result, openSockets, warnings }) };
  } finally {
    process.off('warning', note);
    await agent.destroy();
    server.kill();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Address {
  readonly baseUrl: string;
  readonly token: string;
  readonly account: string;
  readonly provider: string;
}

class Run {
  answered = 0;
  attempts = 0;
  readonly failed: Record<string, number> = {};
  private begun = 0;
  private readonly client: Client;
  private readonly address: Address;
  private readonly api: InstanceType<Client['CloudflareApi']>;

  constructor(client: Client, address: Address, agent: Agent) {
    this.client = client;
    this.address = address;
    const { baseUrl, token } = address;
    const transport = new client.Transport({
      fetch: globalThis.fetch as unknown as soakClient.Fetch,
      dispatcher: () => Promise.resolve(agent),
      headersDeadlineMs: 150,
      deadlineMs: 300,
      maxBodyBytes: 1 << 20,
    });
    const gate = new client.Gate(transport, () => new URL(baseUrl), { clock: fastClock });
    gate.on('exchange', () => this.attempts++);
    this.api = new client.CloudflareApi(gate, {
      credential: { scheme: 'token', token },
      origin: new URL(baseUrl).origin,
    });
  }

  /** Sends until so many requests were begun, and waits for all of them. */
  async until(count: number): Promise<void> {
    const caller = async () => {
      while (this.begun < count) {
        await this.ask(this.begun++);
      }
    };
    await Promise.all(Array.from({ length: callers }, caller));
  }

  private async ask(i: number): Promise<void> {
    const { account, provider } = this.address;
    const from = { accountId: account, identityProviderId: provider };
    const priority = i % 4 === 0 ? 'interactive' : 'bulk';
    try {
      // Different pages, so that none is shared with another that is under way.
      await this.api.scimUserPage(from, 1 + (i % 997), { priority });
      this.answered++;
    } catch (error) {
      const reason = error instanceof this.client.CloudflareError ? error.reason : `not ours: ${String(error)}`;
      this.failed[reason] = (this.failed[reason] ?? 0) + 1;
    }
  }
}

const fastClock = {
  now: () => performance.now() * speed,
  after: (milliseconds: number, callback: () => void) => {
    const timer = setTimeout(callback, milliseconds / speed);
    return () => clearTimeout(timer);
  },
};

async function bundledClient(folder: string): Promise<Client> {
  await build({
    entryPoints: {
      client: join(import.meta.dirname, 'soakClient.ts'),
      network: join(import.meta.dirname, '..', '..', 'src', 'cloudflare', 'network.ts'),
    },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    splitting: true,
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'warning',
  });
  return (await import(pathToFileURL(join(folder, 'client.mjs')).href)) as Client;
}

/** The heap after a collection. */
function heapMegabytes(): number {
  v8.setFlagsFromString('--expose-gc');
  (vm.runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed / 1_000_000;
}

/** Open sockets as the server counts them, once they had a moment to close. */
async function socketsLeft(server: ReturnType<typeof fork>): Promise<number> {
  let openSockets = Infinity;
  for (let i = 0; i < 40 && openSockets > 0; i++) {
    await pause(50);
    server.send('count');
    [{ openSockets }] = (await once(server, 'message')) as [{ openSockets: number }];
  }
  return openSockets;
}

function problems({
  requests,
  answered,
  failed,
  heapMegabytes: [quarter, end],
  openSockets,
  warnings,
  attempts,
}: Omit<SoakResult, 'problems'>): string[] {
  const failures = Object.values(failed).reduce((sum, count) => sum + count, 0);
  return [
    answered + failures !== requests && `${requests - answered - failures} requests without an end`,
    ...Object.keys(failed).filter((reason) => reason.startsWith('not ours')),
    openSockets > 0 && `${openSockets} open sockets`,
    end - quarter > mostHeapGrowthMegabytes && `the heap grew by ${(end - quarter).toFixed(1)} MB`,
    attempts > 1.1 * requests + 10 && `${attempts} requests sent`,
    ...warnings,
  ].filter((problem) => typeof problem === 'string');
}

/** One line for people. */
export function soakLine({
  requests,
  answered,
  failed,
  attempts,
  seconds,
  heapMegabytes,
  openSockets,
  problems,
}: SoakResult): string {
  const failures = Object.entries(failed).map(([reason, count]) => `${reason} ${count}`);
  const heap = heapMegabytes.map((megabytes) => megabytes.toFixed(1)).join(' → ');
  return [
    `Soak: ${requests} requests, ${answered} answered, ${requests - answered} failed in words (${failures.join(', ')})`,
    `${attempts} sent in ${seconds.toFixed(1)} s, heap ${heap} MB, ${openSockets} open sockets`,
    problems.length > 0 ? `PROBLEMS: ${problems.join('; ')}` : 'nothing wrong',
  ].join('; ');
}

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({
    options: { requests: { type: 'string', default: '20000' }, share: { type: 'string', default: '0.05' } },
  });
  const result = await soak({ requests: Number(values.requests), faultShare: Number(values.share) });
  process.stdout.write(`${soakLine(result)}\n`);
  process.exitCode = result.problems.length > 0 ? 1 : 0;
}
