// npm run bench [-- --runs 1…5]: builds the extension, measures it in VS Code beside its peers, prints a table and writes
// .vscode-test/bench.jsonl. Ends with 1 when a bound is missed. Nothing else should run meanwhile.
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { ensureBrowser } from '../host/browser.mts';
import { exitOnSignals, startChild, temporaryFolder } from '../host/children.mts';
import { ensureServerBuild } from '../host/code-server.mts';
import { projectRoot, say, stateFolder } from '../host/project.mts';
import { runNode } from '../host/run.mts';
import { suiteLine } from '../host/suite-lines.mts';
import { writePeers } from './peers.mts';
import { figuresOf, isReached, jsonLines, table } from './report.mts';
import { type Sample, variables } from './sample.mts';

/** Starts of VS Code; every metric is measured once in each. */
const mostRuns = 5;
/** Milliseconds before the simulator answers. */
const latency = 20;
/** Seconds that the soak may take on a slow machine. */
const soakPatienceSeconds = 400;
const resultsFile = join(stateFolder, 'bench.jsonl');

async function main(runs: number, soakRequests: number): Promise<void> {
  warnIfBusy();
  await runOrThrow('The build failed.', ['esbuild.js', '--tests'], 60);
  await ensureServerBuild();
  await ensureBrowser();

  const simulator = await startSimulatorProcess();
  const samples: Sample[] = [];
  for (let i = 0; i < runs; i++) {
    say(`Run ${i + 1} of ${runs}…`);
    samples.push(...(await measureOnce(i, simulator)));
  }

  const figures = figuresOf(samples);
  await writeFile(resultsFile, jsonLines(figures));
  const missed = figures.filter((figure) => !isReached(figure)).map(({ metric }) => metric);
  process.stdout.write(`\n${table(figures)}\n\n`);
  process.stdout.write(missed.length > 0 ? `Bounds missed: ${missed.join(', ')}\n` : 'All bounds reached.\n');
  process.exitCode = missed.length > 0 ? 1 : 0;

  if (soakRequests > 0) {
    say(`The soak: ${soakRequests} requests with 5% mixed faults…`);
    const { code, output } = await runNode(
      ['test/bench/soak.mts', '--requests', String(soakRequests)],
      soakPatienceSeconds,
    );
    process.stdout.write(output);
    process.exitCode = code === 0 ? process.exitCode : 1;
  }
}

/** Figures of a machine that does other things as well say little. Always 0 on Windows, which has no load average. */
function warnIfBusy(): void {
  const [lastMinute = 0] = loadavg();
  if (lastMinute > availableParallelism() / 2) {
    say(`This machine is busy (load ${lastMinute.toFixed(1)} in the last minute): the figures will not be reliable.`);
  }
}

/** Starts a VS Code with nothing in it but ours and the peers, and measures everything once. */
async function measureOnce(round: number, simulator: SimulatorAddress): Promise<Sample[]> {
  const temporary = await temporaryFolder(join(stateFolder, 'bench-'));
  const extensionsFolder = join(temporary.path, 'extensions');
  const samplesFile = join(temporary.path, 'samples.jsonl');
  await writePeers(extensionsFolder);
  try {
    await runOrThrow(
      'The measuring in VS Code failed.',
      [
        join(projectRoot, 'test', 'host', 'code'),
        join(projectRoot, 'test', 'host', 'demo-workspace'),
        `--extensionDevelopmentPath=${projectRoot}`,
        `--extensionTestsPath=${join(projectRoot, 'out', 'test', 'bench', 'index.js')}`,
        `--extensions-dir=${extensionsFolder}`,
        `--user-data-dir=${join(temporary.path, 'user-data')}`,
        '--disable-workspace-trust',
      ],
      240,
      {
        [variables.samples]: samplesFile,
        [variables.round]: String(round),
        [variables.baseUrl]: simulator.baseUrl,
        [variables.token]: simulator.token,
      },
    );
    const lines = (await readFile(samplesFile, 'utf8')).trimEnd().split('\n');
    return lines.map((line) => JSON.parse(line) as Sample);
  } finally {
    temporary.remove();
  }
}

interface SimulatorAddress {
  readonly baseUrl: string;
  readonly token: string;
}

/** Starts the simulator in a process of its own, so that its work is not measured; it ends with this one. */
async function startSimulatorProcess(): Promise<SimulatorAddress> {
  const script = join(projectRoot, 'test', 'simulator', 'main.mts');
  const { process: child } = startChild(process.execPath, [script, `--latency=${latency}`], {
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

/** @param seconds How long the script may take. */
async function runOrThrow(
  message: string,
  args: string[],
  seconds: number,
  env?: Record<string, string>,
): Promise<void> {
  const { code, output } = await runNode(args, seconds, env);
  if (code === 0) return;
  const lines = output.split('\n').map((line) => suiteLine(line) ?? line);
  throw new Error(`${message}\n${lines.join('\n')}`);
}

exitOnSignals();
try {
  const { values } = parseArgs({
    options: { runs: { type: 'string', default: String(mostRuns) }, soak: { type: 'string', default: '20000' } },
  });
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1 || runs > mostRuns) throw new Error(`--runs takes 1 to ${mostRuns}.`);
  await main(runs, Number(values.soak));
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
// The simulator goes with this process.
process.exit();
