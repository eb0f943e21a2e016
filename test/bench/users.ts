// node --expose-gc users.js <users> <every> [warm]: what a directory costs that the product holds: reading it from page texts in memory, the
// memory, and every so many-th query of the committed list, none for 0. One line of JSON has the figures.
import assert from 'node:assert/strict';
import type { ScimUserList } from '../../src/directory/scimLists';
import { parseQuery } from '../../src/matching/query';
import { hash32 } from '../simulator/deterministic.mts';
import { directoryOf, pageSize, pageText, rawText } from './directory.mts';
import { listOver, loadAll, signed } from './filledList';
import { readQueries, rows } from './queries.mts';
import { inTurn } from './sample.mts';
import { grown, type Megabytes, megabytes, type Percentiles, searchTimes, threadTime } from './usage';

export interface UsersFigures {
  /** Microseconds of the thread for a user while pages are read, parsing not counted. */
  readonly index: number;
  /** Microseconds for a user of `JSON.parse` alone. */
  readonly parse: number;
  readonly memory: Megabytes;
  readonly search: Percentiles | undefined;
}

/** Users whose text is compared with the server's. */
const comparedUsers = 1_000;
/** For the growth of it, where no first call may be measured. */
const warmUpUsers = 10_000;

const users = Number(process.argv[2]);
const every = Number(process.argv[3]);
const isWarm = process.argv[4] === 'warm';
const directory = directoryOf(users);

/** As bytes, outside the heap, as they come from the network. */
const pages = Array.from({ length: users / pageSize + 1 }, (_, i) => Buffer.from(pageText(directory, i + 1)));

/** Microseconds in which texts are made of bytes: not measured. */
let decoding = 0;

function textOf(page: number): string {
  const started = threadTime();
  const text = pages[page - 1]?.toString() ?? '';
  decoding += threadTime() - started;
  return text;
}

/** Microseconds of the thread that some work took, the decoding of bytes not counted. */
async function timed(work: () => void | Promise<void>): Promise<number> {
  decoding = 0;
  const started = threadTime();
  await work();
  return threadTime() - started - decoding;
}

function emptyList(count: number): ScimUserList {
  return listOver((page) => textOf(page <= count / pageSize ? page : pages.length));
}

async function read(): Promise<{ list: ScimUserList; time: number; memory: Megabytes }> {
  const before = megabytes();
  const list = emptyList(users);
  const time = await timed(async () => {
    await loadAll(list, users);
    await signed(list);
  });
  return { list, time, memory: grown(before, megabytes()) };
}

function parse(count: number): void {
  for (let page = 1; page <= count / pageSize + 1; page++) JSON.parse(textOf(page));
}

async function compareTexts(list: ScimUserList): Promise<void> {
  for (let i = 0; i < comparedUsers; i++) {
    const place = hash32(users, i) % users;
    // Shows pages that are held already; nothing is asked for.
    while (list.shown.count <= place) await list.shown.loadMore();
    assert.equal(list.shown.rawText(place), rawText(directory, place));
  }
}

async function main(): Promise<void> {
  if (isWarm) {
    await loadAll(emptyList(warmUpUsers), warmUpUsers);
    parse(warmUpUsers);
  }
  const { reading, parsing } = await inTurn({ reading: read, parsing: () => timed(() => parse(users)) });
  const { list, time, memory } = reading;
  // Nothing is left in memory that the product does not hold.
  pages.length = 0;

  const search = (typed: string) => list.search(parseQuery(typed), rows).map(({ item }) => item);
  const figures: UsersFigures = {
    index: (time - parsing) / users,
    parse: parsing / users,
    memory,
    search: every > 0 ? searchTimes(search, readQueries(every)) : undefined,
  };
  await compareTexts(list);
  console.log(JSON.stringify(figures));
}

void main();
