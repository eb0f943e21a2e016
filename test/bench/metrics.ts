// Everything that is measured in the extension host, in this order: the first ones find nothing loaded.
import { activation } from './activation';
import { bundleKilobytes } from './bundle';
import { expand, expandUntilShown } from './expand';
import { keystrokesToRows, keystrokesToServerRows } from './keystrokes';
import { loadEverything } from './loadAll';
import { peerExtensions, type Sample } from './sample.mts';
import type { MetricName } from './table.mts';

interface HostMetric {
  readonly metrics: readonly MetricName[];
  readonly run: () => Promise<readonly Sample[]>;
}

type Pair = Pick<Sample, 'value' | 'peerValue' | 'problem'>;

/** A metric of its own. */
function one(metric: MetricName, run: () => Promise<Pair>): HostMetric {
  return { metrics: [metric], run: async () => [{ metric, ...(await run()) }] };
}

export const metrics: readonly HostMetric[] = [
  one('activation_ms', () => activation(peerExtensions.empty)),
  one('activation_beside_sdk_ms', () => activation(peerExtensions.sdk)),
  one('expand_ms', expand),
  one('expand_shown_ms', expandUntilShown),
  one('bundle_kb', bundleKilobytes),
  one('keystroke_server_ms', keystrokesToServerRows),
  { metrics: ['load_100k_host_s', 'longest_block_ms'], run: loadEverything },
  one('keystroke_rows_ms', keystrokesToRows),
];
