// The one place of this extension that writes with Node's own functions: a list of users may be too large for one buffer.
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import vscode = require('vscode');

/** Parts of the text that are prepared while the disk writes. */
const mostWaiting = 2;

/** Whether a file is written part by part, so that it never takes much memory. */
export function isStreamed({ scheme }: vscode.Uri): boolean {
  return scheme === 'file';
}

/**
 * Writes a file as `<name>.partial` and renames it when it is complete. After a failure, or when the signal aborts, nothing is left. Throws
 * what the file system says.
 */
export async function writeWhole(target: vscode.Uri, texts: Iterable<string>, signal: AbortSignal): Promise<void> {
  await (isStreamed(target) ? writeStreamed(target.fsPath, texts, signal) : writeAtOnce(target, texts, signal));
}

async function writeStreamed(path: string, texts: Iterable<string>, signal: AbortSignal): Promise<void> {
  const partial = `${path}.partial`;
  // Fails if the file exists: another export may be writing it. Only its owner can read personal data.
  const file = createWriteStream(partial, { flags: 'wx', mode: 0o600, flush: true });
  try {
    await pipeline(Readable.from(texts, { highWaterMark: mostWaiting }), file, { signal });
    await rename(partial, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      await rm(partial, { force: true });
    }
    throw error;
  }
}

async function writeAtOnce(target: vscode.Uri, texts: Iterable<string>, signal: AbortSignal): Promise<void> {
  const partial = target.with({ path: `${target.path}.partial` });
  const encoder = new TextEncoder();
  const bytes = Buffer.concat([...texts].map((text) => encoder.encode(text)));
  signal.throwIfAborted();
  try {
    await vscode.workspace.fs.writeFile(partial, bytes);
    signal.throwIfAborted();
    await vscode.workspace.fs.rename(partial, target, { overwrite: true });
  } catch (error) {
    await vscode.workspace.fs.delete(partial).then(undefined, () => undefined);
    throw error;
  }
}
