// What the processes of the benchmark tell each other: those that measure write samples, the runner reads them.
import { appendFileSync } from 'node:fs';
import type { MetricName } from './table.mts';

/** One measurement of a metric, with its peer's under the same conditions; both in the metric's unit. */
export interface Sample {
  readonly metric: MetricName;
  /** Undefined where the measuring failed. */
  readonly value?: number | undefined;
  /** Undefined where a metric has no peer. */
  readonly peerValue?: number | undefined;
  /** Why the figure does not count, whatever it is: a request was refused, a row is not the right one. */
  readonly problem?: string | undefined;
}

/** Environment variables that the runner sets for what it starts. */
export const variables = {
  /** Path of the file that samples are appended to, one JSON object a line. */
  samples: 'BENCH_SAMPLES',
  /** Number of this run, from 0: who is measured first changes with it. */
  round: 'BENCH_ROUND',
  /** Names of the wanted metrics, with commas between them. */
  metrics: 'BENCH_METRICS',
  /** Base URL of the simulator, which runs in a process of its own. */
  baseUrl: 'BENCH_BASE_URL',
  /** An API token that the simulator knows. */
  token: 'BENCH_TOKEN',
} as const;

/** Identifiers of the extensions that ours is measured beside; each has one command, `<identifier>.activate`. */
export const peerExtensions = { empty: 'bench.empty', sdk: 'bench.cloudflare-sdk', rows: 'bench.rows' } as const;

export function addSample(sample: Sample): void {
  const file = process.env[variables.samples];
  if (file) appendFileSync(file, `${JSON.stringify(sample)}\n`);
  else console.log(JSON.stringify(sample));
}

export function round(): number {
  return Number(process.env[variables.round] ?? 0);
}

/** Whether a metric is asked for; all are where nothing is said. */
export function isWanted(metric: MetricName): boolean {
  const names = process.env[variables.metrics];
  return names === undefined || names.split(',').includes(metric);
}

/** In the order in which they are measured in this run: each run begins with another one. */
export function inTurn<T>(contestants: readonly T[]): T[] {
  const first = round() % contestants.length;
  return [...contestants.slice(first), ...contestants.slice(0, first)];
}
