// node indexing.js <users> [warm]: what the main thread does beyond JSON.parse while pages arrive, from page texts in memory.
import { directoryOf, pageSize, pageText } from './directory.mts';
import { listOver, loadAll } from './filledList';
import { addSample, inTurn } from './sample.mts';

const users = Number(process.argv[2]);
const directory = directoryOf(users);
/** For the growth of it: no first call is measured. */
const isWarm = process.argv[3] === 'warm';

/** Microseconds of this thread, waiting not counted. */
function threadTime(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

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

/** Microseconds of a whole reading of so many users. */
async function reading(count: number): Promise<number> {
  const list = listOver((page) => (page <= count / pageSize ? textOf(page) : textOf(pages.length)));
  decoding = 0;
  const started = threadTime();
  await loadAll(list, count);
  return threadTime() - started - decoding;
}

function parsing(): number {
  decoding = 0;
  const started = threadTime();
  for (let page = 1; page <= pages.length; page++) JSON.parse(textOf(page));
  return threadTime() - started - decoding;
}

async function main(): Promise<void> {
  if (isWarm) {
    await reading(10_000);
    parsing();
  }
  const times = { whole: 0, parse: 0 };
  const contestants = [
    async () => void (times.whole = await reading(users)),
    () => Promise.resolve(void (times.parse = parsing())),
  ];
  for (const measure of inTurn(contestants)) await measure();
  const [value, peerValue] = [(times.whole - times.parse) / users, times.parse / users];
  addSample({ metric: 'index_us_per_user', value, peerValue });
}

void main();
