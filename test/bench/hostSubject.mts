// What is measured in the extension host of a VS Code with nothing in it but ours and the peer.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../../tools/children.mts';
import { ensureBrowser } from '../../tools/vscode/browser.mts';
import { ensureServerBuild } from '../../tools/vscode/code-server.mts';
import { projectRoot, stateFolder } from '../../tools/project.mts';
import { type Context, repeated, run, type Subject } from './context.mts';
import { writeOurs, writeSdkPeer } from './peers.mts';
import { type Sample, variables } from './sample.mts';
import type { MetricName } from './table.mts';

/** Those that take longest: the first run alone measures them. */
const once: readonly MetricName[] = ['keystroke_rows_ms', 'search_requests', 'keystroke_server_at_100ms_ms'];

export const hostSubject: Subject = {
  name: 'in the extension host',
  metrics: [
    'activation_ms',
    'load_100k_host_s',
    'export_100k_s',
    'export_csv_100k_s',
    'longest_block_ms',
    'expand_ms',
    'keystroke_rows_ms',
    'search_requests',
    'keystroke_server_ms',
    'keystroke_server_at_100ms_ms',
  ],
  async measure(context) {
    await ensureServerBuild();
    await ensureBrowser();
    const isOnce = this.metrics.every((metric) => once.includes(metric) || !context.wanted.has(metric));
    return repeated(this.name, isOnce ? 1 : context.runs, (round) => measureOnce(round, context));
  },
};

async function measureOnce(round: number, { wanted, servers }: Context): Promise<Sample[]> {
  const temporary = await temporaryFolder(join(stateFolder, 'bench-'));
  const extensionsFolder = join(temporary.path, 'extensions');
  const samples = join(temporary.path, 'samples.jsonl');
  const ours = join(temporary.path, 'ours');
  await writeSdkPeer(extensionsFolder);
  await writeOurs(ours);
  const metrics = [...wanted].filter((metric) => round === 0 || !once.includes(metric));
  const addresses = {
    near: await servers.address('near'),
    untouched: await servers.address('near'),
    far: await servers.address('far'),
  };
  try {
    await run(
      [
        join(projectRoot, 'tools', 'vscode', 'code'),
        join(projectRoot, 'tools', 'demo-workspace'),
        `--extensionDevelopmentPath=${ours}`,
        `--extensionTestsPath=${join(projectRoot, 'out', 'test', 'bench', 'index.js')}`,
        `--extensions-dir=${extensionsFolder}`,
        `--user-data-dir=${join(temporary.path, 'user-data')}`,
        '--disable-workspace-trust',
      ],
      {
        [variables.round]: String(round),
        [variables.metrics]: metrics.join(','),
        [variables.addresses]: JSON.stringify(addresses),
        [variables.samples]: samples,
      },
    );
    const lines = (await readFile(samples, 'utf8')).split('\n').filter((line) => line !== '');
    return lines.map((line) => JSON.parse(line) as Sample);
  } finally {
    temporary.remove();
  }
}
