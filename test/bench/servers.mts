// The simulators that are measured against.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { projectRoot } from '../../tools/project.mts';

export interface ServerOptions {
  readonly latencyMs?: number;
  /** Whether requests past Cloudflare's limit are refused; default `off`. */
  readonly rateLimits?: 'cloudflare' | 'off';
  /** Users of the measured identity provider; default 100,000. */
  readonly users?: number;
  /** How many times as fast time passes for rate limits. */
  readonly speed?: number;
  /** The part of all requests, 0 to 1, that mixed faults strike. */
  readonly faultShare?: number;
}

/** Where a simulator's large identity provider is, with a token of nobody else. */
export interface Address {
  readonly baseUrl: string;
  readonly token: string;
  readonly account: string;
  readonly provider: string;
}

export interface Report {
  readonly address: Address;
  readonly openSockets: number;
}

/** Simulators, by name, in one process of their own, which ends with this one. */
export class Servers<Name extends string> {
  static async start<Name extends string>(options: Readonly<Record<Name, ServerOptions>>): Promise<Servers<Name>> {
    const child = fork(join(projectRoot, 'test', 'bench', 'server.mts'), [JSON.stringify(options)]);
    await messageOf(child);
    return new Servers(child);
  }

  private readonly child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.child = child;
  }

  /** One after the other. */
  async report(name: Name): Promise<Report> {
    this.child.send(name);
    return (await messageOf(this.child)) as Report;
  }

  /** Where a simulator is, with a new token: nothing of its rate limit is used up. */
  async address(name: Name): Promise<Address> {
    return (await this.report(name)).address;
  }

  end(): void {
    this.child.disconnect();
  }
}

async function messageOf(child: ChildProcess): Promise<unknown> {
  const ended = new AbortController();
  const gone = once(child, 'exit', { signal: ended.signal }).then(() => {
    throw new Error('The simulators have ended.');
  });
  const message = once(child, 'message', { signal: ended.signal }).then(([said]: unknown[]) => said);
  // The one that is not waited for any more.
  gone.catch(() => undefined);
  message.catch(() => undefined);
  try {
    return await Promise.race([message, gone]);
  } finally {
    ended.abort();
  }
}
