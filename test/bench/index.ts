// Runs the benchmark inside the extension host. VS Code calls run().
import { appendFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { markSuiteLine } from '../../tools/testing/suite-lines.mts';
import { metrics } from './metrics';
import { type Sample, variables } from './sample.mts';
import type { MetricName } from './table.mts';

export async function run(): Promise<void> {
  await atRest();
  for (const { metrics: names, run: measure } of metrics) {
    const wanted = names.filter(isWanted);
    if (wanted.length === 0) continue;
    try {
      (await measure()).forEach(addSample);
    } catch (error) {
      // The others are measured all the same.
      console.log(markSuiteLine(error instanceof Error ? (error.stack ?? error.message) : String(error)));
      const problem = error instanceof Error ? error.message : String(error);
      wanted.forEach((metric) => addSample({ metric, problem }));
    }
  }
}

function addSample(sample: Sample): void {
  appendFileSync(process.env[variables.samples] ?? '', `${JSON.stringify(sample)}\n`);
}

function isWanted(metric: MetricName): boolean {
  return (process.env[variables.metrics] ?? '').split(',').includes(metric);
}

/** Waits, 20 seconds at most, until VS Code has activated no extension of its own for a second: they share this thread. */
async function atRest(): Promise<void> {
  const countActive = (): number => vscode.extensions.all.filter(({ isActive }) => isActive).length;
  let before = -1;
  for (let seconds = 0; seconds < 20 && countActive() !== before; seconds++) {
    before = countActive();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}
