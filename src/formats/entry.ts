import type { ScimResource } from '../cloudflare';
import type { DirectoryProvider } from '../directory';

/** A user or group to write. */
export interface Entry {
  readonly provider: DirectoryProvider;
  /** It may be decoded when it is read. */
  readonly data: ScimResource;
  /** The server's JSON. */
  readonly rawText: string;
}

/** The position of some entries among all: a long list is written in parts. */
export interface Part {
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

export interface Written {
  readonly text: string;
  /** Values that are not written as they are. */
  readonly changed: number;
}

/** Writes the entries of a part. The texts of all parts, one after the other, are a file. */
export type Format = (entries: readonly Entry[], part: Part) => Written;
