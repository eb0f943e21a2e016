// The server build of VS Code: fetched, pinned, and started behind the front.
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild, temporaryFolder } from './children.mts';
import { fetchPackages, npm } from './fetch-package.mjs';
import { type Front, type FrontOptions, startFront } from './front.mts';
import { projectRoot, say, startUpTimeout, stateFolder } from './project.mts';

/** Carries VS Code 1.139.1. */
const codeServer = {
  name: 'code-server',
  version: '4.139.1',
  integrity: 'sha512-fUYvJVdz4ZoVJfakGiGWXFMpF8K1ObsrpGvX17ZxNpKOzdNHs7lANT670JTr4ZhA8DnWqyvvmFG/d3HV9Yy6ew==',
};

/** Installs the server build on the first call. @returns The folder that holds out/server-main.js. */
export async function ensureServerBuild(): Promise<string> {
  const folder = join(stateFolder, `code-server-${codeServer.version}`);
  const inside = join('node_modules', codeServer.name, 'lib', 'vscode');
  if (!existsSync(folder)) say('Fetching the server build of VS Code (about 130 MB, once)…');

  await fetchPackages([codeServer], folder, async (staged) => {
    // Its own shrinkwrap pins these. No native module has to be built: the server does without.
    await npm(['install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'], join(staged, inside));
  });
  return join(folder, inside);
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
  serverBuild: string,
  vsix: string,
  options: Pick<ServerOptions, 'dataFolder' | 'extensionsFolder'>,
): Promise<void> {
  const child = startChild(
    process.execPath,
    [serverMain(serverBuild), '--install-extension', vsix, '--force', ...commonArguments(options)],
    { cwd: projectRoot, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const output = collect(child.process.stdout, child.process.stderr);
  const [code] = (await once(child.process, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${vsix} could not be installed:\n${output()}`);
}

/** Starts the server on a socket that only this user can reach, and the front that leads to it. */
export async function startServer(serverBuild: string, options: ServerOptions): Promise<RunningServer> {
  // In the system's folder for temporary things: the path of a socket may not exceed about 100 characters.
  const socketFolder = await temporaryFolder(join(tmpdir(), 'scim-explorer-'));
  const socketPath =
    process.platform === 'win32' ? join('\\\\.\\pipe', socketFolder.path) : join(socketFolder.path, 'server.sock');

  const child = startChild(
    process.execPath,
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

function serverMain(serverBuild: string): string {
  return join(serverBuild, 'out', 'server-main.js');
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
    if (Date.now() > deadline) throw new Error(`The VS Code server did not start within a minute:\n${output()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
