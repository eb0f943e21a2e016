// The stages of `npm test`: what each runs, and how its result is counted.
import { globSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { patience } from '../patience.mts';
import { stateFolder } from '../project.mts';
import { runNode, tools } from '../run.mts';
import { eventsVariable, grepVariable } from './reporter.mts';
import { type Outcome, TestResults } from './results.mts';

export interface Stage {
  readonly name: string;
  /** @param onTests Called with the number of tests that have ended so far. */
  run(env: Record<string, string>, onTests: (count: number) => void): Promise<Outcome>;
}

/** Where the stage `package` leaves the packaged extension, and the tests in the browser find it. */
export const testedVsix = join(stateFolder, 'tested.vsix');

/** Milliseconds without a test that ends after which a stage is stopped. */
const testSilenceMs = 180_000;

/** What can be checked without a build. */
export const checks: readonly Stage[] = [
  single('types', [tools.tsc, '--noEmit', '-p', '.']),
  single('lint', [tools.eslint, '--max-warnings', '0', '.']),
  single('map', [tools.depcruise, 'src']),
  single('workflows', [tools.actionlint]),
  single('format', [tools.prettier, '--check', '--log-level', 'warn', '.']),
];

/** What everything that runs needs, one after the other: the package is built anew. */
export const build: Stage = single('build', ['esbuild.js', '--tests']);
export const packed: Stage = single(
  'package',
  ['tools/package.mts', testedVsix],
  (output) => !output.includes('WARNING'),
);

/** Of test/ui what people look at before they trust a tool with a token: a stage of its own, so that it can run beside the rest. */
const ofTrust = new Set(['accounts', 'connect', 'documentReads', 'otherOrigin', 'packaged', 'restricted', 'secrets']);

/** What runs the build, the longest first. */
export const runs: readonly Stage[] = [
  inBrowser('ui', (name) => !ofTrust.has(name)),
  inHost('integration'),
  inBrowser('trust', (name) => ofTrust.has(name)),
  mocha('unit', ['out/test/unit/**/*.test.js']),
  inHost('network'),
  mocha('contract', ['out/test/contract/**/*.test.js']),
];

/** A tool that passes or fails as a whole. */
function single(name: string, args: string[], isGood: (output: string) => boolean = () => true): Stage {
  return {
    name,
    async run(env) {
      const { code, output } = await runNode(args, { env });
      const passes = code === 0 && isGood(output);
      return passes ? { passed: 1, failed: 0, output: '' } : { passed: 0, failed: 1, output };
    },
  };
}

/** What starts Mocha over the files; the project's own reporter is named where the events are wanted. */
export const mochaArguments = [tools.mocha, '--require', './tools/testing/fail-on-unhandled.cjs'];

function mocha(name: string, args: string[]): Stage {
  return suite(name, () => {
    const grep = process.env[grepVariable];
    const wanted = grep === undefined ? [] : ['--grep', grep];
    return [...mochaArguments, '--reporter', './tools/testing/reporter.mts', ...wanted, ...args];
  });
}

/** Tests in a browser. `--exit`: one that fails before it closes its window shall not keep the run waiting. */
function inBrowser(name: string, isIn: (file: string) => boolean): Stage {
  const options = ['--require', './tools/exit-on-signals.mts', '--exit', '--timeout', String(patience(240_000))];
  const files = globSync('test/ui/*.test.mts').filter((path) => isIn(basename(path, '.test.mts')));
  return mocha(name, [...options, ...files.sort()]);
}

/** A suite in the extension host. */
function inHost(name: string): Stage {
  return suite(name, () => ['tools/testing/host-suite.mts', name]);
}

/** Runs Mocha, in whatever process, with the project's own reporter. */
function suite(name: string, args: () => readonly string[]): Stage {
  return {
    name,
    async run(env, onTests) {
      const file = join(stateFolder, `events-${name}.jsonl`);
      await rm(file, { force: true });
      const results = new TestResults(file);
      const finished = await runNode(args(), {
        env: { ...env, [eventsVariable]: file },
        silenceMs: testSilenceMs,
        hasMoved: () => {
          const hasMoved = results.read();
          onTests(results.count);
          return hasMoved;
        },
      });
      return results.outcome(finished);
    },
  };
}
