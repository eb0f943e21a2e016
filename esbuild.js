// Bundles the extension into dist/ and, with --tests, the tests that need bundling into out/.
// CONTRIBUTING.md says why the extension is ES modules, and what was measured.
'use strict';
const esbuild = require('esbuild');
const { globSync, readFileSync, rmSync, writeFileSync } = require('node:fs');

const watch = process.argv.includes('--watch');

/** @type {import('esbuild').BuildOptions} */
const shared = {
  bundle: true,
  platform: 'node',
  target: 'node22',
  mainFields: ['module', 'main'],
  charset: 'utf8',
  logLevel: watch ? 'info' : 'warning',
};

/**
 * ES modules, so that esbuild can split them: what `import()` names is a file of its own, which shares the files of the classes that
 * others use, too. `require` is for `vscode` and Node's own modules: a namespace import of `vscode` takes longer.
 * @type {import('esbuild').BuildOptions}
 */
const extension = {
  ...shared,
  format: 'esm',
  splitting: true,
  entryPoints: { extension: 'src/extension.ts' },
  outdir: 'dist',
  outExtension: { '.js': '.mjs' },
  banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  external: ['vscode'],
  minify: true,
  sourcemap: watch ? 'inline' : false,
  metafile: true,
  plugins: [{ name: 'what was bundled', setup: (build) => build.onEnd(writeInputs) }],
};

/** @type {import('esbuild').BuildOptions} */
const tests = {
  ...shared,
  format: 'cjs',
  supported: { 'dynamic-import': false },
  entryPoints: globSync([
    'test/{unit,contract,integration,network}/**/*.test.ts',
    'test/support/host/suite.ts',
    'test/bench/*.ts',
  ]),
  outdir: 'out/test',
  outbase: 'test',
  packages: 'external',
  sourcemap: 'inline',
};

/**
 * The licences of the packages that were bundled, as they ask for.
 * @param {string[]} inputs Paths of all files that went into the bundles.
 */
function licenses(inputs) {
  const packages = new Set(inputs.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []));
  const texts = [...packages].sort().map((name) => {
    const manifest = readFileSync(`node_modules/${name}/package.json`, 'utf8');
    const version = /"version": "([^"]+)"/.exec(manifest)?.[1] ?? '';
    const [license] = globSync(`node_modules/${name}/{LICENSE,LICENCE,license}*`);
    if (license === undefined) {
      throw new Error(`${name} comes without a licence file`);
    }
    return `${name} ${version}\n\n${readFileSync(license, 'utf8').trim()}\n`;
  });
  return texts.join(`\n${'-'.repeat(80)}\n\n`);
}

/**
 * Writes the licences, and for the list of what was bundled (tools/sbom.mts) what esbuild tells.
 * @param {import('esbuild').BuildResult} result
 */
function writeInputs({ metafile }) {
  if (metafile === undefined) return;
  writeFileSync('dist/third-party-licenses.txt', licenses(Object.keys(metafile.inputs)));
  writeFileSync('dist/meta.json', JSON.stringify(metafile));
}

async function main() {
  if (watch) {
    const context = await esbuild.context(extension);
    await context.watch();
    return;
  }
  rmSync('dist', { recursive: true, force: true });
  await esbuild.build(extension);
  if (process.argv.includes('--tests')) {
    rmSync('out', { recursive: true, force: true });
    await esbuild.build(tests);
  }
}

module.exports = { extension, tests };

if (require.main === module) {
  main().catch((/** @type {unknown} */ error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  });
}
