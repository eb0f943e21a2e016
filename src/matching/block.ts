import {
  Columns,
  type Group,
  ids,
  placeOf,
  placesFor,
  stateColumns,
  texts,
  usersPerBlock,
  wordsPerColumn,
} from './columns';
import { type Query, type Term } from './query';
import { type Rank, ranks } from './rank';
import { firstTextByte, type Needle, needleOf, rankInRecord, type RecordParts } from './records';

/** The candidates for a term at the rank of a pass, in one part of the record. */
interface Suspects {
  /** The columns in which the bits of candidates are set; undefined if the term cannot be in this part. */
  readonly places: Int32Array | undefined;
  /** A bit for each user of a block whose bits are set in all of them, 32 in a word. */
  readonly mask: Int32Array;
}

interface SoughtTerm {
  readonly needle: Needle;
  /** The unsigned users of each block whose records contain the text. They are found once for all passes of a search. */
  readonly holders: Map<Block, Int32Array>;
  readonly inTexts: Suspects;
  readonly inIds: Suspects;
}

/** A search for the users with exactly this rank. */
export interface Pass {
  readonly rank: Rank;
  readonly state: Int32Array;
  readonly terms: readonly SoughtTerm[];
  /** A bit for each user of a block that may match, 32 in a word. */
  readonly mask: Int32Array;
}

/** The passes of a query, the best rank first. Without terms all users have the best rank. */
export function passesOf({ terms, active, isExact }: Query): Pass[] {
  const column = active === undefined ? 'everyone' : active ? 'active' : 'inactive';
  const needles = terms.map(soughtText);
  const wanted = terms.length === 0 || isExact ? [ranks.exact] : Object.values(ranks);
  return wanted.map((rank) => passOf(rank, needles, column));
}

/** A pass that counts the candidates for a term anywhere in a field. */
export function widestPassOf(term: Term): Pass {
  return passOf(ranks.inside, [soughtText(term)], 'everyone');
}

type SoughtText = Pick<SoughtTerm, 'needle' | 'holders'> & Pick<Term, 'field'>;

function soughtText({ folded, field }: Term): SoughtText {
  return { needle: needleOf(folded, field), holders: new Map(), field };
}

function passOf(rank: Rank, terms: readonly SoughtText[], column: keyof typeof stateColumns): Pass {
  return {
    rank,
    state: Int32Array.of(placeOf(stateColumns[column])),
    terms: terms.map((term) => soughtTerm(term, rank)),
    mask: new Int32Array(wordsPerColumn),
  };
}

function soughtTerm({ needle, holders, field }: SoughtText, rank: Rank): SoughtTerm {
  const suspects = (group: Group, may: boolean): Suspects => ({
    places: may ? placesFor(needle.bytes, rank, group) : undefined,
    mask: new Int32Array(wordsPerColumn),
  });
  return {
    needle,
    holders,
    inTexts: suspects(texts, field === undefined || field === 'name' || field === 'email'),
    inIds: suspects(ids, field === undefined || field === 'externalId' || field === 'id'),
  };
}

const everyone = new Int32Array(wordsPerColumn).fill(-1);
/** Bytes. */
const firstCapacity = 4096;

/**
 * Up to `usersPerBlock` records. Records are signed later, by `sign`: a signature takes longer than everything else that is done for a user.
 * A record that is not signed yet is compared byte by byte.
 */
export class Block {
  private count = 0;
  /** The number of signed records. They come first. */
  private signed = 0;
  private readonly columns = new Columns();
  private bytes = Buffer.allocUnsafeSlow(firstCapacity);
  /** The offsets at which each record's ids begin, and at which the next record begins. */
  private readonly middles = new Uint32Array(usersPerBlock);
  private readonly ends = new Uint32Array(usersPerBlock);

  add(record: RecordParts, active: boolean | undefined): void {
    const user = this.count++;
    const start = this.startOf(user);
    // A UTF-16 code unit takes at most three bytes of UTF-8.
    const needed = start + 3 * (record.texts.length + record.ids.length);
    if (needed > this.bytes.length) {
      this.resize(Math.max(2 * this.bytes.length, needed));
    }
    const end = start + this.bytes.write(record.texts + record.ids, start);
    const isAscii = end - start === record.texts.length + record.ids.length;
    const middle = start + (isAscii ? record.texts.length : Buffer.byteLength(record.texts));
    this.middles[user] = middle;
    this.ends[user] = end;

    this.columns.set(user, stateColumns.everyone);
    if (active !== undefined) {
      this.columns.set(user, active ? stateColumns.active : stateColumns.inactive);
    }
    if (this.count === usersPerBlock) {
      this.resize(end);
    }
  }

  /** Whether every record is signed. */
  get isSigned(): boolean {
    return this.signed === this.count;
  }

  /** Signs the next record. */
  signNext(): void {
    const user = this.signed++;
    const middle = this.middles[user] ?? 0;
    this.columns.sign(user, texts, this.bytes, this.startOf(user), middle);
    this.columns.sign(user, ids, this.bytes, middle, this.ends[user] ?? 0);
  }

  /** The number of candidates for the only term of a pass. */
  countSuspects(pass: Pass): number {
    return this.suspect(pass) ? pass.mask.reduce((count, word) => count + bitsOf(word), 0) : 0;
  }

  /** Calls `found` with each user that has the rank of the pass, until it returns true. Returns whether it did. */
  find(pass: Pass, found: (user: number) => boolean): boolean {
    if (!this.suspect(pass)) {
      return false;
    }
    for (let word = 0; word < wordsPerColumn; word++) {
      for (let bits = pass.mask[word] ?? 0; bits !== 0; bits &= bits - 1) {
        const user = 32 * word + 31 - Math.clz32(bits & -bits);
        if (this.hasRank(user, pass) && found(user)) {
          return true;
        }
      }
    }
    return false;
  }

  /** The last field of a record, with its tag: a view that is valid until the next user is added. */
  lastField(user: number): Uint8Array {
    const end = this.ends[user] ?? 0;
    let start = end - 1;
    while ((this.bytes[start] ?? 0) >= firstTextByte) {
      start--;
    }
    return this.bytes.subarray(start, end);
  }

  /** Sets the bits of the users that may have the rank of the pass, by part of the record; returns whether there are any. */
  private suspect({ state, terms, mask }: Pass): boolean {
    let isAnyone = this.columns.narrow(state, everyone, mask);
    for (const term of terms) {
      const { inTexts, inIds } = term;
      if (!isAnyone) {
        return false;
      }
      const holders = this.isSigned ? undefined : this.unsignedHolders(term);
      const isInTexts = this.suspectIn(inTexts, mask, holders);
      const isInIds = this.suspectIn(inIds, mask, holders);
      isAnyone = isInTexts || isInIds;
      for (let word = 0; word < wordsPerColumn; word++) {
        mask[word] = (inTexts.mask[word] ?? 0) | (inIds.mask[word] ?? 0);
      }
    }
    return isAnyone;
  }

  private suspectIn({ places, mask }: Suspects, among: Int32Array, holders: Int32Array | undefined): boolean {
    if (places === undefined) {
      mask.fill(0);
      return false;
    }
    const isAnySigned = this.columns.narrow(places, among, mask);
    if (!isAnySigned) {
      mask.fill(0);
    }
    let isAny = isAnySigned;
    for (let word = 0; holders && word < wordsPerColumn; word++) {
      const bits = (holders[word] ?? 0) & (among[word] ?? 0);
      mask[word] = (mask[word] ?? 0) | bits;
      isAny ||= bits !== 0;
    }
    return isAny;
  }

  /** The unsigned users whose records contain the text of a term, in any field. */
  private unsignedHolders({ needle, holders }: SoughtTerm): Int32Array {
    const known = holders.get(this);
    if (known) {
      return known;
    }
    const found = new Int32Array(wordsPerColumn);
    const end = this.startOf(this.count);
    for (let user = this.signed; user < this.count; user++) {
      const at = this.bytes.indexOf(needle.bytes, this.startOf(user));
      if (at === -1 || at >= end) {
        break;
      }
      while ((this.ends[user] ?? end) <= at) {
        user++;
      }
      found[user >>> 5] = (found[user >>> 5] ?? 0) | (1 << (user & 31));
    }
    holders.set(this, found);
    return found;
  }

  /** Whether the worst term of the pass has the pass's rank. A worse rank may be reported as no match. */
  private hasRank(user: number, { terms, rank: wanted }: Pass): boolean {
    const start = this.startOf(user);
    const middle = this.middles[user] ?? 0;
    const end = this.ends[user] ?? 0;
    let worst: Rank = ranks.exact;
    for (const { needle, inTexts, inIds } of terms) {
      const inText = isIn(inTexts.mask, user) ? rankInRecord(this.bytes, start, middle, needle) : undefined;
      const inId = isIn(inIds.mask, user) ? rankInRecord(this.bytes, middle, end, needle) : undefined;
      const rank = inText === undefined || (inId !== undefined && inId < inText) ? inId : inText;
      if (rank === undefined || rank > wanted) {
        return false;
      }
      worst = rank > worst ? rank : worst;
    }
    return worst === wanted;
  }

  private startOf(user: number): number {
    return user === 0 ? 0 : (this.ends[user - 1] ?? 0);
  }

  private resize(capacity: number): void {
    const bytes = Buffer.allocUnsafeSlow(capacity);
    this.bytes.copy(bytes);
    this.bytes = bytes;
  }
}

function bitsOf(word: number): number {
  let count = 0;
  for (let bits = word; bits !== 0; bits &= bits - 1) {
    count++;
  }
  return count;
}

function isIn(mask: Int32Array, user: number): boolean {
  return (((mask[user >>> 5] ?? 0) >>> (user & 31)) & 1) === 1;
}
