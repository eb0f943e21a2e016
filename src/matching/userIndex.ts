import { Block, passesOf } from './block';
import { usersPerBlock } from './columns';
import { type Query } from './query';
import { type Rank, type SearchableUser } from './rank';
import { keyOfId, recordOf } from './records';
import { UserIds } from './userIds';

export { type Rank, ranks, type SearchableUser } from './rank';

/** A user that fits a query. */
export interface Match {
  /** The number of users that were added before this one. */
  readonly index: number;
  readonly rank: Rank;
}

/**
 * The searched text of many users, about 280 bytes each, all but a thousandth of it outside the heap. A search takes the users by rank, in a
 * pass for each: in blocks it finds out by bit signatures who may fit, and looks into the text of these alone.
 */
export class UserIndex {
  private userCount = 0;
  private readonly blocks: Block[] = [];
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
    for (const pass of passesOf(query)) {
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
