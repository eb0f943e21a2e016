// Shows that a long run moves: one updating line on a terminal, else a line every 15 seconds.
import { styleText } from 'node:util';
import type { Outcome } from './results.mts';

/** The part of a stream that is used. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

interface Running {
  readonly since: number;
  tests: number;
}

const clearLine = '\r\x1b[2K';

export class Progress {
  private readonly running = new Map<string, Running>();
  private readonly out: Output;
  private readonly timer: NodeJS.Timeout;

  constructor(out: Output) {
    this.out = out;
    this.timer = setInterval(() => this.show(), out.isTTY ? 1_000 : 15_000);
    this.timer.unref();
  }

  begin(stage: string): void {
    this.running.set(stage, { since: performance.now(), tests: 0 });
  }

  /** @param tests How many tests of the stage have ended. */
  update(stage: string, tests: number): void {
    const running = this.running.get(stage);
    if (running) running.tests = tests;
  }

  end(stage: string, { passed, failed, output }: Outcome): void {
    const since = this.running.get(stage)?.since ?? performance.now();
    this.running.delete(stage);

    const sign = failed > 0 ? styleText('red', '✖') : styleText('green', '✔');
    const count = passed + failed > 1 ? `  ${passed} passed${failed > 0 ? `, ${failed} failed` : ''}` : '';
    this.line(`${sign} ${stage.padEnd(12)}${seconds(since, 1).padStart(6)} s${count}`);
    if (output !== '') this.line(output.trim().replace(/^/gm, '  '));
  }

  /** Shows the stages that are running, with the tests that have ended and the seconds so far. */
  show(): void {
    const words = [...this.running].map(([stage, { since, tests }]) => {
      const count = tests > 0 ? ` ${tests} tests,` : '';
      return `${stage}${count} ${seconds(since)} s`;
    });
    if (words.length === 0) return;
    const line = `… ${words.join(' | ')}`;
    if (this.out.isTTY) this.out.write(`${clearLine}${line.slice(0, (this.out.columns ?? 80) - 1)}`);
    else this.out.write(`${line}\n`);
  }

  close(): void {
    clearInterval(this.timer);
    if (this.out.isTTY) this.out.write(clearLine);
  }

  private line(text: string): void {
    this.out.write(`${this.out.isTTY ? clearLine : ''}${text}\n`);
  }
}

function seconds(since: number, digits = 0): string {
  return ((performance.now() - since) / 1_000).toFixed(digits);
}
