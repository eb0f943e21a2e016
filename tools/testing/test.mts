// npm test [-- stage …]: runs the stages, shows each with its time, and counts over all.
// With --oldest (npm run test:oldest), what needs a VS Code runs in the oldest one that `engines.vscode` admits.
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { styleText } from 'node:util';
import { ensureBrowser } from '../vscode/browser.mts';
import { exitOnSignals } from '../children.mts';
import { ensureServerBuild } from '../vscode/code-server.mts';
import { say, stateFolder } from '../project.mts';
import { serverVariable } from '../vscode/server-pins.mts';
import { build, checks, packed, runs, type Stage, testedVsix } from './stages.mts';
import { chooseVscode, testExecutable } from '../vscode/vscode.mts';

const stages = [...checks, build, packed, ...runs.flat()];

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
  const work = async (lane: readonly Stage[]): Promise<void> => {
    for (const stage of lane) {
      const { passed, failed } = await show(stage, env);
      totals.passed += passed;
      totals.failed += failed;
    }
  };

  const lanes = runs.map((lane) => lane.filter(wanted));
  const isBuilt = lanes.flat().length > 0 || wanted(build) || wanted(packed);
  // Everything that runs needs the build, asked for or not; what is only checked does not wait for it.
  const built = isBuilt ? work([build, ...[packed].filter(wanted)]) : Promise.resolve();
  const checked = work(checks.filter(wanted));
  await Promise.all(
    lanes.map(async (lane, i) => {
      await Promise.all([built, ...(i === 0 ? [checked] : [])]);
      await work(lane);
    }),
  );

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

async function show(stage: Stage, env: Record<string, string>): Promise<{ passed: number; failed: number }> {
  const started = performance.now();
  const { passed, failed, output } = await stage.run(env);
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);

  const sign = failed > 0 ? styleText('red', '✖') : styleText('green', '✔');
  const count = passed + failed > 1 ? `  ${passed} passed${failed > 0 ? `, ${failed} failed` : ''}` : '';
  process.stdout.write(`${sign} ${stage.name.padEnd(12)}${seconds.padStart(6)} s${count}\n`);
  if (output !== '') process.stdout.write(`${output.trim().replace(/^/gm, '  ')}\n`);
  return { passed, failed };
}

exitOnSignals();
try {
  const args = process.argv.slice(2);
  // The stages' own processes read it.
  if (args.includes('--oldest')) process.env[serverVariable] = 'oldest';
  await main(args.filter((argument) => argument !== '--oldest'));
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
// A download that lost its race may still be under way.
process.exit();
