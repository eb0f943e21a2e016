// Every metric: what it is measured in, what it is measured beside, and what it must reach.

export type Bound =
  | { readonly atMost: number }
  | { readonly atLeast: number }
  /** At most so many times the peer's figure, and so much more in the metric's unit. */
  | { readonly timesPeer: number; readonly plus: number }
  /** The peer takes at least so many times as long. */
  | { readonly timesFaster: number };

export interface Metric {
  readonly unit: string;
  /** What `peerValue` is of; empty where there is no peer. */
  readonly peer: string;
  /** None for a figure that only tells more about another one. */
  readonly bounds: readonly Bound[];
}

const milliseconds = (peer: string, ...bounds: Bound[]): Metric => ({ unit: 'ms', peer, bounds });
const seconds = (peer: string, ...bounds: Bound[]): Metric => ({ unit: 's', peer, bounds });
const megabytes = (peer: string, ...bounds: Bound[]): Metric => ({ unit: 'MB', peer, bounds });
const growth: Metric = { unit: '', peer: '', bounds: [{ atMost: 1.05 }] };

/** Milliseconds without a key before the server is asked. */
const debounce = 175;

export const metrics = {
  activation_ms: milliseconds('empty extension', { timesPeer: 1, plus: 5 }),
  activation_beside_sdk_ms: milliseconds('cloudflare SDK import'),
  load_100k_limited_s: seconds('ideal schedule', { atMost: 5.5 }),
  load_100k_s: seconds('bare loop', { timesPeer: 1.15, plus: 0 }),
  load_100k_beside_sdk_s: seconds('cloudflare SDK for await'),
  load_100k_host_s: seconds('bare loop', { timesPeer: 1.15, plus: 0 }),
  expand_ms: milliseconds('bare fetch', { timesPeer: 1, plus: 15 }),
  expand_shown_ms: milliseconds('bare fetch'),
  search_100k_p50_ms: milliseconds('includes loop', { atMost: 0.5 }, { timesFaster: 15 }),
  search_100k_p99_ms: milliseconds('includes loop', { atMost: 5 }, { timesFaster: 2 }),
  search_100k_p50_beside_ufuzzy_ms: milliseconds('ufuzzy'),
  search_100k_p99_beside_ufuzzy_ms: milliseconds('ufuzzy'),
  search_100k_indexes_only_p50_ms: milliseconds('includes loop'),
  search_100k_indexes_only_p99_ms: milliseconds('includes loop'),
  search_1m_p50_ms: milliseconds('includes loop, every third query', { atMost: 3 }, { timesFaster: 15 }),
  search_1m_p99_ms: milliseconds('includes loop, every third query', { atMost: 25 }, { timesFaster: 2 }),
  search_1m_p50_beside_ufuzzy_ms: milliseconds('ufuzzy, every third query'),
  search_1m_p99_beside_ufuzzy_ms: milliseconds('ufuzzy, every third query'),
  search_1m_indexes_only_p50_ms: milliseconds('includes loop, every third query'),
  search_1m_indexes_only_p99_ms: milliseconds('includes loop, every third query'),
  search_recall: { unit: '', peer: 'oracle', bounds: [{ atLeast: 1 }] },
  keystroke_rows_ms: milliseconds("a bare quick pick's 100 rows", { atMost: 16 }),
  keystroke_paint_ms: milliseconds("an empty extension's 100 rows", { timesPeer: 1.3, plus: 0 }),
  keystroke_server_ms: milliseconds('bare fetch', { timesPeer: 1, plus: debounce + 15 }),
  index_us_per_user: { unit: 'µs', peer: 'JSON.parse only', bounds: [{ atMost: 10 }] },
  memory_100k_mb: megabytes('parsed array', { atMost: 50 }),
  heap_100k_mb: megabytes('parsed array', { atMost: 5 }),
  memory_1m_mb: megabytes('parsed array', { atMost: 500 }),
  longest_block_ms: milliseconds('naive loop of 16', { atMost: 25 }),
  growth_load: growth,
  growth_index: growth,
  growth_memory: growth,
  bundle_kb: { unit: 'kB', peer: 'cloudflare SDK, bundled', bounds: [{ atMost: 80 }] },
} as const satisfies Readonly<Record<string, Metric>>;

export type MetricName = keyof typeof metrics;

export const metricNames = Object.keys(metrics) as MetricName[];

export function metricOf(name: MetricName): Metric {
  return metrics[name];
}
