// A Mocha reporter that appends an event to a file when a test begins and when it ends, so that a result counts whatever happens
// later. The same reporter runs in plain Node, in the extension host and beside a browser.
import { appendFileSync } from 'node:fs';
import Mocha from 'mocha';

/** Name of the environment variable with the path of the file. */
export const eventsVariable = 'TEST_EVENTS';

/** Name of the environment variable with a part of the names of the tests that are wanted; without it all are. */
export const grepVariable = 'TEST_GREP';

/** One line of the file, as JSON. */
export type TestEvent =
  | { readonly kind: 'begin' | 'pass' | 'skip'; readonly title: string }
  | { readonly kind: 'fail'; readonly title: string; readonly why: string }
  | { readonly kind: 'end' };

export class EventReporter extends Mocha.reporters.Base {
  constructor(runner: Mocha.Runner) {
    super(runner);
    const file = process.env[eventsVariable];
    if (file === undefined) throw new Error(`${eventsVariable} names no file.`);
    const write = (event: TestEvent): void => appendFileSync(file, `${JSON.stringify(event)}\n`);

    runner.on('hook', (hook) => write({ kind: 'begin', title: hook.fullTitle() }));
    runner.on('test', (test) => write({ kind: 'begin', title: test.fullTitle() }));
    runner.on('pass', (test) => write({ kind: 'pass', title: test.fullTitle() }));
    runner.on('pending', (test) => write({ kind: 'skip', title: test.fullTitle() }));
    runner.on('fail', (test, error: unknown) => write({ kind: 'fail', title: test.fullTitle(), why: explain(error) }));
    runner.on('end', () => write({ kind: 'end' }));
  }
}

/** The stack, with the message before it where that was changed later. */
function explain(error: unknown): string {
  const { message = '', stack = '' } = error as { message?: string; stack?: string };
  if (message === '' && stack === '') return String(error);
  return stack.includes(message) ? stack : `${message}\n${stack}`;
}

// Mocha takes the module of a reporter that is named by a path for the reporter itself.
export { EventReporter as 'module.exports' };
