// Bundles the extension into dist/ and, with --tests, the tests that need bundling into out/.
// undici and the formatter are files of their own: they are loaded when they are first needed, never at activation.
'use strict';
const esbuild = require('esbuild');
const { globSync, rmSync } = require('node:fs');

const watch = process.argv.includes('--watch');

/** @type {import('esbuild').BuildOptions} */
const shared = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  supported: { 'dynamic-import': false },
  target: 'node22',
  mainFields: ['module', 'main'],
  charset: 'utf8',
  logLevel: watch ? 'info' : 'warning',
};

/** @type {import('esbuild').BuildOptions} */
const extension = {
  ...shared,
  entryPoints: { extension: 'src/extension.ts', undici: 'src/cloudflare/undici.ts', format: 'src/documents/format.ts' },
  outdir: 'dist',
  external: ['vscode', './undici.js', './format.js'],
  minify: true,
  sourcemap: watch ? 'inline' : false,
};

/** @type {import('esbuild').BuildOptions} */
const tests = {
  ...shared,
  entryPoints: globSync('test/{unit,contract,integration,bench}/**/*.ts'),
  outdir: 'out/test',
  outbase: 'test',
  packages: 'external',
  sourcemap: 'inline',
};

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

main().catch(() => process.exit(1));
