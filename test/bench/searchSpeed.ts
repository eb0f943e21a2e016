// node searchSpeed.js <users> ours|includes|ufuzzy [every]: times every query of the committed list, or every so many-th. One line of
// JSON has the percentiles. Each contestant has a process of its own, so that nobody collects another one's garbage.
import { parseQuery } from '../../src/matching/query';
import { directoryOf, pageSize, pageText } from './directory.mts';
import { listOver, loadAll } from './filledList';
import { parsedUsers } from './parsedUsers';
import { allQueries, readQueries } from './queries.mts';
import { percentile } from './report.mts';
import { rows, SearchPeers } from './searchPeers';

export type Contestant = 'ours' | 'includes' | 'ufuzzy';

/** Milliseconds that half of the queries, and all but one in a hundred, do not exceed. */
export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
}

export interface SearchTimes {
  /** Keystroke to 100 ranked rows; ours decodes each user. */
  readonly rows: Percentiles;
  /** The same without decoding. */
  readonly indexes: Percentiles;
}

type Search = (typed: string) => readonly unknown[];

/** Queries that are searched for beforehand, so that nobody's first query is measured. */
const warmUp = 100;

const users = Number(process.argv[2]);
const contestant = process.argv[3] as Contestant;
const every = Number(process.argv[4] ?? 1);
const directory = directoryOf(users);

async function ours(): Promise<Record<keyof SearchTimes, Search>> {
  const list = listOver((page) => pageText(directory, page));
  await loadAll(list, users);
  const indexes = (typed: string) => list.search(parseQuery(typed), rows);
  return { indexes, rows: (typed) => indexes(typed).map(({ user }) => user) };
}

async function peer(name: 'includes' | 'ufuzzy'): Promise<Record<keyof SearchTimes, Search>> {
  const peers = new SearchPeers();
  for (let page = 1; page <= users / pageSize; page++) {
    parsedUsers(pageText(directory, page)).forEach((user) => peers.add(user));
    // As pages come from a network, one after the other.
    await Promise.resolve();
  }
  return { indexes: peers[name], rows: peers[name] };
}

function measured(search: Search, queries: readonly string[]): Percentiles {
  queries.slice(-warmUp).forEach((typed) => search(typed));
  const times = queries.map((typed) => {
    const started = performance.now();
    search(typed);
    return performance.now() - started;
  });
  return { p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
}

async function main(): Promise<void> {
  const searches = await (contestant === 'ours' ? ours() : peer(contestant));
  const queries = allQueries(readQueries()).filter((_, i) => i % every === 0);
  const ofRows = measured(searches.rows, queries);
  const times: SearchTimes = {
    rows: ofRows,
    indexes: searches.indexes === searches.rows ? ofRows : measured(searches.indexes, queries),
  };
  console.log(JSON.stringify(times));
}

void main();
