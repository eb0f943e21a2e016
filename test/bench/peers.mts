// The extensions that ours is measured beside, written anew for every run: same kind of entry file, same activation.
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { projectRoot } from '../../tools/project.mts';
import { peerExtensions } from './sample.mts';

/** Copies our extension as it is built into a folder, to be activated by a command alone: at start-up, everything else would be measured with it. */
export async function writeOurs(folder: string): Promise<void> {
  for (const name of ['dist', 'language', 'media', 'package.nls.json']) {
    await cp(join(projectRoot, name), join(folder, name), { recursive: true });
  }
  const manifest = JSON.parse(await readFile(join(projectRoot, 'package.json'), 'utf8')) as object;
  await writeFile(join(folder, 'package.json'), JSON.stringify({ ...manifest, activationEvents: [] }));
}

/** Puts an extension that imports the SDK into an extensions folder, where VS Code takes it for installed. */
export async function writeSdkPeer(extensionsFolder: string): Promise<void> {
  await writePeer(extensionsFolder, peerExtensions.sdk, `exports.activate = () => void require('cloudflare');`);
}

/** Puts an extension into an extensions folder whose command opens a quick pick that sets 100 rows at each key, and nothing else. */
export async function writeRowsPeer(extensionsFolder: string): Promise<void> {
  const source = `
    const vscode = require('vscode');
    const iconPath = new vscode.ThemeIcon('account');
    const buttons = [{ iconPath: new vscode.ThemeIcon('copy'), tooltip: 'Copy User ID' }];
    const row = (value, i) => ({
      label: value + ' ' + i, description: value + '.' + i + '@example.com', detail: 'Entra ID · active', iconPath, buttons, alwaysShow: true,
    });
    exports.activate = () => vscode.commands.registerCommand('${peerExtensions.rows}.activate', () => {
      const pick = vscode.window.createQuickPick();
      pick.onDidChangeValue((value) => (pick.items = Array.from({ length: 100 }, (_, i) => row(value, i))));
      pick.onDidHide(() => pick.dispose());
      pick.show();
    });`;
  await writePeer(extensionsFolder, peerExtensions.rows, source);
}

/** @param id `publisher.name` @param source The entry file before bundling. */
async function writePeer(extensionsFolder: string, id: string, source: string): Promise<void> {
  const folder = join(extensionsFolder, `${id}-1.0.0`);
  const [publisher, name] = id.split('.');
  const command = `${id}.activate`;
  await mkdir(join(folder, 'dist'), { recursive: true });
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({
      name,
      publisher,
      version: '1.0.0',
      engines: { vscode: '^1.105.0' },
      main: './dist/extension.js',
      contributes: { commands: [{ command, title: command }] },
    }),
  );
  // As most extensions are bundled: one CommonJS file.
  await build({
    stdin: { contents: source, resolveDir: projectRoot },
    outfile: join(folder, 'dist', 'extension.js'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    mainFields: ['module', 'main'],
    charset: 'utf8',
    minify: true,
    external: ['vscode'],
    logLevel: 'warning',
  });
}
