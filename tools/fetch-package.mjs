// @ts-check
// Puts pinned packages of the npm registry into a folder of their own. It runs before anything is installed
// and on whatever Node (20 or newer) started it, so it is plain JavaScript without dependencies.
import { spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';
import { setTimeout } from 'node:timers/promises';

/**
 * @typedef {object} PinnedPackage
 * @property {string} name
 * @property {string} version
 * @property {string} integrity The registry's hash of the package; npm refuses a package that does not have it.
 */

/**
 * What people are told while they wait.
 * @typedef {object} Download
 * @property {string} what The name of what is fetched.
 * @property {number} megabytes Its size on the disk, roughly.
 * @property {(line: string) => void} say
 */

/** Milliseconds between two lines of progress. */
const progressEveryMs = 5_000;

/** Pauses in milliseconds before a broken download is tried again. */
const retryPausesMs = [2_000, 8_000];

/**
 * The program and first arguments that start npm, whatever started us.
 * @returns {{ file: string, args: string[], shell: boolean }}
 */
export function npmCommand() {
  const besideNode = [
    join(dirname(process.execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(dirname(process.execPath), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ];
  const cli = [process.env.npm_execpath ?? '', ...besideNode].find(
    (path) => basename(path) === 'npm-cli.js' && existsSync(path),
  );

  if (cli !== undefined) return { file: process.execPath, args: [cli], shell: false };
  // Windows starts npm.cmd through a shell only.
  return { file: 'npm', args: [], shell: process.platform === 'win32' };
}

/**
 * Runs npm quietly; what it printed comes with the error when it fails.
 * @param {string[]} args
 * @param {string} cwd
 */
export async function npm(args, cwd) {
  const { file, args: first, shell } = npmCommand();
  const child = spawn(file, [...first, ...args], {
    cwd,
    shell,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: npmEnvironment(),
  });
  const end = () => void child.kill();
  process.once('exit', end);
  let output = '';
  child.stdout.on('data', (/** @type {Buffer} */ chunk) => (output += chunk.toString()));
  child.stderr.on('data', (/** @type {Buffer} */ chunk) => (output += chunk.toString()));

  const code = await new Promise((/** @type {(code: number | null) => void} */ resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  }).finally(() => process.removeListener('exit', end));
  if (code !== 0) throw new Error(`npm ${args.join(' ')} failed in ${cwd}:\n${output.trim()}`);
}

/** npm hands its own settings to scripts as npm_config_*: those of the outer command (dry run, prefix …) are not ours. */
function npmEnvironment() {
  const kept = ['npm_config_cache', 'npm_config_userconfig', 'npm_config_globalconfig', 'npm_config_registry'];
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => {
      const lower = name.toLowerCase();
      return !lower.startsWith('npm_config_') || kept.includes(lower) || /proxy|cafile|strict_ssl/.test(lower);
    }),
  );
}

/**
 * Runs npm while lines tell how much has arrived in its node_modules, and again where the download broke.
 * @param {string[]} args
 * @param {string} cwd
 * @param {Download} download
 * @param {{ run?: typeof npm, pause?: (milliseconds: number) => Promise<unknown> }} [means] Replaced by tests.
 */
export async function download(args, cwd, { what, megabytes, say }, { run = npm, pause = setTimeout } = {}) {
  say(`Fetching ${what} (${megabytes} MB on the disk, once)…`);
  const progress = setInterval(() => {
    void sizeOf(join(cwd, 'node_modules')).then((bytes) =>
      say(`  ${what}: ${Math.round(bytes / 1_000_000)} of ${megabytes} MB`),
    );
  }, progressEveryMs);
  try {
    for (const pauseMs of [...retryPausesMs, undefined]) {
      try {
        await run(args, cwd);
        return;
      } catch (error) {
        if (pauseMs === undefined || !isBroken(error)) throw error;
        say(`  The download of ${what} broke off. It is tried again in ${pauseMs / 1_000} seconds.`);
        await pause(pauseMs);
      }
    }
  } finally {
    clearInterval(progress);
  }
}

/**
 * Whether npm failed for a reason that may be gone at the next attempt. A package that does not exist or may not be read stays so.
 * @param {unknown} error
 */
export function isBroken(error) {
  return /\b(ECONNRESET|ECONNREFUSED|ECONNABORTED|EPIPE|ETIMEDOUT|ERR_SOCKET_TIMEOUT|EAI_AGAIN|ENOTFOUND|ENETUNREACH|EHOSTUNREACH|ERR_STREAM_PREMATURE_CLOSE|EINTEGRITY|ERR_INVALID_HTTP_RESPONSE|E429|E5\d\d|TAR_BAD_ARCHIVE|Z_BUF_ERROR|Z_DATA_ERROR)\b|network|socket hang up|Invalid response body/i.test(
    String(error),
  );
}

/**
 * @param {string} folder
 * @returns {Promise<number>} Bytes of all files in it; those that come or go meanwhile may be missing.
 */
async function sizeOf(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const sizes = await Promise.all(
    files.map((file) =>
      stat(file).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/**
 * Installs packages under `folder`, once; the folder appears whole or not at all.
 * @param {readonly PinnedPackage[]} pinned
 * @param {string} folder Becomes a folder with a node_modules that holds the packages, without their dependencies.
 * @param {Download} told
 * @param {(staged: string) => Promise<void>} [finish] What else belongs to it, done in `staged` before the folder appears.
 */
export async function fetchPackages(pinned, folder, told, finish) {
  if (existsSync(folder)) return;

  await mkdir(dirname(folder), { recursive: true });
  const staged = await mkdtemp(`${folder}.part-`);
  const discard = () => rmSync(staged, { recursive: true, force: true });
  process.once('exit', discard);
  try {
    await writeFile(join(staged, 'package.json'), JSON.stringify(manifest(pinned)));
    await writeFile(join(staged, 'package-lock.json'), JSON.stringify(lock(pinned)));
    await download(['ci', '--ignore-scripts', '--no-audit', '--no-fund'], staged, told);
    await finish?.(staged);
    await moveIntoPlace(staged, folder);
  } finally {
    process.removeListener('exit', discard);
    await rm(staged, { recursive: true, force: true });
  }
}

/**
 * @param {string} staged
 * @param {string} folder
 */
async function moveIntoPlace(staged, folder) {
  try {
    await rename(staged, folder);
  } catch (error) {
    // Another run may have been quicker: its folder is as whole as ours.
    if (!existsSync(folder)) throw error;
  }
}

/** @param {readonly PinnedPackage[]} pinned */
function manifest(pinned) {
  return { private: true, dependencies: Object.fromEntries(pinned.map(({ name, version }) => [name, version])) };
}

/**
 * A lock file that names these packages alone: npm checks the hashes in it and leaves the dependencies out.
 * @param {readonly PinnedPackage[]} pinned
 */
function lock(pinned) {
  const packages = Object.fromEntries(
    pinned.map(({ name, version, integrity }) => [`node_modules/${name}`, { version, integrity }]),
  );
  return { lockfileVersion: 3, requires: true, packages: { '': manifest(pinned), ...packages } };
}
