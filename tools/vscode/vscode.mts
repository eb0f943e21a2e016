// Which VS Code there is: the desktop build where there is a desktop, else the server build.
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { downloadAndUnzipVSCode, type ProgressReporter } from '@vscode/test-electron';
import { ensureServerBuild, type ServerBuild } from './code-server.mts';
import { projectRoot, say, stateFolder } from '../project.mts';
import { serverVariable } from './server-pins.mts';

export type Vscode =
  | { kind: 'desktop'; /** The path of the program. */ executable: string }
  | { kind: 'server'; serverBuild: ServerBuild };

/** Milliseconds in which the download of desktop VS Code has to start. */
const downloadPatience = 15_000;

/** Says in one line which VS Code is used, and why. */
export async function chooseVscode(): Promise<Vscode> {
  if (process.env[serverVariable]) return useServerBuild(`${serverVariable} asks for it`);
  const absence = desktopAbsence(process.platform, process.env);
  if (absence !== undefined) return useServerBuild(absence);

  const named = process.env.VSCODE_PATH;
  if (named) {
    accessSync(named, constants.X_OK);
    say(`Using desktop VS Code at ${named}, which VSCODE_PATH names.`);
    return { kind: 'desktop', executable: named };
  }
  try {
    const executable = await downloadDesktop();
    say(`Using desktop VS Code at ${executable}, since there is a desktop.`);
    return { kind: 'desktop', executable };
  } catch (error) {
    return useServerBuild(
      `desktop VS Code could not be downloaded (${error instanceof Error ? error.message : String(error)})`,
    );
  }
}

async function useServerBuild(why: string): Promise<Vscode> {
  if (process.platform === 'win32') throw new Error(`There is no other VS Code to use on Windows, and ${why}.`);
  const serverBuild = await ensureServerBuild();
  say(`Using the server build of VS Code ${serverBuild.version} in a browser: ${why}.`);
  return { kind: 'server', serverBuild };
}

/** @returns Why there is no desktop, or undefined where there is one. */
export function desktopAbsence(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string | undefined {
  if (platform !== 'linux') return undefined;
  if (env.DISPLAY || env.WAYLAND_DISPLAY) return undefined;
  return 'there is no desktop here (neither DISPLAY nor WAYLAND_DISPLAY is set)';
}

/** What runTests() is to start. */
export function testExecutable(vscode: Vscode): string {
  return vscode.kind === 'desktop' ? vscode.executable : join(projectRoot, 'tools', 'vscode', 'code');
}

async function downloadDesktop(): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('it did not start within 15 seconds')), downloadPatience);
  });
  const progress: ProgressReporter = {
    report(report) {
      const downloads = 'bytesSoFar' in report;
      if (timer === undefined || !(downloads || 'downloadedPath' in report)) return;
      clearTimeout(timer);
      timer = undefined;
      if (downloads) say('Fetching desktop VS Code (about 150 MB, once)…');
    },
    error: () => undefined,
  };
  const download = downloadAndUnzipVSCode({ cachePath: stateFolder, reporter: progress, timeout: downloadPatience });
  // When it loses the race, nobody waits for what becomes of it.
  download.catch(() => undefined);
  return Promise.race([download, late]).finally(() => clearTimeout(timer));
}
