// The part of Mocha's JSON report that is read here, and what it says in words.

export interface MochaReport {
  stats: { passes: number; failures: number; pending: number };
  /** Tests that are marked to be skipped. */
  pending: { fullTitle: string }[];
  failures: { fullTitle: string; err: { message?: string; stack?: string } }[];
}

export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  /** Shown when something failed, or was skipped. */
  readonly output: string;
}

/** @param printed What the run printed besides its report. */
export function outcomeOf(report: MochaReport, printed: string): Outcome {
  const { passes, failures, pending } = report.stats;
  const skipped = report.pending.map(({ fullTitle }) => `skipped: ${fullTitle}`);
  if (passes + failures === 0)
    return { passed: 0, failed: 1, output: ['No test ran.', ...skipped, printed].join('\n') };

  const failed = report.failures.map(({ fullTitle, err }) => `failed: ${fullTitle}\n${indent(explain(err))}`);
  const told = [...failed, ...(pending > 0 ? skipped : []), ...(failures > 0 ? [printed] : [])];
  return { passed: passes, failed: failures, output: told.join('\n\n').trim() };
}

/** The stack begins with the message, unless the message was changed later. */
function explain({ message = '', stack = '' }: { message?: string; stack?: string }): string {
  return stack.includes(message) ? stack : `${message}\n${stack}`;
}

function indent(text: string): string {
  return text.replace(/^/gm, '    ');
}
