// Runs the benchmark inside the extension host. VS Code calls run(); a rejection makes its exit code 1.
import { appendFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { markSuiteLine } from '../host/suite-lines.mts';
import { metrics } from './metrics';
import { type Sample, variables } from './sample.mts';

export async function run(): Promise<void> {
  const file = process.env[variables.samples];
  if (!file) throw new Error(`Where to? ${variables.samples} is not set.`);
  try {
    await atRest();
    for (const { name, run: measure, ...described } of metrics) {
      const sample: Sample = { metric: name, ...described, ...(await measure()) };
      appendFileSync(file, `${JSON.stringify(sample)}\n`);
    }
  } catch (error) {
    console.log(markSuiteLine(error instanceof Error ? (error.stack ?? error.message) : String(error)));
    throw error;
  }
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
