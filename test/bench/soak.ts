// node --expose-gc soak.js <requests> [share, default 0.05]: many requests through the real client, a share of them struck by mixed faults.
// Everything must end in an answer or in words; sockets and memory must be flat at the end. Prints one line, ends with 1 otherwise.
import { setTimeout as pause } from 'node:timers/promises';
import { Agent } from 'undici';
import type { CloudflareApi } from '../../src/cloudflare/endpoints';
import { CloudflareError } from '../../src/cloudflare/errors';
import { clientOf, spedUpClock } from './client';
import { type Address, Servers } from './servers.mts';
import { megabytes } from './usage';

interface SoakResult {
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
}

/** Time is this many times as fast, so that windows of 5 minutes pass in a second. */
const speed = 300;
/** Callers that ask at the same time; the sender lets 8 through. */
const callers = 32;
const mostHeapGrowthMegabytes = 4;

const [requests = 0, faultShare = 0.05] = process.argv.slice(2).map(Number);

async function soak(): Promise<SoakResult> {
  const servers = await Servers.start({ soak: { rateLimits: 'cloudflare', speed, faultShare } });
  const warnings: string[] = [];
  process.on('warning', (warning) => warnings.push(String(warning)));
  const agent = new Agent();
  try {
    const run = new Run(await servers.address('soak'), agent);
    const startedAt = performance.now();
    await run.until(requests / 4);
    const quarter = megabytes().heap;
    await run.until(requests);
    const seconds = (performance.now() - startedAt) / 1_000;
    await agent.close();
    const heapMegabytes = [quarter, megabytes().heap] as const;
    const { answered, failed, attempts } = run;
    const openSockets = await socketsLeft(servers);
    return { requests, answered, failed, attempts, seconds, heapMegabytes, openSockets, warnings };
  } finally {
    await agent.destroy();
    servers.end();
  }
}

class Run {
  answered = 0;
  attempts = 0;
  readonly failed: Record<string, number> = {};
  private begun = 0;
  private readonly api: CloudflareApi;

  constructor(
    private readonly address: Address,
    agent: Agent,
  ) {
    const { sender, api } = clientOf(address, spedUpClock(speed), {
      dispatcher: () => Promise.resolve(agent),
      headersDeadlineMs: 150,
      deadlineMs: 300,
      maxBodyBytes: 1 << 20,
    });
    sender.events.on('exchange', () => this.attempts++);
    this.api = api;
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
    const { account: accountId, provider: identityProviderId } = this.address;
    const priority = i % 4 === 0 ? 'interactive' : 'bulk';
    try {
      // Different pages, so that none is shared with another that is under way.
      await this.api.scimUserPage({ accountId, identityProviderId }, 1 + (i % 997), { priority });
      this.answered++;
    } catch (error) {
      const reason = error instanceof CloudflareError ? error.reason : `not ours: ${String(error)}`;
      this.failed[reason] = (this.failed[reason] ?? 0) + 1;
    }
  }
}

/** Open sockets as the server counts them, once they had a moment to close. */
async function socketsLeft(servers: Servers<'soak'>): Promise<number> {
  let openSockets = Infinity;
  for (let i = 0; i < 40 && openSockets > 0; i++) {
    await pause(50);
    ({ openSockets } = await servers.report('soak'));
  }
  return openSockets;
}

/** What is wrong; empty where nothing is. */
function problems({
  requests,
  answered,
  failed,
  heapMegabytes: [quarter, end],
  openSockets,
  warnings,
  attempts,
}: SoakResult): string[] {
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

async function main(): Promise<void> {
  const result = await soak();
  const { answered, attempts, seconds, heapMegabytes, openSockets } = result;
  const failures = Object.entries(result.failed).map(([reason, count]) => `${reason} ${count}`);
  const heap = heapMegabytes.map((figure) => figure.toFixed(1)).join(' → ');
  const wrong = problems(result);
  console.log(
    [
      `Soak: ${requests} requests, ${answered} answered, ${requests - answered} failed in words (${failures.join(', ')})`,
      `${attempts} sent in ${seconds.toFixed(1)} s, heap ${heap} MB, ${openSockets} open sockets`,
      wrong.length > 0 ? `PROBLEMS: ${wrong.join('; ')}` : 'nothing wrong',
    ].join('; '),
  );
  process.exitCode = wrong.length > 0 ? 1 : 0;
}

void main();
