// Everything that is measured in the extension host, in this order. A new metric is one more entry.
import { activation } from './activation';
import { bundleKilobytes } from './bundle';
import { expand, expandUntilShown } from './expand';
import { type Bound, peerExtensions } from './sample.mts';

export interface Metric {
  readonly name: string;
  readonly unit: string;
  /** What `peerValue` is of. */
  readonly peer: string;
  readonly bound?: Bound;
  /** One measurement of ours and one of the peer's, both in `unit`. */
  readonly run: () => Promise<{ readonly value: number; readonly peerValue: number }>;
}

export const metrics: readonly Metric[] = [
  {
    name: 'activation_ms',
    unit: 'ms',
    peer: 'empty extension',
    bound: { peerTimes: 1, plus: 5 },
    run: () => activation(peerExtensions.empty),
  },
  {
    name: 'activation_beside_sdk_ms',
    unit: 'ms',
    peer: 'cloudflare SDK import',
    run: () => activation(peerExtensions.sdk),
  },
  {
    name: 'expand_ms',
    unit: 'ms',
    peer: 'bare fetch',
    bound: { peerTimes: 1, plus: 15 },
    run: expand,
  },
  {
    name: 'expand_shown_ms',
    unit: 'ms',
    peer: 'bare fetch',
    run: expandUntilShown,
  },
  {
    name: 'bundle_kb',
    unit: 'kB',
    peer: 'cloudflare SDK, bundled',
    bound: { peerTimes: 0, plus: 80 },
    run: bundleKilobytes,
  },
];
