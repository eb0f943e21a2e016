// What is measured in plain Node: reading, search, memory and loading.
import { type Context, repeated, runScript, type Subject } from './context.mts';
import type { IncludesFigures } from './includes.ts';
import type { Loaded } from './load.ts';
import type { Sample } from './sample.mts';
import { exponent } from './statistics.mts';
import type { MetricName } from './table.mts';
import type { UsersFigures } from './users.ts';

type SearchMetrics = Readonly<Record<'p50' | 'p99', MetricName>>;

function searchSamples({ p50, p99 }: SearchMetrics, ours: UsersFigures, includes: IncludesFigures): Sample[] {
  return [
    { metric: p50, value: ours.search?.p50, peerValue: includes.search?.p50 },
    { metric: p99, value: ours.search?.p99, peerValue: includes.search?.p99 },
  ];
}

const hundredThousand: Subject = {
  name: '100,000 users in memory',
  metrics: ['search_100k_p50_ms', 'search_100k_p99_ms', 'index_us_per_user', 'memory_100k_mb', 'heap_100k_mb'],
  measure({ runs }) {
    return repeated(this.name, runs, async (round) => {
      const ours = await runScript<UsersFigures>('users', [100_000, 1], { round });
      const includes = await runScript<IncludesFigures>('includes', [100_000, 1]);
      return [
        ...searchSamples({ p50: 'search_100k_p50_ms', p99: 'search_100k_p99_ms' }, ours, includes),
        { metric: 'index_us_per_user', value: ours.index, peerValue: ours.parse },
        { metric: 'memory_100k_mb', value: ours.memory.all, peerValue: includes.memory.all },
        { metric: 'heap_100k_mb', value: ours.memory.heap, peerValue: includes.memory.heap },
      ];
    });
  },
};

const recall: Subject = {
  name: 'recall',
  metrics: ['search_recall'],
  measure() {
    return repeated(this.name, 1, () => runScript<Sample[]>('recall', [100_000]));
  },
};

/** All queries would take the loop minutes. */
const includesAsksEvery = 3;

const million: Subject = {
  name: '1,000,000 users in memory, beside 10,000 and 100,000',
  metrics: ['search_1m_p50_ms', 'search_1m_p99_ms', 'memory_1m_mb', 'growth_index', 'growth_memory'],
  measure() {
    return repeated(this.name, 1, async () => {
      const small = await runScript<UsersFigures>('users', [10_000, 0, 'warm']);
      const middle = await runScript<UsersFigures>('users', [100_000, 0, 'warm']);
      const large = await runScript<UsersFigures>('users', [1_000_000, 1, 'warm']);
      const includes = await runScript<IncludesFigures>('includes', [1_000_000, includesAsksEvery]);
      const growth = (figure: (figures: UsersFigures, users: number) => number) =>
        exponent([
          [10_000, figure(small, 10_000)],
          [100_000, figure(middle, 100_000)],
          [1_000_000, figure(large, 1_000_000)],
        ]);
      return [
        ...searchSamples({ p50: 'search_1m_p50_ms', p99: 'search_1m_p99_ms' }, large, includes),
        { metric: 'memory_1m_mb', value: large.memory.all, peerValue: includes.memory.all },
        { metric: 'growth_index', value: growth(({ index }, users) => index * users) },
        { metric: 'growth_memory', value: growth(({ memory }) => memory.all) },
      ];
    });
  },
};

/** Loading all users of a simulator. */
function loading(
  name: string,
  metric: MetricName,
  mode: 'free' | 'limited',
  server: 'near' | 'far' | 'limited',
  mostRuns = Infinity,
): Subject {
  return {
    name,
    metrics: [metric],
    measure: ({ runs, servers }: Context) =>
      repeated(name, Math.min(runs, mostRuns), async (round) => {
        const address = await servers.address(server);
        return [{ metric, ...(await runScript<Loaded>('load', [mode, 100_000], { round, address })) }];
      }),
  };
}

const growthOfLoading: Subject = {
  name: 'growth of loading',
  metrics: ['growth_load'],
  measure({ servers }) {
    return repeated(this.name, 1, async () => {
      const points: [number, number][] = [];
      for (const users of [10_000, 100_000, 1_000_000] as const) {
        const address = await servers.address(`users${users}`);
        const { value = NaN } = await runScript<Loaded>('load', ['growth', users], { address });
        points.push([users, value]);
      }
      return [{ metric: 'growth_load', value: exponent(points) }];
    });
  },
};

export const plainSubjects: readonly Subject[] = [
  hundredThousand,
  recall,
  loading('loading', 'load_100k_s', 'free', 'near'),
  loading('loading within the limits', 'load_100k_limited_s', 'limited', 'limited', 2),
  loading('loading at 100 ms', 'load_100k_at_100ms_s', 'free', 'far', 1),
  million,
  growthOfLoading,
];
