// The server build of VS Code: fetched, pinned, and started behind the front.
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild, temporaryFolder } from '../children.mts';
import { download, fetchPackages } from '../fetch-package.mjs';
import { type Front, type FrontOptions, startFront } from './front.mts';
import { projectRoot, say, startUpTimeout, stateFolder } from '../project.mts';
import { chosenServer, type PinnedServer } from './server-pins.mts';
import { fetchNode } from '../toolchain.mjs';

/** A server build that is there to be started. */
export interface ServerBuild {
  /** The version of VS Code. */
  readonly version: string;
  /** Holds out/server-main.js. */
  readonly folder: string;
  /** The Node that it runs on. */
  readonly node: string;
}

/** Installs the server build that the environment names, on the first call. */
export async function ensureServerBuild(): Promise<ServerBuild> {
  const pinned = chosenServer(process.env);
  const folder = join(stateFolder, `code-server-${pinned.version}`);
  const inside = join('node_modules', pinned.name, 'lib', 'vscode');
  const what = `the server build of VS Code ${pinned.vscode}`;

  await fetchPackages([pinned], folder, { what, megabytes: 170, say }, async (staged) => {
    await leaveOut(join(staged, inside), pinned.unavailable ?? []);
    // Its own shrinkwrap pins these. No native module has to be built: the server does without.
    await download(['install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'], join(staged, inside), {
      what: `the packages of ${what}`,
      megabytes: 400,
      say,
    });
  });
  return { version: pinned.vscode, folder: join(folder, inside), node: await ensureNodeFor(pinned) };
}

async function ensureNodeFor({ node, vscode }: PinnedServer): Promise<string> {
  if (node === undefined) return process.execPath;
  const pinned = node[`${process.platform}-${process.arch}`];
  if (pinned === undefined) {
    throw new Error(`There is no Node to run VS Code ${vscode} on ${process.platform} ${process.arch}.`);
  }
  return fetchNode(pinned, stateFolder, say);
}

/** Takes dependencies out of a package's manifest and its shrinkwrap. */
async function leaveOut(folder: string, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  for (const file of ['package.json', 'npm-shrinkwrap.json'].map((name) => join(folder, name))) {
    const manifest = JSON.parse(await readFile(file, 'utf8')) as Manifest;
    for (const name of names) {
      delete manifest.dependencies?.[name];
      delete manifest.packages?.['']?.dependencies?.[name];
      delete manifest.packages?.[`node_modules/${name}`];
    }
    await writeFile(file, JSON.stringify(manifest, undefined, 2));
  }
}

/** The part of a package.json, or of a lock file, that is changed here. */
interface Manifest {
  dependencies?: Record<string, string>;
  packages?: Record<string, { dependencies?: Record<string, string> }>;
}

export interface ServerOptions {
  /** Holds the settings and everything the server keeps. */
  dataFolder: string;
  extensionsFolder: string;
  /** Folders open without the question whether they are trusted. */
  trust: boolean;
  /** Honours the paths of extensions and suites in the address, and hides notification toasts. */
  smokeTestDriver: boolean;
  front: Omit<FrontOptions, 'socketPath'>;
  /** Added to the environment of the server, and so of its extension hosts. */
  env?: Record<string, string>;
}

export interface RunningServer {
  readonly front: Front;
  close(): Promise<void>;
}

/**
 * A module that ends the server when the pipe to its parent closes, even if the parent was killed. The processes that
 * the server forks are given it as well, and are none of its business.
 */
const endsWithItsParent = `data:text/javascript,${encodeURIComponent(`
  if (process.argv[1]?.endsWith('server-main.js')) process.stdin.on('close', () => process.exit()).resume();
`)}`;

/** Writes the user's settings; the server reads them when it starts. */
export async function writeUserSettings(dataFolder: string, settings: Record<string, unknown>): Promise<void> {
  const folder = join(dataFolder, 'data', 'User');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'settings.json'), JSON.stringify(settings, undefined, 2));
}

/** A window that shows nothing by itself. */
export const quietSettings: Record<string, unknown> = {
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.reduceMotion': 'on',
  'editor.cursorBlinking': 'solid',
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  // The folders that are opened may lie inside a repository of their own.
  'git.enabled': false,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
};

/** Installs a packaged extension into the extensions folder. */
export async function installVsix(
  serverBuild: ServerBuild,
  vsix: string,
  options: Pick<ServerOptions, 'dataFolder' | 'extensionsFolder'>,
): Promise<void> {
  const child = startChild(
    serverBuild.node,
    [serverMain(serverBuild), '--install-extension', vsix, '--force', ...commonArguments(options)],
    { cwd: projectRoot, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const output = collect(child.process.stdout, child.process.stderr);
  const [code] = (await once(child.process, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${vsix} could not be installed:\n${output()}`);
}

/** Starts the server on a socket that only this user can reach, and the front that leads to it. */
export async function startServer(serverBuild: ServerBuild, options: ServerOptions): Promise<RunningServer> {
  // In the system's folder for temporary things: the path of a socket may not exceed about 100 characters.
  const socketFolder = await temporaryFolder(join(tmpdir(), 'scim-explorer-'));
  const socketPath =
    process.platform === 'win32' ? join('\\\\.\\pipe', socketFolder.path) : join(socketFolder.path, 'server.sock');

  const child = startChild(
    serverBuild.node,
    [
      ...['--import', endsWithItsParent],
      serverMain(serverBuild),
      ...['--socket-path', socketPath, '--without-connection-token', '--telemetry-level', 'off'],
      ...(options.trust ? ['--disable-workspace-trust'] : []),
      ...(options.smokeTestDriver ? ['--enable-smoke-test-driver'] : []),
      ...commonArguments(options),
    ],
    { cwd: projectRoot, env: { ...process.env, ...options.env }, stdio: ['pipe', 'pipe', 'pipe'] },
  );
  const output = collect(child.process.stdout, child.process.stderr);

  try {
    await listening(output, child.process);
    const front = await startFront({
      ...options.front,
      socketPath,
      configure(configuration, origin) {
        // Nothing is looked up on the internet.
        delete configuration.productConfiguration?.extensionsGallery;
        options.front.configure?.(configuration, origin);
      },
    });
    return {
      front,
      async close() {
        await front.close();
        await child.end();
        socketFolder.remove();
      },
    };
  } catch (error) {
    await child.end();
    socketFolder.remove();
    throw error;
  }
}

/** What this server build complains about in every run: native modules that are not built, a gallery out of reach. */
export function isKnownNoise(text: string): boolean {
  return /bindings file|native-watchdog|\[Service Worker\]|getaddrinfo/.test(text);
}

function serverMain({ folder }: ServerBuild): string {
  return join(folder, 'out', 'server-main.js');
}

function commonArguments({
  dataFolder,
  extensionsFolder,
}: Pick<ServerOptions, 'dataFolder' | 'extensionsFolder'>): string[] {
  return ['--accept-server-license-terms', '--server-data-dir', dataFolder, '--extensions-dir', extensionsFolder];
}

/** @returns A function that gives what the streams have said so far. */
function collect(...streams: (NodeJS.ReadableStream | null)[]): () => string {
  let text = '';
  for (const stream of streams) stream?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return () => text;
}

async function listening(output: () => string, child: { exitCode: number | null }): Promise<void> {
  const deadline = Date.now() + startUpTimeout;
  while (!output().includes('Extension host agent listening on')) {
    if (child.exitCode !== null) throw new Error(`The VS Code server ended at once:\n${output()}`);
    if (Date.now() > deadline) throw new Error(`The VS Code server did not start in time:\n${output()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
