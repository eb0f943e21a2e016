// Runs the suite inside the extension host. VS Code calls run(); a rejection makes its exit code 1.
import { globSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'node:util';
import Mocha from 'mocha';
import type { MochaReport } from '../../../tools/testing/mocha-report.mts';
import { markSuiteLine } from '../../../tools/testing/suite-lines.mts';

export async function run(): Promise<void> {
  const mocha = new Mocha({ color: false, timeout: 40_000, slow: 2_000, reporter: 'spec' });
  Mocha.reporters.Base.consoleLog = (...values: unknown[]) => {
    for (const line of format(...values).split('\n')) console.log(markSuiteLine(line));
  };

  const folder = join(__dirname, '..', '..', process.env.TEST_SUITE ?? 'integration');
  for (const file of globSync('**/*.test.js', { cwd: folder })) mocha.addFile(join(folder, file));
  await mocha.loadFilesAsync();

  const report: MochaReport = { stats: { passes: 0, failures: 0, pending: 0 }, pending: [], failures: [] };
  await new Promise<void>((resolve) => {
    const runner = mocha.run(() => resolve());
    runner.on('pass', () => (report.stats.passes += 1));
    runner.on('pending', (test) => {
      report.stats.pending += 1;
      report.pending.push({ fullTitle: test.fullTitle() });
    });
    runner.on('fail', (test, error) => {
      report.stats.failures += 1;
      const { message, stack } = error as { message?: string; stack?: string };
      report.failures.push({
        fullTitle: test.fullTitle(),
        err: { ...(message === undefined ? {} : { message }), ...(stack === undefined ? {} : { stack }) },
      });
    });
  });

  const file = process.env.MOCHA_REPORT;
  if (file) writeFileSync(file, JSON.stringify(report));
  const { passes, failures } = report.stats;
  if (failures > 0) throw new Error(`${failures} failed`);
  if (passes === 0) throw new Error('No test ran.');
}
