// A VS Code with an extension in it, opened in a browser, for tests that do what a person does.
import { cp } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { launchBrowser } from './browser.mts';
import { temporaryFolder } from '../children.mts';
import {
  ensureServerBuild,
  installVsix,
  isKnownNoise,
  quietSettings,
  startServer,
  writeUserSettings,
} from './code-server.mts';
import type { WorkbenchConfiguration } from './front.mts';
import { openProfile } from './profile.mts';
import { projectRoot, startUpTimeout, stateFolder } from '../project.mts';
import { personAt, type WorkbenchActions } from './workbench-actions.mts';

export interface WorkbenchOptions {
  /** A workspace folder; the workbench opens a copy of it. */
  folder: string;
  /** The user's settings, on top of those of a quiet window. */
  settings?: Record<string, unknown>;
  /** The project itself, built, unless another one is named. */
  extension?: { developmentPath: string } | { vsix: string };
  /** False opens the folder restricted, as one from a stranger. Default: true. */
  trust?: boolean;
  theme?: Theme;
  /** Pixels. Default: 1280 × 800. */
  size?: { width: number; height: number };
  /** A folder that keeps secrets and state from one workbench to the next. Default: nothing is kept. */
  profile?: string;
  /** Notification toasts pop up. Default: false, only the bell gets a dot. */
  toasts?: boolean;
  /** Added to the environment of the extension host. */
  env?: Record<string, string>;
}

export interface Workbench extends WorkbenchActions {
  readonly page: Page;
  /** The address that was opened, with the token that lets a browser in. */
  readonly url: string;
  /** The copy of the workspace folder that is open. */
  readonly folder: string;
  /** What extensions have written to their console so far. */
  extensionConsole(): string[];
  reload(): Promise<void>;
  close(): Promise<void>;
}

/** Resolves when the window is there and the extensions are loaded. */
export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const serverBuild = await ensureServerBuild();
  const temporary = await temporaryFolder(join(stateFolder, 'workbench-'));
  const profile = await openProfile(options.profile ?? join(temporary.path, 'profile'));
  const closing: (() => unknown)[] = [() => temporary.remove()];
  const close = async (): Promise<void> => {
    while (closing.length > 0) await closing.pop()?.();
  };

  try {
    const folder = join(temporary.path, basename(resolve(options.folder)));
    await cp(options.folder, folder, { recursive: true });

    const toasts = options.toasts ?? false;
    const extension = options.extension ?? { developmentPath: projectRoot };
    await writeUserSettings(profile.dataFolder, settingsOf(options));
    if ('vsix' in extension) await installVsix(serverBuild, resolve(extension.vsix), profile);

    const server = await startServer(serverBuild, {
      dataFolder: profile.dataFolder,
      extensionsFolder: profile.extensionsFolder,
      trust: options.trust ?? true,
      smokeTestDriver: !toasts,
      ...(options.env === undefined ? {} : { env: options.env }),
      front: {
        port: profile.port,
        keyPart: profile.keyPart,
        ...('vsix' in extension ? {} : { configure: developExtensions(resolve(extension.developmentPath)) }),
      },
    });
    closing.push(() => server.close());
    await profile.rememberPort(server.front.port);

    const { kind, colorScheme } = kindsOfThemes[options.theme ?? 'Default Dark Modern'];
    const size = options.size ?? { width: 1280, height: 800 };
    const browser = await launchBrowser({
      profileFolder: profile.browserFolder,
      size,
      colorScheme,
    });
    closing.push(() => browser.close());

    const page = browser.pages()[0] ?? (await browser.newPage());
    const extensionConsole = collectExtensionConsole(page);
    const url = server.front.address({ folder });
    await page.goto(url);
    await untilReady(page, kind);

    return {
      ...personAt(page, { toasts }),
      page,
      url,
      folder,
      extensionConsole,
      async reload() {
        await page.reload();
        await untilReady(page, kind);
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function settingsOf({ settings, theme }: WorkbenchOptions): Record<string, unknown> {
  return {
    ...quietSettings,
    'workbench.colorTheme': theme ?? 'Default Dark Modern',
    'window.autoDetectColorScheme': false,
    // The rows that stick at the top cover others.
    'workbench.tree.enableStickyScroll': false,
    ...settings,
  };
}

/** Makes the page load extensions from their folders, with the smoke-test driver or without. */
export function developExtensions(
  ...paths: readonly string[]
): (configuration: WorkbenchConfiguration, origin: string) => void {
  return (configuration, origin) => {
    const authority = new URL(origin).host;
    configuration.developmentOptions = {
      ...configuration.developmentOptions,
      extensions: paths.map((path) => ({ scheme: 'vscode-remote', authority, path })),
    };
  };
}

/** The class of the window's colours, and what the browser is told of them. */
const kindsOfThemes = {
  'Default Dark Modern': { kind: 'vs-dark', colorScheme: 'dark' },
  'Default Light Modern': { kind: 'vs', colorScheme: 'light' },
} as const;

export type Theme = keyof typeof kindsOfThemes;

async function untilReady(page: Page, kind: string): Promise<void> {
  await page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: startUpTimeout });
  // The theme's class comes with its colours; until then the window has those of a fallback, which may be light.
  await page.locator(`.monaco-workbench.${kind}[class*="vscode-theme-"]`).waitFor({ timeout: startUpTimeout });
  // The workbench marks this when the extension hosts run and know their extensions.
  await page.waitForFunction(() => performance.getEntriesByName('code/didLoadExtensions').length > 0, undefined, {
    timeout: startUpTimeout,
  });
}

/** The extension host's console arrives as `%c[Extension Host] %c…`, with two styles behind it. */
function collectExtensionConsole(page: Page): () => string[] {
  const lines: string[] = [];
  page.on('console', (message) => {
    const [, line] = /^%c\[Extension Host\] %c(.*?)(?: color: \w*)* *$/s.exec(message.text()) ?? [];
    if (line !== undefined && !isKnownNoise(line)) lines.push(line);
  });
  return () => [...lines];
}
