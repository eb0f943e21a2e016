// Runs test/integration, or another suite that is named, in the extension host of a VS Code, desktop or server build, and
// prints what the suite says.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { runTests } from '@vscode/test-electron';
import { makeCertificates } from '../../test/support/host/certificates.mts';
import { exitOnSignals, temporaryFolder } from '../children.mts';
import { projectRoot, say, stateFolder } from '../project.mts';
import { suiteLine } from './suite-lines.mts';

/** Passes the suite's lines on; the rest is kept for a run that ends without any. */
class SuiteOutput extends Writable {
  readonly others: string[] = [];
  spoken = false;
  private rest = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    const lines = (this.rest + chunk.toString()).split('\n');
    this.rest = lines.pop() ?? '';
    for (const text of lines) {
      const line = suiteLine(text);
      if (line === undefined) {
        this.others.push(text);
        continue;
      }
      this.spoken = true;
      process.stdout.write(`${line}\n`);
    }
    done();
  }
}

/**
 * The environment of a machine whose store holds two authorities of a company, one in the file and one in the folder. The keys
 * of the servers travel in the environment, so that none is ever in a file.
 */
async function companyMachine(folder: string): Promise<Record<string, string>> {
  const { authorities, servers } = await makeCertificates();
  const [file, directory] = [join(folder, 'ca.pem'), join(folder, 'ca')];
  await mkdir(directory);
  await writeFile(file, authorities.file);
  await writeFile(join(directory, 'second.pem'), authorities.folder);
  // The proxy of the machine that the tests run on is none of theirs.
  const proxies = ['http_proxy', 'https_proxy', 'no_proxy'].flatMap((name) => [name, name.toUpperCase()]);
  return {
    ...Object.fromEntries(proxies.map((name) => [name, ''])),
    SSL_CERT_FILE: file,
    SSL_CERT_DIR: directory,
    TEST_CERTIFICATES: JSON.stringify(servers),
  };
}

exitOnSignals();
const suite = process.argv[2] ?? 'integration';
const executable = process.env.TEST_EXECUTABLE ?? join(projectRoot, 'tools', 'vscode', 'code');
const output = new SuiteOutput();
const temporary = await temporaryFolder(join(stateFolder, 'integration-'));
const workspace = join(projectRoot, 'tools', 'demo-workspace');

try {
  await runTests({
    vscodeExecutablePath: executable,
    extensionDevelopmentPath: projectRoot,
    extensionTestsPath: join(projectRoot, 'out', 'test', 'support', 'host', 'suite.js'),
    launchArgs: [
      workspace,
      `--user-data-dir=${join(temporary.path, 'user-data')}`,
      `--extensions-dir=${join(temporary.path, 'extensions')}`,
    ],
    extensionTestsEnv: {
      TEST_SUITE: suite,
      ...(suite === 'network' ? await companyMachine(temporary.path) : {}),
    },
    stdout: output,
    stderr: output,
  });
} catch (error) {
  if (!output.spoken) say(output.others.join('\n'));
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
} finally {
  temporary.remove();
}
