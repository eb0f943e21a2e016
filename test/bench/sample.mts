// What the processes of the benchmark tell each other.
import type { MetricName } from './table.mts';

/** One measurement of a metric, with its peer's under the same conditions; both in the metric's unit. */
export interface Sample {
  readonly metric: MetricName;
  /** Undefined where the measuring failed. */
  readonly value?: number | undefined;
  /** Undefined where a metric has no peer. */
  readonly peerValue?: number | undefined;
  /** Why the figure does not count, whatever it is: a request was refused, a user is not the right one. */
  readonly problem?: string | undefined;
}

/** Environment variables that the runner sets for the processes that it starts. */
export const variables = {
  /** Path of the file that the extension host appends samples to, one JSON object a line. */
  samples: 'BENCH_SAMPLES',
  /** Number of this run, from 0; see `inTurn`. */
  round: 'BENCH_ROUND',
  /** Names of the wanted metrics, with commas between them. */
  metrics: 'BENCH_METRICS',
  /** Where the simulators are: a `Record<string, Address>` as JSON. */
  addresses: 'BENCH_ADDRESSES',
} as const;

/** Identifiers of the extensions that ours is measured beside; each has one command, `<identifier>.activate`. */
export const peerExtensions = { sdk: 'bench.cloudflare-sdk', rows: 'bench.rows' } as const;

/**
 * Measures contestants one after the other; each run begins with another one, so that none always goes first. @returns What was measured, by
 * contestant.
 */
export async function inTurn<Contestants extends Readonly<Record<string, () => unknown>>>(
  contestants: Contestants,
  round = Number(process.env[variables.round] ?? 0),
): Promise<{ [Name in keyof Contestants]: Awaited<ReturnType<Contestants[Name]>> }> {
  const all = Object.entries(contestants);
  const first = round % all.length;
  const measured: Record<string, unknown> = {};
  for (const [name, measure] of [...all.slice(first), ...all.slice(0, first)]) measured[name] = await measure();
  return measured as { [Name in keyof Contestants]: Awaited<ReturnType<Contestants[Name]>> };
}
