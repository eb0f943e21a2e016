import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { type Clock, systemClock } from '../../../src/cloudflare/clock';
import type { Row } from '../../../src/explorer/rows';
import type { Internals } from '../../../src/extension';
import { VirtualClock } from '../virtualClock';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../simulator/simulator.mts';

export const extensionId = 'scim-explorer.cloudflare-scim-explorer';

/** A row as a person sees it. */
export interface SeenRow {
  readonly row: Row;
  readonly item: vscode.TreeItem;
  readonly label: string;
  readonly description: string;
  /** Label and description, as they are read. */
  readonly text: string;
}

/** The running extension in front of a simulated Cloudflare. */
export class Session {
  static async start(options?: SimulatorOptions): Promise<Session> {
    const simulator = await startSimulator(options);
    await setBaseUrl(simulator.baseUrl);
    await loadSmallDirectories(false);
    const extension = vscode.extensions.getExtension<Internals | undefined>(extensionId);
    const internals = await extension?.activate();
    assert.ok(internals, 'the extension hands its parts to tests');
    // Pauses before a request is repeated are drawn at random, down to none: so no test waits for them.
    internals.chance.random = () => 0;
    return new Session(simulator, internals);
  }

  private constructor(
    readonly simulator: Simulator,
    readonly internals: Internals,
  ) {}

  /** Stops the extension's clock, at a whole millisecond, until the next reset: waits end when the test moves it. Deadlines stay real. */
  stopClock(): VirtualClock {
    const clock = new VirtualClock(undefined, Math.ceil(this.internals.clock.now()));
    this.setClock(clock);
    return clock;
  }

  get tree() {
    return this.internals.view.tree;
  }

  /** Connects the simulator's first account, or another one, past the prompts. */
  async connect(
    account = 0,
    { token = this.simulator.issueToken(), expiresOn }: { token?: string; expiresOn?: string } = {},
  ): Promise<void> {
    const { id, name } = this.account(account);
    const { origin } = new URL(this.simulator.baseUrl);
    const credential = { scheme: 'token', token } as const;
    assert.ok(await this.internals.store.save({ accountId: id, accountName: name, credential, origin, expiresOn }));
    await this.internals.directory.reload();
  }

  async disconnectAll(): Promise<void> {
    for (const { accountId } of await this.internals.store.load()) {
      await this.internals.store.remove(accountId);
    }
    await this.internals.directory.reload();
  }

  account(i = 0) {
    const account = this.simulator.accounts[i];
    assert.ok(account);
    return account;
  }

  provider(name: string, account = 0) {
    const provider = this.account(account).identityProviders.find((candidate) => candidate.name === name);
    assert.ok(provider, name);
    return provider;
  }

  /** The rows below a row, or at the top, as they are shown, without the folders of an identity provider. */
  async rows(parent?: Row): Promise<SeenRow[]> {
    const rows = await this.allRows(parent);
    return rows.filter(({ item }) => item.contextValue !== 'groups' && item.contextValue !== 'found');
  }

  async allRows(parent?: Row): Promise<SeenRow[]> {
    const rows = await this.tree.getChildren(parent);
    return rows.map((row) => {
      const item = this.tree.getTreeItem(row);
      const [label, description] = [plain(item.label), plain(item.description)];
      return { row, item, label, description, text: `${label} ${description}` };
    });
  }

  async row(label: string, parent?: Row): Promise<SeenRow> {
    const rows = await this.rows(parent);
    const found = rows.find((row) => row.label.startsWith(label));
    assert.ok(found, `no row ${label} among ${rows.map((row) => row.label).join(' | ')}`);
    return found;
  }

  /** Back to nothing: no fault, no connection, no editor, an empty record of requests. */
  async reset(): Promise<void> {
    this.simulator.faults.clear();
    this.startClock();
    await this.disconnectAll();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    // A view in sight reads the accounts by itself, at a moment of its own.
    await vscode.commands.executeCommand('workbench.view.explorer');
    await setBaseUrl(this.simulator.baseUrl);
    this.simulator.requests.length = 0;
  }

  /** Lets time pass by itself again, from the moment at which the clock stands: for the extension it never goes back. */
  private startClock(): void {
    const aheadMs = this.internals.clock.now() - systemClock.now();
    this.setClock({ now: () => systemClock.now() + aheadMs, after: (...timer) => systemClock.after(...timer) });
  }

  private setClock(clock: Clock): void {
    Object.assign(this.internals.clock, {
      now: () => clock.now(),
      after: (...timer: Parameters<Clock['after']>) => clock.after(...timer),
    });
  }

  async end(): Promise<void> {
    await this.reset();
    await setBaseUrl(undefined);
    await this.simulator.close();
  }
}

export async function setBaseUrl(value: string | undefined): Promise<void> {
  await vscode.workspace.getConfiguration().update('scimExplorer.apiBaseUrl', value, vscode.ConfigurationTarget.Global);
}

/**
 * Hooks of a suite: a session is started before its tests, reset and connected to the first account before each, and ended after them.
 *
 * @param use Keeps the session for the tests. @param prepare Runs before each test, when the account is connected.
 */
export function beforeEachConnected(
  use: (session: Session) => void,
  prepare: (session: Session) => void | Promise<void> = () => undefined,
): void {
  let session: Session;
  before(async () => {
    session = await Session.start();
    use(session);
  });
  beforeEach(async () => {
    await session.reset();
    await session.connect();
    await prepare(session);
  });
  after(() => session.end());
}

/** Text without the isolates around names, which no eye sees. */
export function plain(text: unknown): string {
  return (typeof text === 'string' ? text : '').replaceAll(/[\u2068\u2069]/g, '');
}

/** Whether a search loads small directories; off unless a test is about it, since these requests come at moments of their own. */
export async function loadSmallDirectories(isOn: boolean): Promise<void> {
  const settings = vscode.workspace.getConfiguration('scimExplorer.search');
  await settings.update('loadSmallDirectories', isOn, vscode.ConfigurationTarget.Global);
}
