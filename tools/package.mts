// npm run package [-- file]: builds the extension, lists what is in it, and packs it as a .vsix.
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { exitOnSignals } from './children.mts';
import { projectRoot, say } from './project.mts';
import { runNode } from './run.mts';
import { writeSbom } from './sbom.mts';

async function main(named: string | undefined): Promise<void> {
  const manifest = JSON.parse(await readFile(join(projectRoot, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
  };

  const built = await runNode(['esbuild.js']);
  if (built.code !== 0) throw new Error(`The extension could not be built.\n${built.output}`);
  await writeSbom();

  await createVSIX({
    cwd: projectRoot,
    packagePath: resolve(named ?? `${manifest.name}-${manifest.version}.vsix`),
    // Everything that is needed is in the bundle.
    dependencies: false,
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
  });
}

exitOnSignals();
try {
  await main(process.argv[2]);
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
