// Runs a suite inside the extension host. VS Code calls run(); a rejection makes its exit code 1.
import { globSync } from 'node:fs';
import { join } from 'node:path';
import Mocha from 'mocha';
import { patience } from '../../../tools/patience.mts';
import { EventReporter, eventsVariable, grepVariable } from '../../../tools/testing/reporter.mts';

export async function run(): Promise<void> {
  // Without a file for the events somebody started the suite by hand, and reads the console.
  const reporter = process.env[eventsVariable] === undefined ? 'spec' : EventReporter;
  const mocha = new Mocha({ color: false, timeout: patience(120_000), grep: process.env[grepVariable], reporter });

  const folder = join(__dirname, '..', '..', process.env.TEST_SUITE ?? 'integration');
  for (const file of globSync('**/*.test.js', { cwd: folder })) mocha.addFile(join(folder, file));
  await mocha.loadFilesAsync();

  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} failed`);
}
