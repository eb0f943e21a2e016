// npm run bench [-- --runs 1…5] [--only search_100k,memory] [--soak requests]: builds the extension, measures it beside its peers, prints
// a table and writes .vscode-test/bench.jsonl. Ends with 1 when a bound is missed. Nothing else should run meanwhile.
import { writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { exitOnSignals } from '../../tools/children.mts';
import { say, stateFolder } from '../../tools/project.mts';
import { runNode } from '../../tools/run.mts';
import type { Context } from './context.mts';
import { hostSubject } from './hostSubject.mts';
import { paintSubject } from './paint.mts';
import { plainSubjects } from './plainSubjects.mts';
import { figuresOf, jsonLines, missed, table } from './report.mts';
import type { Sample } from './sample.mts';
import { type MetricName, metricNames } from './table.mts';

const mostRuns = 5;
const resultsFile = join(stateFolder, 'bench.jsonl');
const subjects = [...plainSubjects, hostSubject, paintSubject];

async function main({ runs, wanted }: Context, soakRequests: number): Promise<void> {
  const started = performance.now();
  warnIfBusy();
  say(
    `${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'}), Node ${process.version}, up to ${runs} runs`,
  );
  const built = await runNode(['esbuild.js', '--tests']);
  if (built.code !== 0) throw new Error(`The build failed.\n${built.output}`);

  const samples: Sample[] = [];
  for (const subject of subjects) {
    if (!subject.metrics.some((metric) => wanted.has(metric))) continue;
    try {
      samples.push(...(await subject.measure({ runs, wanted })));
    } catch (error) {
      // The others are measured all the same; what is not there has missed its bounds.
      say(error instanceof Error ? error.message : String(error));
    }
  }

  const figures = figuresOf([...wanted], samples);
  await writeFile(resultsFile, jsonLines(figures));
  const lines = missed(figures);
  process.stdout.write(`\n${table(figures)}\n\n`);
  process.stdout.write(lines.length > 0 ? `Bounds missed:\n${lines.join('\n')}\n` : 'All bounds reached.\n');
  say(`Measured in ${((performance.now() - started) / 60_000).toFixed(1)} minutes.`);
  process.exitCode = lines.length > 0 ? 1 : 0;
  if (soakRequests > 0) await soak(soakRequests);
}

async function soak(requests: number): Promise<void> {
  say(`The soak: ${requests} requests with 5% mixed faults…`);
  const { code, output } = await runNode(['test/bench/soak.mts', '--requests', String(requests)]);
  process.stdout.write(output);
  if (code !== 0) process.exitCode = 1;
}

/** Figures of a machine that does other things as well say little. Always 0 on Windows, which has no load average. */
function warnIfBusy(): void {
  const [lastMinute = 0] = loadavg();
  if (lastMinute > availableParallelism() / 2) {
    say(`This machine is busy (load ${lastMinute.toFixed(1)} in the last minute): the figures will not be reliable.`);
  }
}

/** The metrics whose names begin with one of the texts between the commas; all without a text. */
function wantedMetrics(only: string | undefined): MetricName[] {
  const begins = only?.split(',').filter((text) => text !== '') ?? [''];
  const wanted = metricNames.filter((name) => begins.some((text) => name.startsWith(text)));
  if (wanted.length === 0) throw new Error(`No metric begins with ${only}. There are: ${metricNames.join(', ')}`);
  return wanted;
}

exitOnSignals();
try {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: String(mostRuns) },
      only: { type: 'string' },
      soak: { type: 'string' },
    },
  });
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1 || runs > mostRuns) throw new Error(`--runs takes 1 to ${mostRuns}.`);
  const wanted = new Set(wantedMetrics(values.only));
  await main({ runs, wanted }, Number(values.soak ?? (values.only === undefined ? 20_000 : 0)));
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
// Every process that was started goes with this one.
process.exit();
