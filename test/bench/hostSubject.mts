// What is measured in the extension host of a VS Code with nothing in it but ours and the peers.
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startChild, temporaryFolder } from '../../tools/children.mts';
import { ensureBrowser } from '../../tools/vscode/browser.mts';
import { ensureServerBuild } from '../../tools/vscode/code-server.mts';
import { projectRoot, stateFolder } from '../../tools/project.mts';
import { type Context, repeated, runMeasuring, type Subject } from './context.mts';
import { writePeers } from './peers.mts';
import { type Sample, variables } from './sample.mts';

/** Milliseconds before the simulator answers. */
const latency = 20;

export const hostSubject: Subject = {
  name: 'in the extension host',
  metrics: [
    'activation_ms',
    'activation_beside_sdk_ms',
    'load_100k_host_s',
    'expand_ms',
    'expand_shown_ms',
    'keystroke_rows_ms',
    'keystroke_server_ms',
    'longest_block_ms',
    'bundle_kb',
  ],
  async measure({ runs, wanted }: Context) {
    await ensureServerBuild();
    await ensureBrowser();
    const simulator = await startSimulatorProcess(latency);
    return repeated(this.name, runs, (round) => measureOnce(round, simulator, [...wanted].join(',')));
  },
};

async function measureOnce(round: number, simulator: SimulatorAddress, metrics: string): Promise<Sample[]> {
  const temporary = await temporaryFolder(join(stateFolder, 'bench-'));
  const extensionsFolder = join(temporary.path, 'extensions');
  await writePeers(extensionsFolder);
  try {
    const { samples } = await runMeasuring(
      [
        join(projectRoot, 'tools', 'vscode', 'code'),
        join(projectRoot, 'tools', 'demo-workspace'),
        `--extensionDevelopmentPath=${projectRoot}`,
        `--extensionTestsPath=${join(projectRoot, 'out', 'test', 'bench', 'index.js')}`,
        `--extensions-dir=${extensionsFolder}`,
        `--user-data-dir=${join(temporary.path, 'user-data')}`,
        '--disable-workspace-trust',
      ],
      240,
      {
        [variables.round]: String(round),
        [variables.metrics]: metrics,
        [variables.baseUrl]: simulator.baseUrl,
        [variables.token]: simulator.token,
      },
    );
    return samples;
  } finally {
    temporary.remove();
  }
}

export interface SimulatorAddress {
  readonly baseUrl: string;
  readonly token: string;
}

/** Starts the simulator in a process of its own, so that its work is not measured; it ends with this one. */
export async function startSimulatorProcess(latencyMs: number): Promise<SimulatorAddress> {
  const script = join(projectRoot, 'test', 'simulator', 'main.mts');
  const { process: child } = startChild(process.execPath, [script, `--latency=${latencyMs}`], {
    cwd: projectRoot,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (!child.stdout) throw new Error('The simulator has no output.');
  const said = new Map<string, string>();
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('The simulator ended at once.')));
  ended.catch(() => undefined);

  const lines = createInterface(child.stdout);
  const started = new Promise<SimulatorAddress>((resolve) => {
    lines.on('line', (line) => {
      const [name = '', value = ''] = line.split(/ {2,}/);
      said.set(name, value);
      const [baseUrl, token] = [said.get('Base URL'), said.get('User token')];
      if (baseUrl !== undefined && token !== undefined) resolve({ baseUrl, token });
    });
  });
  return Promise.race([started, ended]);
}
