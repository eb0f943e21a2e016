// What is measured in plain Node: search, indexing, memory and loading.
import { type Context, lastJson, repeated, runScript, type Subject } from './context.mts';
import { median } from './report.mts';
import type { Sample } from './sample.mts';
import type { Contestant, SearchTimes } from './searchSpeed.ts';
import type { MetricName } from './table.mts';

const sizes = [10_000, 100_000, 1_000_000] as const;

/** Search among so many users; each contestant in a process of its own, in turn. */
function search(size: '100k' | '1m', users: number, peersAskEvery: number): Subject {
  const names = {
    rows: { p50: `search_${size}_p50_ms`, p99: `search_${size}_p99_ms` },
    ufuzzy: { p50: `search_${size}_p50_beside_ufuzzy_ms`, p99: `search_${size}_p99_beside_ufuzzy_ms` },
    indexes: { p50: `search_${size}_indexes_only_p50_ms`, p99: `search_${size}_indexes_only_p99_ms` },
  } as const;
  const times = async (contestant: Contestant, every: number) =>
    lastJson((await runScript('searchSpeed', [users, contestant, every])).output) as SearchTimes;
  return {
    name: `search among ${users.toLocaleString('en')}`,
    metrics: Object.values(names).flatMap(({ p50, p99 }) => [p50, p99]),
    measure: ({ runs }) =>
      repeated(`search among ${users.toLocaleString('en')}`, size === '1m' ? 1 : runs, async () => {
        const ours = await times('ours', 1);
        const [includes, ufuzzy] = [await times('includes', peersAskEvery), await times('ufuzzy', peersAskEvery)];
        return (['p50', 'p99'] as const).flatMap((part) => [
          { metric: names.rows[part], value: ours.rows[part], peerValue: includes.rows[part] },
          { metric: names.ufuzzy[part], value: ours.rows[part], peerValue: ufuzzy.rows[part] },
          { metric: names.indexes[part], value: ours.indexes[part], peerValue: includes.rows[part] },
        ]);
      }),
  };
}

/** A subject that is one script, run so often. */
function script(
  name: string,
  metrics: readonly MetricName[],
  args: readonly [script: string, ...args: (string | number)[]],
  isOnce = false,
): Subject {
  const [file, ...others] = args;
  return {
    name,
    metrics,
    measure: ({ runs }) =>
      repeated(name, isOnce ? 1 : runs, async (round) => (await runScript(file, others, round)).samples),
  };
}

/** The exponent with which figures grow: the slope of a straight line through their logarithms. */
function exponent(points: readonly (readonly [size: number, figure: number])[]): number {
  const logs = points.map(([size, figure]) => [Math.log(size), Math.log(figure)] as const);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(logs.map(([size]) => size)), mean(logs.map(([, figure]) => figure))];
  const covariance = mean(logs.map(([size, figure]) => (size - x) * (figure - y)));
  return covariance / mean(logs.map(([size]) => (size - x) ** 2));
}

/** A subject that measures a figure at each size, in a process of its own. */
function growth(metric: MetricName, name: string, figureAt: (users: number) => Promise<number>): Subject {
  return {
    name,
    metrics: [metric],
    async measure() {
      const points: [number, number][] = [];
      await repeated(name, sizes.length, async (i) => {
        const users = sizes[i] ?? NaN;
        points.push([users, await figureAt(users)]);
        return [];
      });
      return [{ metric, value: exponent(points) }];
    },
  };
}

interface Megabytes {
  readonly heap: number;
  readonly all: number;
}

async function megabytes(users: number, holder: 'list' | 'array'): Promise<Megabytes> {
  return lastJson((await runScript('memory', [users, holder])).output) as Megabytes;
}

/** Memory is measured at three sizes for its growth; each in a process of its own. */
const memory: Subject = {
  name: 'memory',
  metrics: ['memory_100k_mb', 'heap_100k_mb', 'memory_1m_mb', 'growth_memory'],
  async measure({ runs, wanted }: Context) {
    const samples = await repeated('memory', runs, async () => {
      const [ours, peer] = [await megabytes(100_000, 'list'), await megabytes(100_000, 'array')];
      return [
        { metric: 'memory_100k_mb', value: ours.all, peerValue: peer.all },
        { metric: 'heap_100k_mb', value: ours.heap, peerValue: peer.heap },
      ];
    });
    if (!wanted.has('memory_1m_mb') && !wanted.has('growth_memory')) return samples;

    const [small, large] = [await megabytes(10_000, 'list'), await megabytes(1_000_000, 'list')];
    const middle = median(samples.flatMap(({ metric, value }) => (metric === 'memory_100k_mb' ? (value ?? []) : [])));
    const points = [
      [10_000, small.all],
      [100_000, middle],
      [1_000_000, large.all],
    ] as const;
    const peerValue = (await megabytes(1_000_000, 'array')).all;
    const grown: Sample = { metric: 'growth_memory', value: exponent(points) };
    return [...samples, { metric: 'memory_1m_mb', value: large.all, peerValue }, grown];
  },
};

/** Microseconds a user beyond parsing, of a process that has run the code before. */
async function indexingTime(users: number): Promise<number> {
  const { samples } = await runScript('indexing', [users, 'warm']);
  return (samples[0]?.value ?? NaN) * users;
}

async function loadingTime(users: number): Promise<number> {
  return (lastJson((await runScript('load', ['growth', users])).output) as { seconds: number }).seconds;
}

export const plainSubjects: readonly Subject[] = [
  search('100k', 100_000, 1),
  // All queries would take the peers alone five minutes.
  search('1m', 1_000_000, 3),
  script('recall', ['search_recall'], ['searchRecall', 100_000], true),
  script('indexing', ['index_us_per_user'], ['indexing', 100_000]),
  growth('growth_index', 'growth of indexing', indexingTime),
  memory,
  script('loading within the limits', ['load_100k_limited_s'], ['load', 'limited', 100_000]),
  script('loading', ['load_100k_s'], ['load', 'free', 100_000]),
  script('loading beside the SDK', ['load_100k_beside_sdk_s'], ['load', 'sdk', 100_000], true),
  growth('growth_load', 'growth of loading', loadingTime),
];
