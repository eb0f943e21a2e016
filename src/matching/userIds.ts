import { randomInt } from 'node:crypto';

const shardCount = 64;
/** Maximum number of users: an entry has 24 bits for the user's number and 8 bits of the hash. */
const maxUsers = 0xff_ffff;

/**
 * Maps an id's key to a user's number. Open addressing in shards, which grow one by one, so that no growth takes long. An entry is the user's
 * number + 1 and the upper 8 bits of the key's hash; a callback compares the key itself. The hash is seeded, so that an attacker who chooses
 * ids cannot make them collide.
 */
export class UserIds {
  private readonly shards = Array.from({ length: shardCount }, () => new Shard());

  constructor(
    private readonly keyOf: (user: number) => Uint8Array,
    /** Any 32 bits. */
    readonly seed = randomInt(2 ** 32),
  ) {}

  find(key: Uint8Array): number | undefined {
    const hash = hashOf(key, this.seed);
    return this.shardOf(hash).find(hash, (user) => areEqual(this.keyOf(user), key));
  }

  /** Adds a user. Of two users with the same id the first one stays. */
  add(key: Uint8Array, user: number): void {
    const hash = hashOf(key, this.seed);
    const shard = this.shardOf(hash);
    if (user < maxUsers && shard.find(hash, (other) => areEqual(this.keyOf(other), key)) === undefined) {
      shard.add(hash, user, (other) => hashOf(this.keyOf(other), this.seed));
    }
  }

  private shardOf(hash: number): Shard {
    // Every remainder has a shard.
    return this.shards[hash % shardCount] ?? new Shard();
  }
}

class Shard {
  private count = 0;
  /** The length is a power of two; 0 is a free entry. */
  private entries: Int32Array = new Int32Array(8);

  find(hash: number, isIt: (user: number) => boolean): number | undefined {
    for (let place = this.firstPlace(hash); ; place = this.nextPlace(place)) {
      const entry = this.entries[place] ?? 0;
      if (entry === 0) {
        return undefined;
      }
      if ((entry ^ hash) >>> 24 === 0 && isIt(userOf(entry))) {
        return userOf(entry);
      }
    }
  }

  add(hash: number, user: number, hashOfUser: (user: number) => number): void {
    if (4 * ++this.count > 3 * this.entries.length) {
      const before = this.entries;
      this.entries = new Int32Array(2 * before.length);
      before.filter((entry) => entry !== 0).forEach((entry) => this.put(hashOfUser(userOf(entry)), entry));
    }
    this.put(hash, (hash & ~maxUsers) | (user + 1));
  }

  private put(hash: number, entry: number): void {
    let place = this.firstPlace(hash);
    while (this.entries[place] !== 0) {
      place = this.nextPlace(place);
    }
    this.entries[place] = entry;
  }

  private firstPlace(hash: number): number {
    return Math.floor(hash / shardCount) & (this.entries.length - 1);
  }

  private nextPlace(place: number): number {
    return (place + 1) & (this.entries.length - 1);
  }
}

function userOf(entry: number): number {
  return (entry & maxUsers) - 1;
}

/**
 * FNV-1a from a seed, an unsigned 32-bit number. The upper bits are mixed into the lower ones after each byte: otherwise texts could be
 * constructed that collide under many seeds.
 */
export function hashOf(bytes: Uint8Array, seed: number): number {
  let hash = seed;
  for (const byte of bytes) {
    hash = Math.imul(hash ^ byte, 0x01000193);
    hash ^= hash >>> 15;
  }
  return hash >>> 0;
}

function areEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}
