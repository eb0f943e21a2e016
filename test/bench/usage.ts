// What a process measures of itself.
import assert from 'node:assert/strict';
import { percentile } from './statistics.mts';

export interface Megabytes {
  readonly heap: number;
  /** The heap, and array buffers and other memory outside it. */
  readonly all: number;
}

/** Megabytes (1,000,000 bytes) after two collections. */
export function megabytes(): Megabytes {
  assert.ok(gc, 'started with --expose-gc');
  gc();
  gc();
  const { heapUsed, external } = process.memoryUsage();
  return { heap: heapUsed / 1e6, all: (heapUsed + external) / 1e6 };
}

export function grown(before: Megabytes, after: Megabytes): Megabytes {
  return { heap: after.heap - before.heap, all: after.all - before.all };
}

/** Microseconds of this thread, waiting not counted. */
export function threadTime(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

/** Milliseconds that half of the searches, and all but one in a hundred, do not exceed. */
export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
}

/** Searches that are made beforehand, so that nobody's first one is measured. */
const warmUp = 100;

/** Times a search for each of the queries, to the rows that are shown. */
export function searchTimes(search: (typed: string) => unknown, queries: readonly string[]): Percentiles {
  queries.slice(-warmUp).forEach((typed) => search(typed));
  const times = queries.map((typed) => {
    const started = performance.now();
    search(typed);
    return performance.now() - started;
  });
  return { p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
}
