// npm run bench [-- --full] [--only search_100k,memory] [--runs 1…5] [--soak requests]: builds the extension, measures it beside its peers,
// prints a table and writes .vscode-test/bench.jsonl. With --full 1,000,000 users, the growth and the soak as well. Ends with 1 when a bound
// is missed. Nothing else should run meanwhile.
import { writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { exitOnSignals } from '../../tools/children.mts';
import { projectRoot, say, stateFolder } from '../../tools/project.mts';
import { type Context, run, servers } from './context.mts';
import { hostSubject } from './hostSubject.mts';
import { paintSubject } from './paint.mts';
import { plainSubjects } from './plainSubjects.mts';
import { figuresOf, jsonLines, missed, table } from './report.mts';
import type { Sample } from './sample.mts';
import { Servers } from './servers.mts';
import { wantedMetrics } from './table.mts';

const defaultRuns = 3;
const mostRuns = 5;
const fullSoakRequests = 20_000;
const resultsFile = join(stateFolder, 'bench.jsonl');
const subjects = [...plainSubjects, hostSubject, paintSubject];

/** @returns Whether all bounds were reached. */
async function measureAll(wanted: Context['wanted'], runs: number): Promise<boolean> {
  const context: Context = { runs, wanted, servers: await Servers.start(servers) };
  const samples: Sample[] = [];
  for (const subject of subjects) {
    if (!subject.metrics.some((metric) => wanted.has(metric))) continue;
    const started = performance.now();
    try {
      samples.push(...(await subject.measure(context)));
    } catch (error) {
      // The others are measured all the same; what is not there has missed its bound.
      say(error instanceof Error ? error.message : String(error));
    }
    say(`${subject.name}: ${((performance.now() - started) / 1_000).toFixed(0)} s`);
  }

  const figures = figuresOf(wanted, samples);
  await writeFile(resultsFile, jsonLines(figures));
  const lines = missed(figures);
  process.stdout.write(`\n${table(figures)}\n\n`);
  process.stdout.write(lines.length > 0 ? `Bounds missed:\n${lines.join('\n')}\n` : 'All bounds reached.\n');
  return lines.length === 0;
}

/** @returns Whether all requests came to an end. */
async function soak(requests: number): Promise<boolean> {
  say(`The soak: ${requests} requests with 5% mixed faults…`);
  try {
    process.stdout.write(
      await run(['--expose-gc', join(projectRoot, 'out', 'test', 'bench', 'soak.js'), String(requests)]),
    );
    return true;
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return false;
  }
}

/** Figures of a machine that does other things as well say little. Always 0 on Windows, which has no load average. */
function warnIfBusy(): void {
  const [lastMinute = 0] = loadavg();
  if (lastMinute > availableParallelism() / 2) {
    say(`This machine is busy (load ${lastMinute.toFixed(1)} in the last minute): the figures will not be reliable.`);
  }
}

async function main(): Promise<boolean> {
  const { values } = parseArgs({
    options: {
      full: { type: 'boolean', default: false },
      runs: { type: 'string', default: String(defaultRuns) },
      only: { type: 'string' },
      soak: { type: 'string' },
    },
  });
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1 || runs > mostRuns) throw new Error(`--runs takes 1 to ${mostRuns}.`);
  const wanted = wantedMetrics(values.only, values.full);
  const soakRequests = Number(values.soak ?? (values.full && values.only === undefined ? fullSoakRequests : 0));

  const started = performance.now();
  warnIfBusy();
  say(
    `${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'}), Node ${process.version}, up to ${runs} runs`,
  );
  await run(['esbuild.js', '--tests']);
  const isReached = await measureAll(wanted, runs);
  const isSoaked = soakRequests === 0 || (await soak(soakRequests));
  say(`Measured in ${((performance.now() - started) / 60_000).toFixed(1)} minutes.`);
  return isReached && isSoaked;
}

exitOnSignals();
try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
// Every process that was started goes with this one.
process.exit();
