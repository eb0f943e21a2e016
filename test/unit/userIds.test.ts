import assert from 'node:assert/strict';
import { hashOf, UserIds } from '../../src/matching/userIds';

/** Characters that differ, where two ids are to collide: as many as are tried until two do. */
const alphabet = Array.from({ length: 64 }, (_, i) => String.fromCharCode(0x30 + i));

/**
 * 2 to the power of `pieces` ids that have one hash under a seed: after each piece there are two ways to come to the same state, and the
 * state is all that the next piece starts from.
 */
function collidingUnder(seed: number, pieces: number): Buffer[] {
  let state = seed;
  let ids = [''];
  for (let piece = 0; piece < pieces; piece++) {
    const [one, other] = twoWays(state);
    ids = ids.flatMap((id) => [id + one, id + other]);
    state = hashOf(Buffer.from(one), state);
  }
  return ids.map((id) => Buffer.from(id));
}

function twoWays(state: number): [string, string] {
  const met = new Map<number, string>();
  for (const a of alphabet) {
    for (const b of alphabet) {
      for (const c of alphabet) {
        const text = `${a}${b}${c}${alphabet[met.size % 64] ?? ''}`;
        const hash = hashOf(Buffer.from(text), state);
        const other = met.get(hash);
        if (other !== undefined && other !== text) {
          return [other, text];
        }
        met.set(hash, text);
      }
    }
  }
  throw new RangeError('No two texts collide');
}

/** How often a key is asked for while all keys are added and found. */
function looks(keys: readonly Buffer[], seed?: number): number {
  let count = 0;
  const keyOf = (user: number) => {
    count++;
    return keys[user] ?? Buffer.alloc(0);
  };
  const ids = seed === undefined ? new UserIds(keyOf) : new UserIds(keyOf, seed);
  keys.forEach((key, user) => ids.add(key, user));
  keys.forEach((key, user) => assert.equal(ids.find(key), user));
  assert.equal(ids.find(Buffer.from('nobody')), undefined);
  return count;
}

describe('The table of ids', () => {
  const seed = 0x811c9dc5;
  const keys = collidingUnder(seed, 10);

  it('is tested with ids that do collide under a seed', () => {
    assert.equal(keys.length, 1024);
    assert.equal(new Set(keys.map((key) => hashOf(key, seed))).size, 1);
    assert.ok(looks(keys, seed) > (keys.length * keys.length) / 4);
  });

  it('looks at few others for ids that collide under another seed, whichever its own is', () => {
    for (const other of [0, 1, seed + 1, seed ^ 0x8000_0000, 0xffff_ffff, undefined, undefined, undefined]) {
      assert.ok(looks(keys, other) < 20 * keys.length, `${String(other)}: ${looks(keys, other)} looks`);
    }
  });

  it('draws a seed of its own each time', () => {
    const drawn = new Set(Array.from({ length: 20 }, () => new UserIds(() => Buffer.alloc(0)).seed));
    assert.ok(drawn.size > 15);
  });

  it('spreads ids of one form over all places', () => {
    const uuids = Array.from({ length: 20_000 }, (_, i) =>
      Buffer.from(`00000000-0000-4000-8000-${String(i).padStart(12, '0')}`),
    );
    assert.ok(looks(uuids) < 10 * uuids.length);
  });
});
