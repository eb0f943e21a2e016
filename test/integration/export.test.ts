import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { beforeEachConnected, plain, type Session } from '../support/host/session';

/** What the person answers, and what was asked. */
interface Answers {
  readonly picks?: readonly string[];
  readonly target?: vscode.Uri | undefined;
  readonly warning?: string;
}

describe('the export, in the extension host', () => {
  let session: Session;
  let folder: string;

  beforeEachConnected(
    (started) => (session = started),
    async () => {
      folder = await mkdtemp(join(tmpdir(), 'scim-export-'));
    },
  );
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const at = (name: string) => vscode.Uri.file(join(folder, name));
  const run = (...args: unknown[]) => vscode.commands.executeCommand('scimExplorer.export', ...args);

  /** Answers the export's questions; returns all words that it showed, and the place that it proposed. */
  async function whileAnswering({ picks = [], target, warning }: Answers, work: () => Thenable<unknown>) {
    const { window } = vscode;
    const { showQuickPick, showSaveDialog, showInformationMessage, showErrorMessage, showWarningMessage } = window;
    const before = { showQuickPick, showSaveDialog, showInformationMessage, showErrorMessage, showWarningMessage };
    const words: string[] = [];
    let proposed: vscode.Uri | undefined;
    const left = [...picks];
    Object.assign(window, {
      showQuickPick: (items: readonly vscode.QuickPickItem[], options?: vscode.QuickPickOptions) => {
        words.push(options?.placeHolder ?? '', ...items.map(({ label }) => label));
        const wanted = left.shift();
        return Promise.resolve(wanted === undefined ? undefined : items.find(({ label }) => label.startsWith(wanted)));
      },
      showSaveDialog: (options?: vscode.SaveDialogOptions) => {
        proposed = options?.defaultUri;
        return Promise.resolve(target);
      },
      showInformationMessage: (message: string) => {
        words.push(message);
        return Promise.resolve(undefined);
      },
      showErrorMessage: (message: string) => {
        words.push(message);
        return Promise.resolve(undefined);
      },
      showWarningMessage: (message: string, options?: vscode.MessageOptions) => {
        words.push(message, options?.detail ?? '');
        return Promise.resolve(warning);
      },
    });
    try {
      await work();
    } finally {
      Object.assign(window, before);
    }
    return { words: words.map(plain), proposed };
  }

  it('says how many users are loaded, exports those, and nothing is left beside the file', async () => {
    const { row } = await session.row('Okta');
    await session.rows(row);
    const target = at('users.ndjson');
    const answers = { picks: ['Export What Is Loaded', 'NDJSON'], target };
    const { words } = await whileAnswering(answers, () => run(row));
    assert.ok(words.includes('100 of 2,000 users are loaded'), words.join('\n'));
    assert.ok(words.includes('Exported 100 users to users.ndjson.'), words.join('\n'));
    const lines = (await readFile(target.fsPath, 'utf8')).trimEnd().split('\n');
    assert.deepEqual(
      lines.map((line) => (JSON.parse(line) as { id: string }).id),
      Array.from({ length: 100 }, (_, i) => session.provider('Okta').user(i).id),
    );
    assert.deepEqual(await readdir(folder), ['users.ndjson']);
    if (process.platform !== 'win32') {
      assert.equal((await stat(target.fsPath)).mode & 0o077, 0, 'only its owner can read it');
    }
  });

  it('loads all users first where that is chosen', async () => {
    const { row } = await session.row('Okta');
    const target = at('users.csv');
    await whileAnswering({ picks: ['Load All, Then Export', 'CSV'], target }, () => run(row));
    const text = await readFile(target.fsPath, 'utf8');
    assert.ok(text.startsWith('\uFEFFid,type,display_name,email,'), text.slice(0, 60));
    assert.equal(text.split('\r\n').length, 2000 + 2, 'a head, 2,000 rows and the end');
  });

  it('counts the cells that a spreadsheet would take for formulas', async () => {
    const { row } = await session.row('Workshop SAML');
    await session.rows(row);
    const { id } = session.provider('Workshop SAML');
    session.simulator.insertUser(id, 0, { id: 'f'.repeat(32), displayName: '=HYPERLINK("http://x")', active: true });
    await vscode.commands.executeCommand('scimExplorer.refresh', row);
    const target = at('users.csv');
    const { words } = await whileAnswering({ picks: ['CSV'], target }, () => run(row));
    assert.match(words.join('\n'), /\d+ cells? that a spreadsheet would take for/);
    assert.match(await readFile(target.fsPath, 'utf8'), /"'=HYPERLINK\(""http:\/\/x""\)"/);
  });

  it('exports the users that are selected without a request, and groups from their folder', async () => {
    const { row } = await session.row('Okta');
    const rows = (await session.rows(row)).slice(0, 3).map((user) => user.row);
    const [groups] = await session.allRows(row);
    session.simulator.requests.length = 0;
    await whileAnswering({ picks: ['JSON'], target: at('some.json') }, () => run(rows[0], rows));
    assert.deepEqual(
      (JSON.parse(await readFile(at('some.json').fsPath, 'utf8')) as { id: string }[]).map(({ id }) => id),
      [0, 1, 2].map((i) => session.provider('Okta').user(i).id),
    );
    assert.deepEqual(session.simulator.requests, []);
    await session.rows(groups?.row);
    await whileAnswering({ picks: ['JSON'], target: at('groups.json') }, () => run(groups?.row));
    assert.equal((JSON.parse(await readFile(at('groups.json').fsPath, 'utf8')) as unknown[]).length, 36);
  });

  it('proposes a place outside the workspace, and warns inside a Git repository', async () => {
    const { row } = await session.row('Workshop SAML');
    await session.rows(row);
    await mkdir(join(folder, 'repository', '.git'), { recursive: true });
    await mkdir(join(folder, 'repository', 'deep'));
    const target = at('repository/deep/users.json');
    const declined = await whileAnswering({ picks: ['JSON'], target }, () => run(row));
    assert.ok(
      declined.words.some((word) => word.includes('in the Git repository repository')),
      declined.words.join('\n'),
    );
    assert.ok(declined.words.some((word) => /personal data of \d+ users/.test(word)));
    assert.deepEqual(await readdir(join(folder, 'repository', 'deep')), []);
    const { proposed } = declined;
    assert.ok(proposed && vscode.workspace.getWorkspaceFolder(proposed) === undefined, String(proposed));
    assert.ok([homedir(), tmpdir()].some((place) => proposed.fsPath.startsWith(place)));
    assert.match(proposed.path, /\/workshop-saml-users-\d{4}-\d\d-\d\d\.json$/);
    await whileAnswering({ picks: ['JSON'], target, warning: 'Export Anyway' }, () => run(row));
    assert.deepEqual(await readdir(join(folder, 'repository', 'deep')), ['users.json']);
  });

  it('leaves nothing behind where the file cannot be written, and keeps the file that was there', async () => {
    const { row } = await session.row('Workshop SAML');
    await session.rows(row);
    const missing = await whileAnswering({ picks: ['JSON'], target: at('missing/users.json') }, () => run(row));
    assert.match(
      missing.words.join('\n'),
      /Nothing was exported\. The file could not be written: .*ENOENT.* Choose another place\./,
    );
    await writeFile(at('users.json').fsPath, 'old');
    await writeFile(at('users.json.partial').fsPath, 'of another export');
    const second = await whileAnswering({ picks: ['JSON'], target: at('users.json') }, () => run(row));
    assert.match(second.words.join('\n'), /another export may be writing it/);
    assert.equal(await readFile(at('users.json').fsPath, 'utf8'), 'old');
    assert.equal(await readFile(at('users.json.partial').fsPath, 'utf8'), 'of another export');
  });

  it('leaves nothing behind when it is cancelled', async () => {
    const { row } = await session.row('Okta');
    await vscode.commands.executeCommand('scimExplorer.loadAll', row);
    const { withProgress } = vscode.window;
    const cancelled = new vscode.CancellationTokenSource();
    Object.assign(vscode.window, {
      withProgress: (_: unknown, task: Parameters<typeof withProgress>[1]) =>
        task({ report: () => cancelled.cancel() }, cancelled.token),
    });
    try {
      const { words } = await whileAnswering({ picks: ['JSON'], target: at('users.json') }, () => run(row));
      assert.ok(!words.some((word) => word.startsWith('Exported')), words.join('\n'));
      assert.deepEqual(await readdir(folder), []);
    } finally {
      Object.assign(vscode.window, { withProgress });
    }
  });

  it('writes one buffer to a sibling where the file system is another, and says so', async () => {
    const files = new MemoryFiles();
    const registered = vscode.workspace.registerFileSystemProvider('export-test', files);
    const { withProgress } = vscode.window;
    const titles: (string | undefined)[] = [];
    Object.assign(vscode.window, {
      withProgress: (options: vscode.ProgressOptions, task: Parameters<typeof withProgress>[1]) => {
        titles.push(options.title);
        return withProgress(options, task);
      },
    });
    try {
      const { row } = await session.row('Workshop SAML');
      await session.rows(row);
      const target = vscode.Uri.parse('export-test:/users.json');
      await whileAnswering({ picks: ['JSON'], target }, () => run(row));
      assert.deepEqual(files.log, ['write /users.json.partial', 'rename /users.json.partial /users.json']);
      assert.ok((JSON.parse(files.text) as unknown[]).length >= 37);
      assert.match(titles.join(), /kept in memory until it is complete/);
      files.fails = true;
      const { words } = await whileAnswering({ picks: ['JSON'], target }, () => run(row));
      assert.match(words.join('\n'), /Nothing was exported/);
      assert.deepEqual(files.log.slice(2), ['write /users.json.partial', 'delete /users.json.partial']);
    } finally {
      registered.dispose();
      Object.assign(vscode.window, { withProgress });
    }
  });
});

/** A file system that notes what is done. */
class MemoryFiles implements vscode.FileSystemProvider {
  readonly log: string[] = [];
  text = '';
  fails = false;
  private readonly names = new Set<string>();
  private readonly changes = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.changes.event;

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  stat({ path }: vscode.Uri): vscode.FileStat {
    if (path !== '/' && !this.names.has(path)) {
      throw vscode.FileSystemError.FileNotFound();
    }
    return { type: path === '/' ? vscode.FileType.Directory : vscode.FileType.File, ctime: 0, mtime: 0, size: 0 };
  }

  writeFile({ path }: vscode.Uri, bytes: Uint8Array): void {
    this.log.push(`write ${path}`);
    this.names.add(path);
    this.text = new TextDecoder().decode(bytes);
    if (this.fails) {
      throw vscode.FileSystemError.Unavailable('full');
    }
  }

  rename(from: vscode.Uri, to: vscode.Uri): void {
    this.log.push(`rename ${from.path} ${to.path}`);
    this.names.delete(from.path);
    this.names.add(to.path);
  }

  delete({ path }: vscode.Uri): void {
    this.log.push(`delete ${path}`);
    this.names.delete(path);
  }

  readFile(): Uint8Array {
    return new TextEncoder().encode(this.text);
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory({ path }: vscode.Uri): void {
    this.log.push(`create ${path}`);
  }
}
