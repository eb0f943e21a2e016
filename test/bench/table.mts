// Every metric: what it is measured in, what it is measured beside, and the bound that it must reach. Times are bound by their ratio to a
// peer, or to a base operation, of the same run, so that a bound means the same on every machine; megabytes and counts are bound as they
// are.

export type Bound =
  | { readonly atMost: number }
  | { readonly atLeast: number }
  /** At most so many times the peer's figure. */
  | { readonly timesPeer: number }
  /** The peer takes at least so many times as long. */
  | { readonly timesFaster: number };

export interface Metric {
  readonly unit: string;
  /** What the peer's figure is of; empty where there is no peer. */
  readonly peer: string;
  readonly bound: Bound;
  /** The metric whose peer is this one's as well, where this one has none of its own. */
  readonly peerOf?: string;
  /** Measured with `--full`, or by its name, only. */
  readonly isExpensive?: boolean;
}

const milliseconds = (bound: Bound, peer: string): Metric => ({ unit: 'ms', peer, bound });
const seconds = (bound: Bound, peer: string): Metric => ({ unit: 's', peer, bound });
const megabytes = (atMost: number): Metric => ({ unit: 'MB', peer: 'parsed objects', bound: { atMost } });
const growth: Metric = { unit: '', peer: '', bound: { atMost: 1.05 }, isExpensive: true };
const expensive = (metric: Metric): Metric => ({ ...metric, isExpensive: true });

/** Milliseconds without a key before the server is asked for a whole email. */
export const serverDelay = 400;

const emptyExtension = "painting an empty extension's 100 rows";
const untilServer = `${serverDelay} ms and a bare fetch`;

export const metrics = {
  activation_ms: milliseconds({ timesPeer: 0.09 }, 'importing the SDK'),
  load_100k_limited_s: seconds({ timesPeer: 1.1 }, 'ideal schedule'),
  load_100k_s: seconds({ timesPeer: 1.15 }, 'bare loop'),
  load_100k_at_100ms_s: seconds({ timesPeer: 1.15 }, 'bare loop'),
  load_100k_host_s: seconds({ timesPeer: 1.15 }, 'bare loop'),
  export_100k_s: seconds({ timesPeer: 1.25 }, 'bare loop'),
  export_csv_100k_s: seconds({ timesPeer: 1.25 }, 'bare loop'),
  longest_block_ms: milliseconds({ timesPeer: 0.6 }, 'naive loop of 16'),
  expand_ms: milliseconds({ timesPeer: 2 }, 'bare fetch'),
  search_100k_p50_ms: milliseconds({ timesFaster: 15 }, 'includes loop'),
  search_100k_p99_ms: milliseconds({ timesFaster: 2.5 }, 'includes loop'),
  search_1m_p50_ms: expensive(milliseconds({ timesFaster: 15 }, 'includes loop, every third query')),
  search_1m_p99_ms: expensive(milliseconds({ timesFaster: 2.5 }, 'includes loop, every third query')),
  search_recall: { unit: '', peer: 'plain scan', bound: { atLeast: 1 } },
  keystroke_rows_ms: { ...milliseconds({ timesPeer: 0.6 }, emptyExtension), peerOf: 'keystroke_paint_ms' },
  keystroke_paint_ms: milliseconds({ timesPeer: 1.3 }, emptyExtension),
  keystroke_server_ms: milliseconds({ timesPeer: 1.08 }, untilServer),
  keystroke_server_at_100ms_ms: milliseconds({ timesPeer: 1.08 }, untilServer),
  search_requests: { unit: 'requests', peer: '', bound: { atMost: 12 } },
  index_us_per_user: { unit: 'µs', peer: 'JSON.parse of the same', bound: { timesPeer: 14 } },
  memory_100k_mb: megabytes(50),
  heap_100k_mb: megabytes(5),
  memory_1m_mb: expensive(megabytes(500)),
  growth_load: growth,
  growth_index: growth,
  growth_memory: growth,
} as const satisfies Readonly<Record<string, Metric>>;

export type MetricName = keyof typeof metrics;

export const metricNames = Object.keys(metrics) as MetricName[];

export function metricOf(name: MetricName): Metric {
  return metrics[name];
}

/**
 * The metrics whose names begin with one of the texts between the commas; without a text all, the expensive ones if they are asked for.
 * A metric whose peer belongs to another one comes with that one. Throws where a text is the beginning of none.
 */
export function wantedMetrics(only: string | undefined, isFull: boolean): ReadonlySet<MetricName> {
  const beginnings = only?.split(',').filter((text) => text !== '') ?? [];
  const unknown = beginnings.find((text) => !metricNames.some((name) => name.startsWith(text)));
  if (unknown !== undefined) {
    throw new Error(`No metric begins with ${unknown}. There are: ${metricNames.join(', ')}`);
  }

  const named = metricNames.filter((name) =>
    beginnings.length > 0
      ? beginnings.some((text) => name.startsWith(text))
      : isFull || metricOf(name).isExpensive !== true,
  );
  const needed = new Set<string | undefined>(named.map((name) => metricOf(name).peerOf));
  return new Set(metricNames.filter((name) => named.includes(name) || needed.has(name)));
}
