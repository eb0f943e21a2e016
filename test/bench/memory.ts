// node --expose-gc memory.js <users> list|array: what a directory takes, held by the product or as parsed objects.
import assert from 'node:assert/strict';
import { hash32 } from '../simulator/deterministic.mts';
import { directoryOf, pageSize, pageText, rawText } from './directory.mts';
import { listOver, loadAll } from './filledList';

/** Users whose text is looked at. */
const looks = 1_000;

const users = Number(process.argv[2]);
const directory = directoryOf(users);

/** Megabytes (1,000,000 bytes) after two collections. External memory has array buffers in it. */
function megabytes(): { heap: number; all: number } {
  assert.ok(gc, 'started with --expose-gc');
  gc();
  gc();
  const { heapUsed, external } = process.memoryUsage();
  return { heap: heapUsed / 1e6, all: (heapUsed + external) / 1e6 };
}

/** What is held, and a function that gives a user's text. */
type Holder = () => Promise<(place: number) => Promise<string>>;

const list: Holder = async () => {
  const held = listOver((page) => pageText(directory, page));
  await loadAll(held, users);
  return async (place) => {
    // Shows pages that are held already; nothing is asked for.
    while (held.count <= place) await held.loadMore();
    return held.rawText(place);
  };
};

const array: Holder = async () => {
  const held: unknown[] = [];
  for (let page = 1; page <= users / pageSize; page++) {
    held.push(...(JSON.parse(pageText(directory, page)) as { result: unknown[] }).result);
    // As pages come from a network, one after the other.
    await Promise.resolve();
  }
  return (place) => Promise.resolve(JSON.stringify(held[place]));
};

async function main(): Promise<void> {
  // Whatever the first page loads and compiles is no part of the directory.
  pageText(directory, 1);
  const before = megabytes();
  const textOf = await (process.argv[3] === 'list' ? list : array)();
  const after = megabytes();
  for (let i = 0; i < looks; i++) {
    const place = hash32(users, i) % users;
    assert.equal(await textOf(place), rawText(directory, place));
  }
  console.log(JSON.stringify({ heap: after.heap - before.heap, all: after.all - before.all }));
}

void main();
