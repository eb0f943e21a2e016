import { deflateRaw, inflateRawSync, type ZlibOptions } from 'node:zlib';
import type { ListPage } from '../../cloudflare';

/** Texts that are compressed together. Measured with users of 360 bytes: 25 take 112 bytes each, and 12 µs to be read again. */
const textsInChunk = 25;

/** Fast rather than small: the best level takes twice as long for 4 bytes less a user. The rest is as much as a chunk needs. */
const options: ZlibOptions = { level: 1, windowBits: 14, memLevel: 6, chunkSize: 4096 };

/** The chunk that was read last: neighbours are often looked at one after the other. */
export class LastChunk {
  private owner: CompressedTexts | undefined;
  private chunk = 0;
  private text = '';

  read(owner: CompressedTexts, chunk: number, inflate: () => string): string {
    if (owner !== this.owner || chunk !== this.chunk) {
      this.text = inflate();
      this.owner = owner;
      this.chunk = chunk;
    }
    return this.text;
  }
}

/** The texts of some elements of a page, which are rarely looked at: kept compressed in one piece of memory, by other threads. */
export class CompressedTexts {
  /** The texts of the chunks, until they are compressed. */
  private chunks: readonly string[] | undefined;
  /** The chunks, one after the other. */
  private bytes = Buffer.alloc(0);
  /** Where each chunk ends in `bytes`. */
  private readonly chunkEnds: Uint32Array;
  /** Where each text begins and ends in its chunk, in UTF-16 code units. */
  private readonly spans: Uint32Array;
  /** Resolves when they are compressed. */
  readonly packed: Promise<void>;

  constructor(
    page: Pick<ListPage<unknown>, 'rawRange'>,
    /** The elements, in order. */
    rows: readonly number[],
    private readonly last: LastChunk,
  ) {
    this.spans = new Uint32Array(2 * rows.length);
    const chunks: string[] = [];
    for (let first = 0; first < rows.length; first += textsInChunk) {
      const ofChunk = rows.slice(first, first + textsInChunk);
      const start = ofChunk[0] ?? 0;
      const { text, spans } = page.rawRange(start, ofChunk.at(-1) ?? start);
      ofChunk.forEach((row, i) => this.spans.set(spans[row - start] ?? [0, 0], 2 * (first + i)));
      chunks.push(text);
    }
    this.chunkEnds = new Uint32Array(chunks.length);
    this.chunks = chunks;
    this.packed = this.compress(chunks);
  }

  /** Text `i` of them, counted from 0; empty where there is none. */
  at(i: number): string {
    const [start, end] = this.spans.subarray(2 * i, 2 * i + 2);
    if (i < 0 || end === undefined) {
      return '';
    }
    const chunk = Math.floor(i / textsInChunk);
    const text = this.last.read(this, chunk, () => this.chunks?.[chunk] ?? this.inflate(chunk));
    return text.slice(start, end);
  }

  private async compress(chunks: readonly string[]): Promise<void> {
    const deflated = await Promise.all(chunks.map(deflate));
    let size = 0;
    deflated.forEach(({ length }, i) => (this.chunkEnds[i] = size += length));
    // Neither zlib's own buffers, which have room for more, nor a slice of a shared one, which would keep all of it.
    this.bytes = Buffer.allocUnsafeSlow(size);
    deflated.forEach((chunk, i) => chunk.copy(this.bytes, i === 0 ? 0 : this.chunkEnds[i - 1]));
    this.chunks = undefined;
  }

  private inflate(chunk: number): string {
    return inflateRawSync(
      this.bytes.subarray(chunk === 0 ? 0 : this.chunkEnds[chunk - 1], this.chunkEnds[chunk]),
    ).toString();
  }
}

/** Compressing cannot fail but for want of memory: then an unhandled error ends the work. */
function deflate(text: string): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  deflateRaw(text, options, (error, deflated) => (error ? reject(error) : resolve(deflated)));
  return promise;
}
