import { deepEqual, equal, rejects } from 'node:assert/strict';
import { ExpiringCache } from '../../src/directory/expiringCache';

/** A cache on a clock that a test moves, and how often each key was asked for. */
function cacheOf() {
  const time = { ms: 0 };
  const cache = new ExpiringCache<string>(60_000, () => time.ms);
  const asked: string[] = [];
  const get = (key: string, answer: () => Promise<string> = () => Promise.resolve(`answer ${asked.length}`)) =>
    cache.get(key, () => {
      asked.push(key);
      return answer();
    });
  return { time, cache, asked, get };
}

describe('ExpiringCache', () => {
  it('gives the same answer for a minute, from when it came, and then asks anew', async () => {
    const { time, asked, get } = cacheOf();
    const slow = Promise.withResolvers<string>();
    const first = get('a', () => slow.promise);
    time.ms = 5000;
    slow.resolve('one');
    equal(await first, 'one');
    time.ms = 64_999;
    equal(await get('a'), 'one');
    time.ms = 65_000;
    equal(await get('a'), 'answer 2');
    deepEqual(asked, ['a', 'a']);
  });

  it('keeps keys apart', async () => {
    const { get } = cacheOf();
    deepEqual([await get('a'), await get('b'), await get('a')], ['answer 1', 'answer 2', 'answer 1']);
  });

  it('keeps no failure, and nothing of what was there before it for longer', async () => {
    const { time, get, asked } = cacheOf();
    await rejects(
      get('a', () => Promise.reject(new Error('reset'))),
      /reset/,
    );
    equal(await get('a'), 'answer 2');
    time.ms = 60_000;
    await rejects(
      get('a', () => Promise.reject(new Error('reset'))),
      /reset/,
    );
    equal(await get('a'), 'answer 4');
    equal(asked.length, 4);
  });

  it('forgets everything when it is told to, answers under way included', async () => {
    const { cache, get } = cacheOf();
    await get('a');
    const slow = Promise.withResolvers<string>();
    const underWay = get('b', () => slow.promise);
    cache.clear();
    slow.resolve('from before');
    equal(await underWay, 'from before');
    deepEqual([await get('a'), await get('b')], ['answer 3', 'answer 4']);
  });

  it('holds on to no answer that is out of date', async () => {
    const { time, get, asked } = cacheOf();
    await get('a');
    time.ms = 60_000;
    await get('b');
    // No clock does so; it only shows what is still held.
    time.ms = 0;
    await get('a');
    deepEqual(asked, ['a', 'b', 'a']);
  });

  it('keeps 50 answers, the newest', async () => {
    const { get, asked } = cacheOf();
    for (let i = 0; i < 51; i++) {
      await get(`key ${i}`);
    }
    await get('key 1');
    await get('key 50');
    equal(asked.length, 51);
    await get('key 0');
    equal(asked.length, 52);
  });
});
