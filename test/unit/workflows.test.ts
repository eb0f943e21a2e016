import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { tools } from '../../tools/run.mts';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly needs?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly 'timeout-minutes'?: number;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: unknown;
  readonly concurrency?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

/** The only actions, each at the one commit that was looked at. */
const actions: Readonly<Record<string, string>> = {
  'actions/checkout': '3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1',
  'actions/setup-node': '820762786026740c76f36085b0efc47a31fe5020 # v7.0.0',
  'actions/attest': '1e69f48acb82d1966a394da916b4c1698aa569d6 # v4.2.2',
  'actions/upload-artifact': '043fb46d1a93c77aae656e7c1c64a875d1fc6a0a # v7.0.1',
  'actions/download-artifact': '3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c # v8.0.1',
};

const files = globSync('.github/**/*.{yml,yaml}').sort();

describe('the workflows', () => {
  it('are these two', () => {
    assert.deepEqual(files, ['.github/workflows/ci.yml', '.github/workflows/release.yml']);
  });

  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    const workflow = parse(text) as Workflow;
    const jobs = Object.entries(workflow.jobs);
    const steps = jobs.flatMap(([, { steps: ofJob }]) => ofJob);
    const scripts = steps.flatMap(({ run }) => run ?? []);

    describe(file, () => {
      it('starts from no permissions, and gives each job its own', () => {
        assert.deepEqual(workflow.permissions, {});
        for (const [name, { permissions }] of jobs) assert.equal(typeof permissions, 'object', name);
      });

      it('runs for nobody else with more rights than they have', () => {
        const events = Object.keys(workflow.on);
        assert.deepEqual(
          events.filter((event) => event !== 'push' && event !== 'pull_request'),
          [],
        );
      });

      it('uses known actions, each at a commit, and leaves no credential in the working copy', () => {
        const used = [...text.matchAll(/uses:(.*)/g)].map(([, value]) => value?.trim() ?? '');
        assert.equal(used.length, steps.filter(({ uses }) => uses !== undefined).length);
        for (const value of used) {
          const [name = '', commit] = value.split('@');
          assert.equal(commit, actions[name], value);
        }
        for (const step of steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'))) {
          assert.equal(step.with?.['persist-credentials'], false);
        }
        for (const step of steps.filter(({ uses }) => uses?.startsWith('actions/setup-node@'))) {
          assert.equal(step.with?.['package-manager-cache'], false, 'a cache can be poisoned by another branch');
        }
      });

      it('installs what the lock file says, without the scripts of packages', () => {
        const installs = scripts.flatMap((script) => script.match(/\b(?:npm|npx|yarn|pnpm)\b.*/g) ?? []);
        const allowed = /^npm (?:ci --ignore-scripts$|test\b|run (?:test:oldest|package)\b)/;
        assert.deepEqual(
          installs.filter((line) => !allowed.test(line)),
          [],
        );
      });

      it('puts no expression into a script', () => {
        assert.deepEqual(
          scripts.filter((script) => script.includes('${{')),
          [],
        );
        assert.doesNotMatch(text, /\$\{\{\s*(?:secrets|github\.(?:event|head_ref))\b/);
      });

      it('ends by itself, and does not run twice at once', () => {
        assert.ok(workflow.concurrency !== undefined);
        for (const [name, job] of jobs) assert.ok((job['timeout-minutes'] ?? Infinity) <= 30, name);
      });
    });
  }

  const allJobs = files
    .map((file) => parse(readFileSync(file, 'utf8')) as Workflow)
    .flatMap(({ jobs }) => Object.entries(jobs));
  const mayWrite = ({ permissions = {} }: Job) => Object.values(permissions).includes('write');

  it('let write and sign only what takes what another job built, and runs no code of a package', () => {
    const writing = allJobs.filter(([, job]) => mayWrite(job));
    assert.deepEqual(
      writing.map(([name, { permissions }]) => [name, permissions]),
      [['publish', { contents: 'write', 'id-token': 'write', attestations: 'write' }]],
    );
    for (const [, { needs, steps }] of writing) {
      assert.equal(needs, 'build');
      assert.match(steps[0]?.uses ?? '', /^actions\/download-artifact@/);
      const commands = steps.flatMap(({ run = '' }) => run.replaceAll('\\\n', '').split(/[\n|;&]+/));
      for (const command of commands.map((line) => line.trim()).filter((line) => line !== '')) {
        assert.match(command, /^(?:gh release (?:create|edit)|cp|printf|sha256sum) /);
      }
      for (const { uses } of steps.filter((step) => step.uses !== undefined)) {
        assert.match(uses ?? '', /^actions\/(?:download-artifact|attest)@/);
      }
    }
  });

  it('hand a token to no job that runs code of a package', () => {
    for (const [name, job] of allJobs.filter(([, other]) => !mayWrite(other))) {
      assert.deepEqual(job.permissions, { contents: 'read' }, name);
      assert.doesNotMatch(JSON.stringify(job.steps), /github\.token|GH_TOKEN|GITHUB_TOKEN|\bgh /, name);
    }
  });

  it('draft the release where it is published, and nowhere else', () => {
    const drafting = allJobs.filter(([, { steps }]) => steps.some(({ run = '' }) => run.includes('gh release create')));
    assert.deepEqual(
      drafting.map(([name]) => name),
      ['publish'],
    );
  });

  it('are checked by a linter that finds what it should', () => {
    const folder = mkdtempSync(join(tmpdir(), 'scim-explorer-'));
    try {
      const job = '{ runs-on: ubuntu-24.04, steps: [{ run: "echo ${{ github.event.issue.title }}" }] }';
      writeFileSync(join(folder, 'bad.yml'), `on: issues\njobs:\n  bad: ${job}\n`);
      const args = [tools.actionlint, `${folder.replaceAll('\\', '/')}/*.yml`];
      const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
      assert.equal(status, 1);
      assert.match(stdout, /github\.event\.issue\.title.*potentially untrusted/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
