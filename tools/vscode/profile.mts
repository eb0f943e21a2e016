// What has to stay the same for a browser to find its secrets again: the port, since stored things belong to an
// origin, and the key part that they are sealed with.
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Profile {
  readonly browserFolder: string;
  readonly dataFolder: string;
  readonly extensionsFolder: string;
  readonly keyPart: Buffer;
  /** The port of the last time; 0 at the first. */
  readonly port: number;
  rememberPort(port: number): Promise<void>;
}

/** @param folder Is made when it is not there; delete it to begin anew. */
export async function openProfile(folder: string): Promise<Profile> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const keyFile = join(folder, 'key-part');
  const portFile = join(folder, 'port');

  let keyPart = await readFile(keyFile).catch(() => Buffer.alloc(0));
  if (keyPart.length !== 32) {
    keyPart = randomBytes(32);
    await writeFile(keyFile, keyPart, { mode: 0o600 });
  }
  const port = Number(await readFile(portFile, 'utf8').catch(() => '0'));

  return {
    browserFolder: join(folder, 'browser'),
    dataFolder: join(folder, 'server'),
    extensionsFolder: join(folder, 'extensions'),
    keyPart,
    port: Number.isInteger(port) ? port : 0,
    rememberPort: (used) => writeFile(portFile, String(used)),
  };
}
