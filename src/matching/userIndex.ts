import { Block, passesOf, widestPassOf } from './block';
import { usersPerBlock } from './columns';
import { type Query, type Term } from './query';
import { type Rank, type SearchableUser } from './rank';
import { keyOfId, recordOf } from './records';
import { UserIds } from './userIds';

export { type Rank, ranks, type SearchableUser } from './rank';

/** The number of blocks that are sampled to estimate how many users contain a term. */
const mostSampled = 8;

/** A user that matches a query. */
export interface Match {
  /** The number of users that were added before this one. */
  readonly index: number;
  readonly rank: Rank;
}

/**
 * A search index over the texts of many users or groups. It takes about 280 bytes a user, nearly all outside the JavaScript heap. A search makes one
 * pass for each rank: bit signatures of blocks give the candidates, and only their texts are compared.
 */
export class UserIndex {
  private userCount = 0;
  private readonly blocks: Block[] = [];
  /** The index of the first block that is not signed. */
  private firstUnsigned = 0;
  private readonly room = Buffer.allocUnsafeSlow(256);
  private readonly ids = new UserIds((user) => this.blockOf(user).lastField(user % usersPerBlock));

  get count(): number {
    return this.userCount;
  }

  /** Adds a user, whose number is the previous `count`. */
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

  /** Signs records until `isOver`, which is called after every 16; returns whether all are signed. Signing does not change search results. */
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

  /** The number of the first user with exactly this id. */
  indexOfId(id: string): number | undefined {
    return this.ids.find(this.bytesOf(keyOfId(id)));
  }

  /** The best `limit` users that match, by rank, then in the order in which they were added. Ignores `providers` of the query. */
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
   * The terms, the rarest first, then the longest: a user without the first term is not compared with the others. The order affects only the
   * time of a search, so a sample of the blocks is enough.
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

  /** The UTF-8 of an id: a view that is valid until the next call. A buffer for each user would double the cost. */
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
