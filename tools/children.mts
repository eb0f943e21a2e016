// Child processes that never outlive this one.
import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { dirname } from 'node:path';

const windows = process.platform === 'win32';

export interface Child {
  readonly process: ChildProcess;
  /** Ends the child and what it has started, and waits until it is gone. */
  end(): Promise<void>;
}

/** Starts a child in a process group of its own, so that it and its children can be ended together by its pid. */
export function startChild(file: string, args: readonly string[], options: SpawnOptions): Child {
  const child = spawn(file, args, { ...options, detached: !windows, windowsHide: true });
  // Not SIGKILL: the child has children and temporary folders of its own to clear away.
  const askToEnd = (): void => signalGroup(child, 'SIGTERM');
  process.once('exit', askToEnd);
  child.once('exit', () => {
    // What it leaves behind when it ends by itself goes with it.
    askToEnd();
    process.removeListener('exit', askToEnd);
  });

  return {
    process: child,
    async end() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      askToEnd();
      const impatience = setTimeout(() => signalGroup(child, 'SIGKILL'), 3_000);
      await gone;
      clearTimeout(impatience);
    },
  };
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (windows) child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // Already gone.
  }
}

/**
 * Turns the signals that end a program into an ordinary exit, which ends every child and clears every temporary folder.
 * For the scripts that a person or another program starts.
 */
export function exitOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => process.exit(signal === 'SIGINT' ? 130 : 143));
  }
}

export interface TemporaryFolder {
  readonly path: string;
  remove(): void;
}

/** @param prefix The path that the folder's name starts with. */
export async function temporaryFolder(prefix: string): Promise<TemporaryFolder> {
  await mkdir(dirname(prefix), { recursive: true });
  const path = await mkdtemp(prefix);
  const clear = (): void => rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  process.once('exit', clear);

  return {
    path,
    remove() {
      process.removeListener('exit', clear);
      clear();
    },
  };
}
