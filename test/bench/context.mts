// What every subject of the benchmark needs to measure in processes of their own.
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot, say, stateFolder } from '../../tools/project.mts';
import { runNode } from '../../tools/run.mts';
import { suiteLine } from '../../tools/testing/suite-lines.mts';
import { type Sample, variables } from './sample.mts';
import type { MetricName } from './table.mts';

export interface Context {
  /** Every metric is measured so often, and those of a million users once. */
  readonly runs: number;
  readonly wanted: ReadonlySet<MetricName>;
}

/** One thing that is measured, with the metrics that come from it. */
export interface Subject {
  readonly name: string;
  readonly metrics: readonly MetricName[];
  measure(context: Context): Promise<Sample[]>;
}

/** Seconds that a process may take on a slow machine. */
const patience = 600;
/** Megabytes; the peers' million parsed users need room. */
const heapLimit = 12_000;

/** Runs one of the bundled scripts of this folder. @returns What it printed and the samples it wrote. */
export async function runScript(
  script: string,
  args: readonly (string | number)[],
  round = 0,
): Promise<{ samples: Sample[]; output: string }> {
  const path = join(projectRoot, 'out', 'test', 'bench', `${script}.js`);
  const flags = ['--expose-gc', `--max-old-space-size=${heapLimit}`];
  return runMeasuring([...flags, path, ...args.map(String)], patience, { [variables.round]: String(round) });
}

/** Runs a process that writes samples; throws where it fails. */
export async function runMeasuring(
  args: string[],
  seconds: number,
  env: Record<string, string>,
): Promise<{ samples: Sample[]; output: string }> {
  const file = join(stateFolder, `bench-samples-${process.pid}.jsonl`);
  await rm(file, { force: true });
  const { code, output } = await runNode(args, { env: { ...env, [variables.samples]: file } });
  if (code !== 0) {
    const lines = output.split('\n').map((line) => suiteLine(line) ?? line);
    throw new Error(`Measuring failed: ${args.join(' ')}\n${lines.join('\n')}`);
  }
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
  await rm(file, { force: true });
  return { samples: lines.map((line) => JSON.parse(line) as Sample), output };
}

/** The last line of a script's output, which is JSON. */
export function lastJson(output: string): unknown {
  return JSON.parse(output.trimEnd().split('\n').at(-1) ?? '');
}

/** Measures so many times. */
export async function repeated(
  name: string,
  runs: number,
  measure: (round: number) => Promise<readonly Sample[]>,
): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (let round = 0; round < runs; round++) {
    say(`${name}: run ${round + 1} of ${runs}…`);
    samples.push(...(await measure(round)));
  }
  return samples;
}
