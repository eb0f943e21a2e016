// @ts-check
// node tools/bootstrap.mjs <script.mts> [arguments]
// Runs a script of the project on the project's own Node, on a machine that has nothing but npm and Node 20 or newer.
import { spawn } from 'node:child_process';
import { accessSync, constants, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { ensureDependencies, ensureNode, withFirstInPath } from './toolchain.mjs';

const projectRoot = process.cwd();
const stateFolder = join(projectRoot, '.vscode-test');

const stopSignals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/** Leaves by process.exit, so that what is half fetched is cleared away. */
const stop = () => process.exit(1);

/** @param {string} line */
const say = (line) => process.stderr.write(`${line}\n`);

/** npm and the browser keep things in the home folder; some containers have none, or none that may be written to. */
function ensureHome() {
  try {
    accessSync(homedir(), constants.W_OK);
  } catch {
    const home = join(stateFolder, 'home');
    mkdirSync(home, { recursive: true });
    process.env.HOME = home;
  }
}

/**
 * @param {string} node
 * @param {string[]} args
 * @returns {Promise<number>} The script's exit code.
 */
function run(node, args) {
  // Node 24.0 warns about the type stripping that later ones do without a word.
  process.env.PATH = withFirstInPath(node, process.env.PATH);
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', ...args], { stdio: 'inherit' });
  // The script ends what it has started, then itself; this one waits for it.
  for (const signal of stopSignals) {
    process.removeListener(signal, stop);
    process.on(signal, () => child.kill(signal));
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

for (const signal of stopSignals) process.on(signal, stop);

try {
  const [script, ...args] = process.argv.slice(2);
  if (script === undefined) throw new Error('Which script? node tools/bootstrap.mjs <script.mts> [arguments]');

  ensureHome();
  const node = await ensureNode(stateFolder, say);
  await ensureDependencies(projectRoot, node, say);
  process.exitCode = await run(node, [script, ...args]);
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
