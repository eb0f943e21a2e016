// Reads what the reporter writes while a stage runs, and puts it in words.
import { closeSync, openSync, readSync } from 'node:fs';
import type { Finished } from '../run.mts';
import type { TestEvent } from './reporter.mts';

export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  /** Shown when something failed, or was skipped. */
  readonly output: string;
}

/** The results of one run of Mocha, read from the file of its events while it grows. */
export class TestResults {
  passed = 0;
  private readonly failures: string[] = [];
  private readonly skipped: string[] = [];
  private running: string | undefined;
  private hasEnded = false;
  private position = 0;
  private rest = '';

  private readonly file: string;

  /** @param file Where the reporter writes; it need not be there yet. */
  constructor(file: string) {
    this.file = file;
  }

  /** Tests that have ended. */
  get count(): number {
    return this.passed + this.failures.length + this.skipped.length;
  }

  /** Reads what was written since the last call. @returns Whether there was anything. */
  read(): boolean {
    const text = this.more();
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) this.take(JSON.parse(line) as TestEvent);
    return text !== '';
  }

  /** What came of the run, which has ended by itself or was stopped. */
  outcome({ code, output }: Finished): Outcome {
    this.read();
    const failed = this.failures.map((failure) => `failed: ${failure}`);
    const skipped = this.skipped.map((title) => `skipped: ${title}`);
    const problem = this.problem(code);

    const told = [...failed, ...skipped, ...(problem === undefined ? [] : [`${problem}\n${output}`])];
    return {
      passed: this.passed,
      failed: failed.length + (problem === undefined ? 0 : 1),
      output: told.join('\n\n').trim(),
    };
  }

  /** What is wrong beside the failures of tests. */
  private problem(code: number): string | undefined {
    if (!this.hasEnded) {
      const where = this.running === undefined ? 'before the first test' : `while this was running: ${this.running}`;
      return `The run ended ${where}.`;
    }
    if (this.passed + this.failures.length === 0) return 'No test ran.';
    if (code !== 0 && this.failures.length === 0) return 'The tests passed, but the run did not end well.';
    return undefined;
  }

  private take(event: TestEvent): void {
    switch (event.kind) {
      case 'begin':
        this.running = event.title;
        break;
      case 'pass':
        this.passed++;
        break;
      case 'skip':
        this.skipped.push(event.title);
        break;
      case 'fail':
        this.failures.push(`${event.title}\n${event.why.replace(/^/gm, '    ')}`);
        break;
      case 'end':
        this.hasEnded = true;
    }
  }

  /** The part of the file behind what was read before; the file appears with the first event. */
  private more(): string {
    const chunks: Buffer[] = [];
    let file: number;
    try {
      file = openSync(this.file, 'r');
    } catch {
      return '';
    }
    try {
      for (;;) {
        const chunk = Buffer.alloc(65_536);
        const bytes = readSync(file, chunk, 0, chunk.length, this.position);
        if (bytes === 0) break;
        this.position += bytes;
        chunks.push(chunk.subarray(0, bytes));
      }
    } finally {
      closeSync(file);
    }
    return Buffer.concat(chunks).toString();
  }
}
