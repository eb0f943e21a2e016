import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Mocha from 'mocha';
import { runNode } from '../../tools/run.mts';
import { Progress } from '../../tools/testing/progress.mts';
import { EventReporter, eventsVariable, type TestEvent } from '../../tools/testing/reporter.mts';
import { TestResults } from '../../tools/testing/results.mts';

describe('the runner of the tests', () => {
  let folder: string;
  let file: string;
  let results: TestResults;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'scim-explorer-'));
    file = join(folder, 'events.jsonl');
    results = new TestResults(file);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (...events: TestEvent[]) =>
    events.forEach((event) => appendFileSync(file, `${JSON.stringify(event)}\n`));
  const good = { code: 0, output: 'printed' };

  describe('reads results', () => {
    it('while they come, half a line included', () => {
      assert.equal(results.read(), false, 'there is no file yet');
      write({ kind: 'begin', title: 'one' }, { kind: 'pass', title: 'one' });
      assert.equal(results.read(), true);
      assert.deepEqual([results.count, results.passed], [1, 1]);
      assert.equal(results.read(), false, 'nothing new');

      appendFileSync(file, '{"kind":"fail","title":"t');
      assert.equal(results.read(), true);
      assert.equal(results.count, 1);
      appendFileSync(file, 'wo","why":"because"}\n');
      assert.equal(results.read(), true);
      assert.equal(results.count, 2);
    });

    it('and counts what passed although the run was stopped, and says which test was running', () => {
      write(
        { kind: 'pass', title: 'one' },
        { kind: 'pass', title: 'two' },
        { kind: 'begin', title: 'three that hangs' },
      );
      const { passed, failed, output } = results.outcome({ code: 1, output: 'Nothing happened for 3 minutes' });
      assert.deepEqual([passed, failed], [2, 1]);
      assert.match(output, /while this was running: three that hangs\.\nNothing happened for 3 minutes/);
    });

    it('and says so where the run ended before the first test', () => {
      const { passed, failed, output } = results.outcome({ code: 1, output: 'Cannot find module' });
      assert.deepEqual([passed, failed], [0, 1]);
      assert.match(output, /before the first test\.\nCannot find module/);
    });

    it('and counts a run without a test as failed', () => {
      write({ kind: 'skip', title: 'left out' }, { kind: 'end' });
      const { passed, failed, output } = results.outcome(good);
      assert.deepEqual([passed, failed], [0, 1]);
      assert.match(output, /skipped: left out[\s\S]*No test ran\.\nprinted/);
    });

    it('and says which tests failed and why, without what was printed', () => {
      write(
        { kind: 'pass', title: 'one' },
        { kind: 'fail', title: 'a thing', why: 'Error: x\n at y' },
        { kind: 'end' },
      );
      const { passed, failed, output } = results.outcome({ code: 1, output: 'printed' });
      assert.deepEqual([passed, failed, output], [1, 1, 'failed: a thing\n    Error: x\n     at y']);
    });

    it('and fails a run whose tests passed, but that did not end well', () => {
      write({ kind: 'pass', title: 'one' }, { kind: 'end' });
      const { passed, failed, output } = results.outcome({ code: 7, output: 'printed' });
      assert.deepEqual([passed, failed], [1, 1]);
      assert.match(output, /did not end well\.\nprinted/);
      assert.deepEqual(new TestResults(file).outcome(good), { passed: 1, failed: 0, output: '' });
    });
  });

  it('has a reporter that writes each test as it ends', async () => {
    const before = process.env[eventsVariable];
    process.env[eventsVariable] = file;
    try {
      const mocha = new Mocha({ reporter: EventReporter });
      const add = (title: string, run?: () => void) => mocha.suite.addTest(new Mocha.Test(title, run));
      add('one', () => undefined);
      add('two', () => assert.fail('two is not one'));
      add('three', () => {
        assert.equal(results.read(), true, 'before the end of the run');
        assert.equal(results.count, 2);
        throw new TypeError('not one either');
      });
      add('four');
      await new Promise((resolve) => mocha.run(resolve));
    } finally {
      if (before === undefined) Reflect.deleteProperty(process.env, eventsVariable);
      else process.env[eventsVariable] = before;
    }
    const { passed, failed, output } = results.outcome(good);
    assert.deepEqual([passed, failed], [1, 2]);
    assert.match(output, /failed: two\n {4}AssertionError.*: two is not one\n/);
    assert.match(output, /failed: three\n {4}TypeError: not one either\n[\s\S]*skipped: four$/);
  });

  it('stops a tool that makes no progress, and says so', async () => {
    const { code, output } = await runNode(['-e', 'console.log("begun"); setInterval(() => undefined, 1000);'], {
      silenceMs: 200,
    });
    assert.notEqual(code, 0);
    assert.match(output, /^begun\n\nNothing happened for 0\.2 seconds, so it was stopped\.\n$/);
  });

  it('leaves a tool alone that is silent while its tests go on', async () => {
    const gate = join(folder, 'go on');
    let looks = 0;
    // The tool ends by itself once the runner has looked twice, which is longer than the silence that it is allowed.
    const script = `const { existsSync } = require('node:fs');
      const timer = setInterval(() => { if (existsSync(${JSON.stringify(gate)})) clearInterval(timer); }, 10);`;
    const { code, output } = await runNode(['-e', script], {
      silenceMs: 200,
      hasMoved() {
        if (++looks === 2) writeFileSync(gate, '');
        return true;
      },
    });
    assert.deepEqual([code, output], [0, '']);
  });

  describe('shows progress', () => {
    const shown = (isTTY: boolean, columns?: number) => {
      const written: string[] = [];
      const out = { isTTY, columns, write: (text: string) => written.push(text) };
      return { progress: new Progress(out), written };
    };

    it('as a line of all stages that run', () => {
      const { progress, written } = shown(false);
      progress.begin('unit');
      progress.begin('lint');
      progress.update('unit', 41);
      progress.show();
      assert.match(written.join(''), /^… unit 41 tests, \d+ s \| lint \d+ s\n$/);
      progress.end('lint', { passed: 1, failed: 0, output: '' });
      progress.end('unit', { passed: 41, failed: 2, output: 'failed: a' });
      assert.match(
        written.slice(1).join(''),
        /✔.* lint .* s\n.*✖.* unit .* s {2}41 passed, 2 failed\n {2}failed: a\n$/,
      );
      const count = written.length;
      progress.show();
      assert.equal(written.length, count, 'nothing runs');
      progress.close();
    });

    it('on a terminal in one line that is replaced and never longer than the window', () => {
      const { progress, written } = shown(true, 12);
      progress.begin('integration');
      progress.show();
      assert.equal(written[0], '\r\x1b[2K… integrati');
      progress.end('integration', { passed: 1, failed: 0, output: '' });
      assert.ok(written[1]?.startsWith('\r\x1b[2K'));
      progress.close();
    });
  });
});
