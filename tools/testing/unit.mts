// npm run unit [-- options of Mocha]: builds the tests in plain Node and runs them, for example `-g "part of a name"`. With --watch it
// does so again whenever a source changes.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, rmSync } from 'node:fs';
import { type BuildOptions, context, type Plugin } from 'esbuild';
import { extension, tests } from '../../esbuild.js';
import { exitOnSignals } from '../children.mts';
import { mochaArguments } from './stages.mts';

const args = process.argv.slice(2).filter((argument) => argument !== '--watch');
const watch = process.argv.includes('--watch');

/** The bundles of the extension are needed by the few tests that look at them. */
const builds: readonly BuildOptions[] = [extension, { ...tests, entryPoints: globSync('test/unit/**/*.test.ts') }];

/** @returns The exit code of Mocha. */
async function runMocha(): Promise<number> {
  const child = spawn(process.execPath, [...mochaArguments, 'out/test/unit/**/*.test.js', ...args], {
    stdio: 'inherit',
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

/** Runs the tests after each build without errors; what is built while they run is tried when they have ended. */
function rerun(): Plugin {
  let running: Promise<unknown> = Promise.resolve();
  let isWaiting = false;
  return {
    name: 'run the tests',
    setup(build) {
      build.onEnd(({ errors }) => {
        if (errors.length > 0 || isWaiting) return;
        isWaiting = true;
        running = running.then(() => {
          isWaiting = false;
          return runMocha();
        });
      });
    },
  };
}

exitOnSignals();
// Files of tests that were renamed or deleted.
rmSync('out/test/unit', { recursive: true, force: true });
const plugins = watch ? [rerun()] : [];
const contexts = await Promise.all(
  builds.map((build) => context({ ...build, plugins: [...(build.plugins ?? []), ...plugins] })),
);
if (watch) {
  await Promise.all(contexts.map((each) => each.watch()));
} else {
  try {
    await Promise.all(contexts.map((each) => each.rebuild()));
    process.exitCode = await runMocha();
  } catch {
    // esbuild has said what is wrong.
    process.exitCode = 1;
  } finally {
    await Promise.all(contexts.map((each) => each.dispose()));
  }
}
