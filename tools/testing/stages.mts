// The stages of `npm test`: what each runs, and how its result is counted.
import { globSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type MochaReport, type Outcome, outcomeOf } from './mocha-report.mts';
import { stateFolder } from '../project.mts';
import { type Finished, runNode, tools } from '../run.mts';

export interface Stage {
  readonly name: string;
  run(env: Record<string, string>): Promise<Outcome>;
}

/** Where the stage `package` leaves the packaged extension, and the tests in the browser find it. */
export const testedVsix = join(stateFolder, 'tested.vsix');

/** What can be checked without a build, one after the other. */
export const checks: readonly Stage[] = [
  single('types', [tools.tsc, '--noEmit', '-p', '.'], 120),
  single('lint', [tools.eslint, '--max-warnings', '0', '.'], 120),
  single('workflows', [tools.actionlint], 60),
  single('format', [tools.prettier, '--check', '--log-level', 'warn', '.'], 60),
];

/** What everything that runs needs, one after the other: the package is built anew. */
export const build: Stage = single('build', ['esbuild.js', '--tests'], 60);
export const packed: Stage = packaging();

/** Of test/ui what people look at before they trust a tool with a token: a stage of its own, so that it can run beside the rest. */
const ofTrust = new Set(['accounts', 'packaged', 'restricted', 'secrets']);

/** What runs the build, in two lanes beside each other, as most of the time is waiting for a VS Code. */
export const runs: readonly (readonly Stage[])[] = [
  [inHost('integration', 240), inHost('network', 100), inBrowser('trust', (name) => ofTrust.has(name))],
  [
    mocha('unit', ['out/test/unit/**/*.test.js'], 120),
    mocha('contract', ['out/test/contract/**/*.test.js'], 90),
    inBrowser('ui', (name) => !ofTrust.has(name)),
  ],
];

/** A tool that passes or fails as a whole. */
function single(name: string, args: string[], seconds: number): Stage {
  return {
    name,
    async run(env) {
      const { code, output } = await runNode(args, seconds, env);
      return code === 0 ? { passed: 1, failed: 0, output: '' } : { passed: 0, failed: 1, output };
    },
  };
}

function packaging(): Stage {
  return {
    name: 'package',
    async run(env) {
      const { code, output } = await runNode(['tools/package.mts', testedVsix], 60, env);
      const passes = code === 0 && !output.includes('WARNING');
      return passes ? { passed: 1, failed: 0, output: '' } : { passed: 0, failed: 1, output };
    },
  };
}

const mochaOptions = ['--require', './tools/testing/fail-on-unhandled.cjs', '--reporter', 'json'];

function mocha(name: string, args: string[], seconds: number): Stage {
  return {
    name,
    run: (env) =>
      reported(name, (report) =>
        runNode([tools.mocha, ...mochaOptions, '--reporter-option', `output=${report}`, ...args], seconds, env),
      ),
  };
}

/** Tests in a browser. `--exit`: one that fails before it closes its window shall not keep the run waiting. */
function inBrowser(name: string, isIn: (file: string) => boolean): Stage {
  const options = ['--require', './tools/exit-on-signals.mts', '--exit', '--timeout', '120000', '--slow', '20000'];
  const files = globSync('test/ui/*.test.mts').filter((path) => isIn(basename(path, '.test.mts')));
  return mocha(name, [...options, ...files.sort()], 280);
}

/** A suite in the extension host. */
function inHost(name: string, seconds: number): Stage {
  return {
    name,
    run: (env) =>
      reported(
        name,
        (report) => runNode(['tools/testing/host-suite.mts', name], seconds, { ...env, MOCHA_REPORT: report }),
        { explainsItself: true },
      ),
  };
}

/**
 * Runs something that writes a report; without one, the run as a whole has failed.
 * @param explainsItself What it prints says which tests failed and why.
 */
async function reported(
  name: string,
  run: (report: string) => Promise<Finished>,
  { explainsItself = false } = {},
): Promise<Outcome> {
  const file = join(stateFolder, `report-${name}.json`);
  await rm(file, { force: true });
  const { code, output } = await run(file);

  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return { passed: 0, failed: 1, output: `There is no report of the tests.\n${output}` };

  const report = JSON.parse(text) as MochaReport;
  const outcome = outcomeOf(report, output);
  if (explainsItself && report.stats.failures > 0) return { ...outcome, output };
  if (code === 0 || outcome.failed > 0) return outcome;
  return { ...outcome, failed: 1, output: `The tests passed, but the run did not end well.\n${output}` };
}
