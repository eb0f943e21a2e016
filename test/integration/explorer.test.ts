import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { names, notedActions } from '../support/host/searchBox';
import { beforeEachConnected, plain, type Session } from '../support/host/session';
import { until } from '../support/until.mts';

describe('the tree and its commands, in the extension host', () => {
  let session: Session;

  beforeEachConnected(
    (started) => (session = started),
    async () => vscode.env.clipboard.writeText('untouched'),
  );

  const clipboard = () => vscode.env.clipboard.readText();

  async function usersOf(provider: string) {
    const { row } = await session.row(provider);
    return session.rows(row);
  }

  /** Replaces the function that shows a list to choose from; returns the labels and chooses the one that is named. */
  async function whileChoosing(label: string, run: () => Thenable<unknown>): Promise<string[]> {
    const { showQuickPick } = vscode.window;
    let labels: string[] = [];
    const choose = (items: readonly vscode.QuickPickItem[]) => {
      labels = items.map((item) => item.label);
      return Promise.resolve(items.find((item) => item.label === label));
    };
    Object.assign(vscode.window, { showQuickPick: choose });
    try {
      await run();
    } finally {
      Object.assign(vscode.window, { showQuickPick });
    }
    return labels;
  }

  it('shows how many users a provider has, and how many are loaded, once that is known', async () => {
    assert.equal((await session.row('Okta')).description, 'SCIM');
    await usersOf('Okta');
    const { item, description } = await session.row('Okta');
    assert.equal(description, 'SCIM · 2,000 users · 100 loaded');
    assert.equal(item.accessibilityInformation?.label, 'Okta, SCIM on, 2,000 users, 100 loaded');
    await vscode.commands.executeCommand('scimExplorer.loadAll', (await session.row('Okta')).row);
    assert.equal((await session.row('Okta')).description, 'SCIM · 2,000 users · all loaded');
  });

  it('begins the accessible name of every row with its label', async () => {
    const rows = [...(await session.rows()), ...(await usersOf('Okta'))];
    for (const { label, item } of rows) {
      assert.ok(plain(item.accessibilityInformation?.label).startsWith(label), label);
    }
    assert.equal(rows.at(-1)?.item.accessibilityInformation?.label, 'Load more… (100 of 2,000)');
  });

  it('drags the ids of rows as plain text, one a line', async () => {
    const okta = await session.row('Okta');
    const users = await usersOf('Okta');
    const { drag } = session.internals.view;
    const dragged = async (rows: Parameters<NonNullable<typeof drag.handleDrag>>[0]) => {
      const data = new vscode.DataTransfer();
      await drag.handleDrag?.(rows, data, new vscode.CancellationTokenSource().token);
      return data.get('text/plain')?.asString();
    };
    const ids = [0, 1].map((i) => session.provider('Okta').user(i).id);
    assert.equal(await dragged(users.slice(0, 2).map(({ row }) => row)), ids.join('\n'));
    assert.equal(await dragged([okta.row]), session.provider('Okta').id);
    assert.equal(await dragged(users.slice(-1).map(({ row }) => row)), undefined, 'the row that loads more has no id');
  });

  it('copies the account id of the only account, and of the account that is chosen', async () => {
    await vscode.commands.executeCommand('scimExplorer.copyAccountId');
    assert.equal(await clipboard(), session.account().id);
    await session.connect(1);
    const second = session.internals.directory.accounts.find(({ id }) => id === session.account(1).id);
    await whileChoosing(second?.name ?? '', () => vscode.commands.executeCommand('scimExplorer.copyAccountId'));
    assert.equal(await clipboard(), session.account(1).id);
  });

  it('copies loaded users as JSON without a request, several as an array', async () => {
    const users = await usersOf('Okta');
    const before = session.simulator.requests.length;
    await vscode.commands.executeCommand('scimExplorer.copyJson', users[0]?.row);
    const one = JSON.parse(await clipboard()) as { id: string };
    assert.equal(one.id, session.provider('Okta').user(0).id);
    const rows = users.slice(0, 3).map(({ row }) => row);
    await vscode.commands.executeCommand('scimExplorer.copyJson', rows[0], rows);
    const all = JSON.parse(await clipboard()) as { id: string }[];
    assert.deepEqual(
      all.map(({ id }) => id),
      [0, 1, 2].map((i) => session.provider('Okta').user(i).id),
    );
    assert.equal(session.simulator.requests.length, before);
  });

  it('inserts the id of a row at the cursor', async () => {
    const [grace] = await usersOf('Okta');
    const document = await vscode.workspace.openTextDocument({ content: 'id = ""\n' });
    const editor = await vscode.window.showTextDocument(document);
    editor.selection = new vscode.Selection(0, 6, 0, 6);
    await vscode.commands.executeCommand('scimExplorer.insertIdAtCursor', grace?.row);
    assert.equal(document.getText(), `id = "${session.provider('Okta').user(0).id ?? ''}"\n`);
  });

  it('inserts the id of a user that its ids name, without a request', async () => {
    const document = await vscode.workspace.openTextDocument({ content: '' });
    await vscode.window.showTextDocument(document);
    session.simulator.requests.length = 0;
    const identityProviderId = session.provider('Okta').id;
    const userId = session.provider('Okta').user(1234).id ?? '';
    const reference = { accountId: session.account().id, identityProviderId, userId };
    await vscode.commands.executeCommand('scimExplorer.insertIdAtCursor', reference);
    assert.equal(document.getText(), userId);
    assert.deepEqual(session.simulator.requests, []);
  });

  it('works on the provider of an open user where nothing is selected', async () => {
    const [grace] = await usersOf('Okta');
    await vscode.commands.executeCommand('scimExplorer.openUser', grace?.row);
    await vscode.commands.executeCommand('scimExplorer.copyProviderId');
    assert.equal(await clipboard(), session.provider('Okta').id);
  });

  it('opens the search where a command needs a user and none is selected', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const { createQuickPick } = vscode.window;
    const opened: vscode.QuickPick<vscode.QuickPickItem>[] = [];
    const note = () => {
      const pick = createQuickPick();
      opened.push(pick);
      return pick;
    };
    Object.assign(vscode.window, { createQuickPick: note });
    try {
      const running = vscode.commands.executeCommand('scimExplorer.copyEmail');
      const pick = await until('the search', () => opened.find(({ title }) => title?.startsWith('Search Users')));
      pick.hide();
      await running;
    } finally {
      Object.assign(vscode.window, { createQuickPick });
    }
    assert.equal(await clipboard(), 'untouched');
  });

  it('lets the user choose a provider with SCIM where Load All Users has none', async () => {
    const labels = await whileChoosing('Workshop SAML', () => vscode.commands.executeCommand('scimExplorer.loadAll'));
    assert.deepEqual(labels, ['Okta', 'Entra ID', 'Workshop SAML', 'Partner OpenID']);
    const { count, state } = session.internals.directory.loadedProvider({
      accountId: session.account().id,
      identityProviderId: session.provider('Workshop SAML').id,
    })?.users.coverage ?? { count: 0, state: 'partial' };
    assert.deepEqual([count, state], [session.provider('Workshop SAML').userCount, 'complete']);
  });

  it('lists a user that was opened from the tree under the recently opened ones', async () => {
    const [grace] = await usersOf('Okta');
    const { command, arguments: args = [] } = grace?.item.command ?? { command: '' };
    await vscode.commands.executeCommand(command, ...(args as unknown[]));
    const pick = vscode.window.createQuickPick();
    const actions = notedActions([]);
    const search = await session.internals.search(
      { title: 'Search Users', initialText: '', actions, onEnter: actions.open },
      {
        ...vscode.window,
        createQuickPick: <T extends vscode.QuickPickItem>() => pick as unknown as vscode.QuickPick<T>,
      },
    );
    const shown = search.show();
    try {
      await until('the user', () => names(pick).some((name) => name.includes('Grace Whitfield')));
    } finally {
      pick.hide();
      await shown;
    }
  });

  it('opens an identity provider as JSON without its config and without secrets', async () => {
    const { row } = await session.row('Okta');
    await vscode.commands.executeCommand('scimExplorer.openProvider', row);
    const text = () => vscode.window.activeTextEditor?.document.getText() ?? '';
    await until('the document', () => text() !== '');
    const shown = JSON.parse(text()) as Record<string, unknown>;
    assert.deepEqual(Object.keys(shown), ['id', 'name', 'type', 'scim_config']);
    assert.equal(shown.id, session.provider('Okta').id);
    assert.equal((shown.scim_config as { enabled: boolean }).enabled, true);
    assert.doesNotMatch(text(), /secret|config"\s*:\s*{[^}]*client_id/i);
    assert.equal(vscode.window.activeTextEditor?.document.languageId, 'scim-json');
  });

  it('copies diagnostics without any id, name or token', async () => {
    await usersOf('Okta');
    session.simulator.faults.add({
      when: { path: '/scim/users' },
      effect: { kind: 'unsuccessful', status: 403, code: 10000, message: 'Authentication error' },
    });
    await usersOf('Workshop SAML');
    await vscode.commands.executeCommand('scimExplorer.copyDiagnostics');
    const text = await clipboard();
    assert.equal((await session.row('Workshop SAML')).description, 'SCIM', 'no count where the first page failed');
    assert.match(text, /Accounts: 1, .*\nIdentity providers: 6, with SCIM: 4\nUsers loaded: 100 of 2,000 known/);
    assert.match(text, /The last requests that failed:\n[^]*GET \/accounts\/\{account_id\}\/access\/.* → 403/);
    const { id, name } = session.account();
    for (const secret of [
      id,
      name,
      session.provider('Okta').id,
      'Okta',
      'Grace',
      '@example.com',
      session.simulator.baseUrl,
    ]) {
      assert.ok(!text.includes(secret), secret);
    }
  });
});
