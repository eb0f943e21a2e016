import { Block, passesOf, widestPassOf } from './block';
import { usersPerBlock } from './columns';
import { type Query, type Term } from './query';
import { type Rank, type SearchableUser } from './rank';
import { keyOfId, recordOf } from './records';
import { UserIds } from './userIds';

export { type Rank, ranks, type SearchableUser } from './rank';

/** Blocks that are sampled for the number of users that may have a term. */
const mostSampled = 8;

/** A user that matches a query. */
export interface Match {
  /** The number of users that were added before this one. */
  readonly index: number;
  readonly rank: Rank;
}

/**
 * The searched text of many users, about 280 bytes each, all but a thousandth of it outside the heap. A search makes one
 * pass for each rank: it finds the users that may match by bit signatures of blocks, and compares only their texts.
 */
export class UserIndex {
  private userCount = 0;
  private readonly blocks: Block[] = [];
  /** The blocks before this one are signed. */
  private firstUnsigned = 0;
  private readonly room = Buffer.allocUnsafeSlow(256);
  private readonly ids = new UserIds((user) => this.blockOf(user).lastField(user % usersPerBlock));

  get count(): number {
    return this.userCount;
  }

  /** Its number is the `count` before. */
  add(user: SearchableUser): void {
    const number = this.userCount;
    if (number % usersPerBlock === 0) {
      this.blocks.push(new Block());
    }
    const block = this.blockOf(number);
    block.add(recordOf(user), user.active);
    if (user.id !== undefined) {
      this.ids.add(block.lastField(number % usersPerBlock), number);
    }
    this.userCount++;
  }

  /** Signs records until `isOver`, which is asked after each 16; returns whether all are signed. A search finds the same before and after. */
  sign(isOver: () => boolean): boolean {
    for (let count = 1; ; count++) {
      const block = this.blocks[this.firstUnsigned];
      if (block && !block.isSigned) {
        block.signNext();
      } else if (this.firstUnsigned >= this.blocks.length - 1) {
        return true;
      } else {
        this.firstUnsigned++;
      }
      if (count % 16 === 0 && isOver()) {
        return false;
      }
    }
  }

  /** The first user with exactly this id. */
  indexOfId(id: string): number | undefined {
    return this.ids.find(this.bytesOf(keyOfId(id)));
  }

  /** The best `limit` users that fit, by rank, then in the order in which they were added. `providers` is left to the caller. */
  search(query: Query, limit: number): Match[] {
    const matches: Match[] = [];
    if (limit <= 0 || query.terms.some(({ field }) => field === 'username')) {
      return matches;
    }
    for (const pass of passesOf({ ...query, terms: this.rarestFirst(query.terms) })) {
      for (const [i, block] of this.blocks.entries()) {
        const first = i * usersPerBlock;
        const found = (user: number) => matches.push({ index: first + user, rank: pass.rank }) >= limit;
        if (block.find(pass, found)) {
          return matches;
        }
      }
    }
    return matches;
  }

  /**
   * The term that the fewest users seem to have comes first, of several the longest: a user without it need not be compared with the others.
   * The order changes only the time that a search takes, so a few blocks are sampled.
   */
  rarestFirst(terms: readonly Term[]): readonly Term[] {
    if (terms.length < 2) {
      return terms;
    }
    const step = Math.ceil(this.blocks.length / mostSampled);
    const sample = this.blocks.filter((_, i) => i % step === 0);
    const counted = terms.map((term) => {
      const pass = widestPassOf(term);
      return { term, count: sample.reduce((sum, block) => sum + block.countSuspects(pass), 0) };
    });
    counted.sort((a, b) => a.count - b.count || b.term.folded.length - a.term.folded.length);
    return counted.map(({ term }) => term);
  }

  /** A view that is good until the next call: a walk asks for the id of every user, and a buffer for each would cost as much again. */
  private bytesOf(key: string): Uint8Array {
    return 3 * key.length > this.room.length ? Buffer.from(key) : this.room.subarray(0, this.room.write(key));
  }

  private blockOf(user: number): Block {
    const block = this.blocks[Math.floor(user / usersPerBlock)];
    if (block === undefined) {
      throw new RangeError(`There is no user ${user}.`);
    }
    return block;
  }
}
