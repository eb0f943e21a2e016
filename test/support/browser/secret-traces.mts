// Looks for a secret wherever it might have been left, whatever it was turned into on the way.
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** Characters of a secret that are enough to know it by: a cut one, or one within something longer, is found as well. */
const enough = 20;

/** What a secret may have become, in bytes. */
export function disguises(secret: string): ReadonlyMap<string, Buffer> {
  // Prefixes are no secret, and letters and digits stay as they are in JSON and in addresses.
  const core = secret.slice(secret.lastIndexOf('_') + 1).slice(4, 4 + enough);
  const reversed = Array.from(core).reverse().join('');
  return new Map([
    ['plain', Buffer.from(core)],
    ['UTF-16', Buffer.from(core, 'utf16le')],
    ['reversed', Buffer.from(reversed)],
    ['hexadecimal', Buffer.from(Buffer.from(core).toString('hex'))],
    ...[0, 1, 2].map((shift) => [`base64, shifted by ${shift}`, Buffer.from(base64Within(core, shift))] as const),
  ]);
}

/** The part of the base64 of a longer text that the text in its middle decides alone. */
function base64Within(text: string, shift: number): string {
  const encoded = Buffer.from(' '.repeat(shift) + text).toString('base64');
  const whole = Math.floor((shift + text.length) / 3) * 4;
  return encoded.slice(shift === 0 ? 0 : 4, whole);
}

/** The secrets that are in some bytes, each as `what it is, how it looks`. */
export function tracesIn(bytes: Buffer, secrets: ReadonlyMap<string, string>): string[] {
  return [...secrets].flatMap(([name, secret]) =>
    [...disguises(secret)].flatMap(([form, needle]) => (bytes.includes(needle) ? `${name}, ${form}` : [])),
  );
}

/** Every file below a folder, by its path there. */
export async function filesBelow(folder: string): Promise<ReadonlyMap<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(await Promise.all(files.map(async (file) => [relative(folder, file), await readFile(file)] as const)));
}
