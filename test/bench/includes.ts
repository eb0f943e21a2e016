// node --expose-gc includes.js <users> <every>: what a directory costs that is held as parsed objects, and searched by a loop with `includes`
// for every so many-th query of the committed list, none for 0. In a process of its own, so that nobody collects another one's garbage.
import { fold } from '../../src/matching/fold';
import { parseQuery } from '../../src/matching/query';
import { searchedFields } from '../../src/matching/rank';
import { directoryOf, pageSize, pageText } from './directory.mts';
import { IncludesLoop } from './includesLoop';
import { parsedUsers, searchable } from './parsedUsers';
import { readQueries, rows } from './queries.mts';
import { grown, type Megabytes, megabytes, type Percentiles, searchTimes } from './usage';

export interface IncludesFigures {
  readonly memory: Megabytes;
  readonly search: Percentiles | undefined;
}

const users = Number(process.argv[2]);
const every = Number(process.argv[3]);
const directory = directoryOf(users);

async function read(): Promise<Record<string, unknown>[]> {
  const read: Record<string, unknown>[] = [];
  for (let page = 1; page <= users / pageSize; page++) {
    read.push(...parsedUsers(pageText(directory, page)));
    // As pages come from a network, one after the other.
    await Promise.resolve();
  }
  return read;
}

function loopOver(everyone: readonly Record<string, unknown>[]): IncludesLoop {
  const loop = new IncludesLoop();
  for (const user of everyone) {
    loop.add(searchedFields(searchable(user)).flatMap(([, text]) => (text === undefined ? [] : fold(text))));
  }
  return loop;
}

async function main(): Promise<void> {
  // Whatever the first page loads and compiles is no part of the directory.
  pageText(directory, 1);
  const before = megabytes();
  const everyone = await read();
  const memory = grown(before, megabytes());

  const loop = every > 0 ? loopOver(everyone.splice(0)) : undefined;
  const search = loop && searchTimes((typed) => loop.search(parseQuery(typed), rows), readQueries(every));
  console.log(JSON.stringify({ memory, search } satisfies IncludesFigures));
}

void main();
