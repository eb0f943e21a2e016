// Stands in for the `code` program where desktop VS Code cannot be had: it understands what runTests() starts `code`
// with, runs the suite in the server build's extension host, and ends with the suite's exit code.
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { format, parseArgs } from 'node:util';
import { launchBrowser } from './browser.mts';
import { exitOnSignals, temporaryFolder } from '../children.mts';
import { ensureServerBuild, isKnownNoise, quietSettings, startServer, writeUserSettings } from './code-server.mts';
import { startUpTimeout } from '../project.mts';
import { markSuiteLine, suiteLine } from '../testing/suite-lines.mts';

/** Arguments of `code` that are of use here; runTests() adds others, which are for a desktop. */
function readArguments(args: string[]) {
  const { values, positionals } = parseArgs({
    args,
    strict: false,
    allowPositionals: true,
    options: {
      extensionDevelopmentPath: { type: 'string' },
      extensionTestsPath: { type: 'string' },
      'extensions-dir': { type: 'string' },
      'user-data-dir': { type: 'string' },
      'disable-workspace-trust': { type: 'boolean' },
    },
  });
  const text = (name: keyof typeof values): string => {
    const value = values[name];
    if (typeof value !== 'string') throw new Error(`The stand-in for code needs --${name}=…`);
    return resolve(value);
  };
  return {
    extension: text('extensionDevelopmentPath'),
    suite: text('extensionTestsPath'),
    extensionsFolder: text('extensions-dir'),
    dataFolder: text('user-data-dir'),
    trust: values['disable-workspace-trust'] === true,
    workspace: positionals[0] === undefined ? undefined : resolve(positionals[0]),
  };
}

/** Runs the suite that the arguments name. @returns The suite's exit code. */
export async function runStandIn(args: string[]): Promise<number> {
  const { extension, suite, extensionsFolder, dataFolder, trust, workspace } = readArguments(args);
  const serverBuild = await ensureServerBuild();
  await writeUserSettings(dataFolder, quietSettings);
  const profile = await temporaryFolder(`${dataFolder}-browser-`);

  const server = await startServer(serverBuild, {
    dataFolder,
    extensionsFolder,
    trust,
    smokeTestDriver: true,
    front: { port: 0, keyPart: randomBytes(32) },
  });
  const browser = await launchBrowser({ profileFolder: profile.path, size: { width: 1280, height: 800 } });

  try {
    const page = browser.pages()[0] ?? (await browser.newPage());
    const log = new SuiteLog();
    const ended = new Promise<number>((resolveEnded) => {
      void page.exposeFunction('codeAutomationExit', resolveEnded);
    });
    const started = new Promise<void>((resolveStarted) => {
      void page.exposeFunction('codeAutomationLog', (level: string, values: unknown[]) => {
        resolveStarted();
        log.add(level, format(...values));
      });
    });

    const remote = (path: string): string => `vscode-remote://${new URL(server.front.origin).host}${path}`;
    await page.goto(
      server.front.address({
        ...(workspace === undefined ? { ew: 'true' } : { folder: workspace }),
        payload: JSON.stringify([
          ['extensionDevelopmentPath', remote(extension)],
          ['extensionTestsPath', remote(suite)],
          ['skipWelcome', 'true'],
          ['skipReleaseNotes', 'true'],
        ]),
      }),
    );

    await within(started, startUpTimeout, 'VS Code did not start in time.');
    // A suite has no time limit: whoever started it sees whether its tests go on.
    const code = await ended;
    if (code !== 0) log.explain();
    return code;
  } finally {
    await browser.close();
    await server.close();
    profile.remove();
  }
}

/**
 * The workbench logs some 50 to 90 lines in a run that mean nothing here. The suite marks its own, and only those are
 * printed; the errors among the others are kept for a run that fails without a word of the suite.
 */
class SuiteLog {
  private suiteHasSpoken = false;
  private readonly errors: string[] = [];

  add(level: string, text: string): void {
    if (suiteLine(text) !== undefined) {
      this.suiteHasSpoken = true;
      process.stdout.write(`${text}\n`);
    } else if (level === 'error' && !isKnownNoise(text)) {
      this.errors.push(text);
    }
  }

  explain(): void {
    if (!this.suiteHasSpoken) tell(this.errors.join('\n'));
  }
}

/** Speaks for the suite, so that it is heard wherever the suite is. */
function tell(text: string): void {
  for (const line of text.split('\n')) process.stdout.write(`${markSuiteLine(line)}\n`);
}

async function within<T>(promise: Promise<T>, milliseconds: number, message: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(message)), milliseconds);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** The whole program; tools/vscode/code calls it. */
export async function main(): Promise<void> {
  exitOnSignals();
  try {
    process.exit(await runStandIn(process.argv.slice(2)));
  } catch (error) {
    tell(error instanceof Error ? error.message : String(error));
    process.exit(1);
  }
}
