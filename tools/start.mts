// npm start [-- --tour]: a VS Code with the extension in it, and a simulated Cloudflare behind the extension.
import { once } from 'node:events';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startSimulator } from '../test/simulator/simulator.mts';
import { exitOnSignals, startChild } from './children.mts';
import { quietSettings, type ServerBuild, startServer, writeUserSettings } from './vscode/code-server.mts';
import { openProfile, type Profile } from './vscode/profile.mts';
import { projectRoot, say, stateFolder } from './project.mts';
import { runNode } from './run.mts';
import { chooseVscode } from './vscode/vscode.mts';
import { developExtensions } from './vscode/workbench.mts';

/** Kept from one start to the next, so that a browser finds its secrets again. */
const profileFolder = join(stateFolder, 'start');

/** Shows the view when the window opens. */
const demoExtension = join(projectRoot, 'tools', 'demo-extension');

async function main(args: string[]): Promise<void> {
  await buildExtension();
  const tour = args.find((arg) => /^--tour(=|$)/.test(arg));
  if (tour !== undefined) {
    await takeTour(tour.slice('--tour='.length));
    return;
  }

  const vscode = await chooseVscode();
  const simulator = await startSimulator();
  const profile = await openProfile(profileFolder);
  const settings = {
    ...quietSettings,
    'workbench.startupEditor': 'readme',
    'scimExplorer.apiBaseUrl': simulator.baseUrl,
  };
  const folder = await freshDemoWorkspace();
  const token = simulator.issueToken();

  if (vscode.kind === 'desktop') {
    await runDesktop(vscode.executable, profile, folder, settings, () => tell({ token, window: 'is opening' }));
    return;
  }
  await writeUserSettings(profile.dataFolder, settings);
  const address = await openServer(vscode.serverBuild, profile, folder);
  tell({ token, window: address });
}

async function buildExtension(): Promise<void> {
  const { code, output } = await runNode(['esbuild.js']);
  if (code !== 0) throw new Error(`The extension could not be built.\n${output}`);
}

/** The tour drives a window of its own and describes what it sees. @param only Part of the names of the rounds. */
async function takeTour(only: string): Promise<void> {
  const module = pathToFileURL(join(projectRoot, 'tools', 'tour', 'tour.mts')).href;
  const { tour } = (await import(module)) as { tour: (only: string) => Promise<void> };
  await tour(only);
}

async function freshDemoWorkspace(): Promise<string> {
  const folder = join(profileFolder, 'demo-workspace');
  await rm(folder, { recursive: true, force: true });
  await cp(join(projectRoot, 'tools', 'demo-workspace'), folder, { recursive: true });
  return folder;
}

/** @returns The address to open in a browser. */
async function openServer(serverBuild: ServerBuild, profile: Profile, folder: string): Promise<string> {
  const { front } = await startServer(serverBuild, {
    dataFolder: profile.dataFolder,
    extensionsFolder: profile.extensionsFolder,
    trust: true,
    // Toasts are wanted here.
    smokeTestDriver: false,
    front: { port: profile.port, keyPart: profile.keyPart, configure: developExtensions(projectRoot, demoExtension) },
  });
  await profile.rememberPort(front.port);
  return front.address({ folder });
}

/** Opens a window and waits until it is closed. */
async function runDesktop(
  executable: string,
  profile: Profile,
  folder: string,
  settings: Record<string, unknown>,
  opened: () => void,
): Promise<void> {
  const userData = join(profile.dataFolder, 'desktop');
  await mkdir(join(userData, 'User'), { recursive: true });
  await writeFile(join(userData, 'User', 'settings.json'), JSON.stringify(settings, undefined, 2));

  // Set in the terminals of VS Code itself; with it the program would start as a plain Node.
  const env = { ...process.env };
  delete env.ELECTRON_RUN_AS_NODE;
  const child = startChild(
    executable,
    [
      `--user-data-dir=${userData}`,
      `--extensions-dir=${profile.extensionsFolder}`,
      `--extensionDevelopmentPath=${projectRoot}`,
      `--extensionDevelopmentPath=${demoExtension}`,
      '--disable-workspace-trust',
      '--skip-welcome',
      '--skip-release-notes',
      folder,
    ],
    { cwd: projectRoot, env, stdio: 'ignore' },
  );
  opened();
  await once(child.process, 'exit');
  process.exit(0);
}

function tell({ window, token }: { window: string; token: string }): void {
  process.stdout.write(`
VS Code      ${window}
Demo token   ${token}
First step   Press Connect in the side bar and paste the token. Ctrl+C here ends everything.
`);
}

exitOnSignals();
try {
  await main(process.argv.slice(2));
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
