import { deflateRaw, inflateRawSync, type ZlibOptions } from 'node:zlib';
import type { ListPage } from '../../cloudflare';

/** Texts a chunk. Measured with users of 360 bytes: in chunks of 25 they take 112 bytes each, and reading a chunk takes 12 µs. */
const textsInChunk = 25;

/** Level 1: the best level takes twice as long and saves 4 bytes a user. The other options fit a chunk. */
const options: ZlibOptions = { level: 1, windowBits: 14, memLevel: 6, chunkSize: 4096 };

/** The chunk that was read last: neighbours are often read one after the other. */
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

/** The texts of a page's elements, which are rarely read. zlib's threads compress them into one buffer. */
export class CompressedTexts {
  /** The uncompressed chunks, until they are compressed. */
  private chunks: readonly string[] | undefined;
  /** The compressed chunks, one after the other. */
  private bytes = Buffer.alloc(0);
  /** The offset in `bytes` at which each chunk ends. */
  private readonly chunkEnds: Uint32Array;
  /** The offsets at which each text begins and ends in its chunk, in UTF-16 code units. */
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

  /** Text `i`, counted from 0; empty if there is none. */
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
    // Copy: zlib's own buffers are larger than their content, and a slice of a shared buffer would keep all of it alive.
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

/** Compressing fails only if memory runs out; the error is then unhandled. */
function deflate(text: string): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  deflateRaw(text, options, (error, deflated) => (error ? reject(error) : resolve(deflated)));
  return promise;
}
