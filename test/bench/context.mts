// What every subject of the benchmark needs to measure in processes of their own.
import { join } from 'node:path';
import { projectRoot, say } from '../../tools/project.mts';
import { runNode } from '../../tools/run.mts';
import { suiteLine } from '../../tools/testing/suite-lines.mts';
import type { Address, ServerOptions, Servers } from './servers.mts';
import { type Sample, variables } from './sample.mts';
import type { MetricName } from './table.mts';

/** Milliseconds before the simulator answers. */
export const latencyMs = 20;

/** The simulators of a run. Those of a million users answer at once. */
export const servers = {
  near: { latencyMs },
  far: { latencyMs: 100 },
  limited: { latencyMs, rateLimits: 'cloudflare' },
  users10000: { users: 10_000 },
  users100000: { users: 100_000 },
  users1000000: { users: 1_000_000 },
} as const satisfies Readonly<Record<string, ServerOptions>>;

export interface Context {
  /** How often a metric is measured, unless its subject says that once is enough. */
  readonly runs: number;
  readonly wanted: ReadonlySet<MetricName>;
  readonly servers: Servers<keyof typeof servers>;
}

/** One thing that is measured, with the metrics that come from it. */
export interface Subject {
  readonly name: string;
  readonly metrics: readonly MetricName[];
  measure(context: Context): Promise<Sample[]>;
}

/** Megabytes; the peers' million parsed users need room. */
const heapLimit = 12_000;

/**
 * Runs one of the bundled scripts of this folder. @returns The value whose JSON is the last line of its output. Throws where it fails.
 */
export async function runScript<T>(
  script: string,
  args: readonly (string | number)[],
  { round = 0, address }: { readonly round?: number; readonly address?: Address } = {},
): Promise<T> {
  const path = join(projectRoot, 'out', 'test', 'bench', `${script}.js`);
  const env = {
    [variables.round]: String(round),
    ...(address && { [variables.addresses]: JSON.stringify({ it: address }) }),
  };
  const output = await run(['--expose-gc', `--max-old-space-size=${heapLimit}`, path, ...args.map(String)], env);
  return JSON.parse(output.trimEnd().split('\n').at(-1) ?? '') as T;
}

/** Runs a process to its end. @returns What it printed; throws where it fails, with that in the message. */
export async function run(args: string[], env: Record<string, string> = {}): Promise<string> {
  const { code, output } = await runNode(args, { env });
  if (code !== 0) {
    const lines = output.split('\n').map((line) => suiteLine(line) ?? line);
    throw new Error(`This failed: ${args.join(' ')}\n${lines.join('\n')}`);
  }
  return output;
}

/** Measures so many times. */
export async function repeated(
  name: string,
  runs: number,
  measure: (round: number) => Promise<readonly Sample[]>,
): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (let round = 0; round < runs; round++) {
    say(`${name}${runs > 1 ? `: run ${round + 1} of ${runs}` : ''}…`);
    samples.push(...(await measure(round)));
  }
  return samples;
}
