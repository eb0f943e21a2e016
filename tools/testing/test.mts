// npm test [-- stage … -g text]: runs the stages, shows each with its time, and counts over all. With -g only the tests whose names
// have the text.
// With --oldest (npm run test:oldest), what needs a VS Code runs in the oldest one that `engines.vscode` admits.
import { readdir, rm, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBrowser } from '../vscode/browser.mts';
import { exitOnSignals } from '../children.mts';
import { ensureServerBuild } from '../vscode/code-server.mts';
import { say, stateFolder } from '../project.mts';
import { serverVariable } from '../vscode/server-pins.mts';
import { Progress } from './progress.mts';
import { grepVariable } from './reporter.mts';
import { build, checks, packed, runs, type Stage, testedVsix } from './stages.mts';
import { chooseVscode, testExecutable } from '../vscode/vscode.mts';

const stages = [...checks, build, packed, ...runs];

async function main(names: string[]): Promise<void> {
  const unknown = names.filter((name) => !stages.some((stage) => stage.name === name));
  if (unknown.length > 0) {
    throw new Error(`No such stage: ${unknown.join(', ')}. There are ${stages.map(({ name }) => name).join(', ')}.`);
  }
  // The tests in the browser look at the packaged extension, too.
  const asked = new Set(names.includes('trust') ? [...names, 'package'] : names);
  const wanted = (stage: Stage): boolean => asked.size === 0 || asked.has(stage.name);

  await clearLeftovers();

  const env = await prepare(wanted);
  const totals = { passed: 0, failed: 0 };
  const progress = new Progress(process.stdout);
  const work = async (queue: Iterable<Stage>): Promise<void> => {
    for (const stage of queue) {
      progress.begin(stage.name);
      const outcome = await stage.run(env, (tests) => progress.update(stage.name, tests));
      progress.end(stage.name, outcome);
      totals.passed += outcome.passed;
      totals.failed += outcome.failed;
    }
  };

  const tests = runs.filter(wanted);
  if (tests.length > 0 || wanted(build) || wanted(packed)) await work([build, ...[packed].filter(wanted)]);
  // One stage for each core: with more, every window is slow, and the run takes as long.
  const queue = [...tests, ...checks.filter(wanted)].values();
  await Promise.all(Array.from({ length: availableParallelism() }, () => work(queue)));

  progress.close();
  process.stdout.write(`${totals.passed} passed, ${totals.failed} failed\n`);
  process.exitCode = totals.failed > 0 ? 1 : 0;
}

/** Fetches what the stages need, so that no test waits for a download. @returns The environment of the stages. */
async function prepare(wanted: (stage: Stage) => boolean): Promise<Record<string, string>> {
  const needs = (...names: string[]): boolean => stages.some((stage) => names.includes(stage.name) && wanted(stage));
  const env: Record<string, string> = {};

  if (needs('integration', 'network')) {
    const vscode = await chooseVscode();
    env.TEST_EXECUTABLE = testExecutable(vscode);
    if (vscode.kind === 'server') await ensureBrowser();
  }
  if (needs('ui', 'trust')) {
    await ensureServerBuild();
    await ensureBrowser();
  }
  if (needs('package')) env.TESTED_VSIX = testedVsix;
  return env;
}

/** What runs that were killed have left: temporary folders that nobody has touched for an hour. */
async function clearLeftovers(): Promise<void> {
  const names = await readdir(stateFolder).catch(() => []);
  for (const name of names.filter((entry) => /^(workbench|integration|bench)-|\.part-/.test(entry))) {
    const path = join(stateFolder, name);
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > 3_600_000) await rm(path, { recursive: true, force: true });
  }
}

exitOnSignals();
try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { oldest: { type: 'boolean' }, grep: { type: 'string', short: 'g' } },
  });
  // The stages' own processes read these.
  if (values.oldest) process.env[serverVariable] = 'oldest';
  if (values.grep !== undefined) process.env[grepVariable] = values.grep;
  await main(positionals);
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
// A download that lost its race may still be under way.
process.exit();
