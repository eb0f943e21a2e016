// Everything that is measured in the extension host, in this order: the first ones find nothing loaded.
import { activation } from './activation';
import { expand } from './expand';
import { keystrokesToRows, keystrokesToServerRows, requestsOfTypedEmail } from './keystrokes';
import { loadEverything } from './loadAll';
import type { Sample } from './sample.mts';
import type { MetricName } from './table.mts';

interface HostMetric {
  readonly metrics: readonly MetricName[];
  readonly run: () => Promise<readonly Sample[]>;
}

/** A metric of its own. */
function one(metric: MetricName, run: () => Promise<Omit<Sample, 'metric'>>): HostMetric {
  return { metrics: [metric], run: async () => [{ metric, ...(await run()) }] };
}

export const metrics: readonly HostMetric[] = [
  one('activation_ms', activation),
  one('expand_ms', expand),
  one('search_requests', requestsOfTypedEmail),
  one('keystroke_server_ms', () => keystrokesToServerRows('near')),
  one('keystroke_server_at_100ms_ms', () => keystrokesToServerRows('far')),
  { metrics: ['load_100k_host_s', 'export_100k_s', 'export_csv_100k_s', 'longest_block_ms'], run: loadEverything },
  one('keystroke_rows_ms', keystrokesToRows),
];
