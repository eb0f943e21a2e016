// What the two sides of the benchmark tell each other: the suite in the extension host writes, the runner outside reads.

/** The limit of a metric: so many times the peer's figure, and so much more (in the metric's unit). */
export interface Bound {
  readonly peerTimes: number;
  readonly plus: number;
}

/** One measurement of a metric, with its peer's under the same conditions; both in the metric's unit. */
export interface Sample {
  readonly metric: string;
  readonly unit: string;
  readonly value: number;
  readonly peer: string;
  readonly peerValue: number;
  readonly bound?: Bound;
}

/** Environment variables that the runner sets for the suite. */
export const variables = {
  /** Path of the file that samples are appended to, one JSON object a line. */
  samples: 'BENCH_SAMPLES',
  /** Number of this start of VS Code, from 0. */
  round: 'BENCH_ROUND',
  /** Base URL of the simulator, which runs in a process of its own. */
  baseUrl: 'BENCH_BASE_URL',
  /** An API token that the simulator knows. */
  token: 'BENCH_TOKEN',
} as const;

/** Identifiers of the extensions that ours is measured beside; each has one command, `<identifier>.activate`. */
export const peerExtensions = { empty: 'bench.empty', sdk: 'bench.cloudflare-sdk' } as const;
