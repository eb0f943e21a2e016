// Where the project is. Everything is started from its root (npm does that, and so does the bootstrap), so the
// current folder at the start is the root; a module's own address would be lost when it is bundled.
import { join } from 'node:path';
import { patience } from './patience.mts';

export const projectRoot = process.cwd();

/** Fetched tools, profiles and temporary folders; ignored by git, and may be deleted at any time. */
export const stateFolder = join(projectRoot, '.vscode-test');

/** Says one line to the person who waits. Standard error, so that it never mixes with a report. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Milliseconds that a start of VS Code may take. */
export const startUpTimeout = patience(180_000);
