import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { DirectoryProvider } from '../../src/directory';
import { coverage, idle, names, row, type } from '../support/host/searchBox';
import { inFrontOfPrompts, type Prompts } from '../support/host/prompts';
import { loadSmallDirectories, plain, type Session } from '../support/host/session';
import { refusal } from '../support/refusal';
import { until } from '../support/until.mts';

describe('SCIM groups, in the extension host', () => {
  let session: Session;
  let prompts: Prompts;

  inFrontOfPrompts(async (started, opened) => {
    session = started;
    prompts = opened;
    await session.connect();
    await vscode.env.clipboard.writeText('untouched');
  });

  const clipboard = () => vscode.env.clipboard.readText();
  const group = (i: number, provider = 'Okta') => session.provider(provider).group(i);
  const groupRequests = () => session.simulator.requests.filter(({ path }) => path.endsWith('/scim/groups'));

  async function folderOf(provider: string) {
    const { row: parent } = await session.row(provider);
    const [folder] = await session.allRows(parent);
    assert.equal(folder?.label, 'Groups');
    return folder;
  }

  async function groupsOf(provider: string) {
    const { row: folder } = await folderOf(provider);
    return session.rows(folder);
  }

  async function open(scope?: Parameters<Session['internals']['search']>[0]['scope']) {
    const actions = session.internals.searchActions();
    const box = await session.internals.search(
      { title: 'Search Users', initialText: '', actions, onEnter: actions.open, scope },
      prompts.window,
    );
    void box.show();
    return { box, pick: await prompts.pick(/Search/) };
  }

  it('are read when their folder is opened, and not before', async () => {
    const folder = await folderOf('Okta');
    assert.equal(folder.description, '');
    assert.deepEqual(groupRequests(), []);
    const rows = await session.rows(folder.row);
    assert.deepEqual(
      rows.map(({ label }) => label),
      Array.from({ length: 36 }, (_, i) => group(i).displayName),
    );
    assert.equal(groupRequests().length, 1);
    assert.equal((await folderOf('Okta')).description, '36 groups');
  });

  it('come page by page', async () => {
    const rows = await groupsOf('Entra ID');
    assert.equal(rows.length, 101);
    assert.equal(rows.at(-1)?.label, 'Load more… (100 of 240)');
    await vscode.commands.executeCommand('scimExplorer.loadMore', rows.at(-1)?.row);
    assert.equal((await groupsOf('Entra ID')).at(-1)?.label, 'Load more… (200 of 240)');
  });

  it('say why they could not be read where the user is looking, and are read again with Retry', async () => {
    const folder = await folderOf('Okta');
    session.simulator.faults.add({ when: { path: '/scim/groups' }, effect: refusal(403, 9109) });
    const [failure] = await session.rows(folder.row);
    assert.match(failure?.text ?? '', /permission/i);
    assert.match(failure?.text ?? '', /Access: Organizations, Identity Providers, and Groups/);
    assert.ok((await session.rows((await session.row('Okta')).row)).length > 100, 'the users stay');
    session.simulator.faults.clear();
    await vscode.commands.executeCommand('scimExplorer.retry', failure?.row);
    assert.equal((await groupsOf('Okta'))[0]?.label, group(0).displayName);
  });

  it('say that there are none', async () => {
    const [only] = await groupsOf('Partner OpenID');
    assert.equal(only?.label, 'No groups synced yet');
  });

  it('are copied by id, external id, name and JSON, several one a line', async () => {
    const rows = (await groupsOf('Okta')).slice(0, 2).map(({ row: groupRow }) => groupRow);
    const copied = async (command: string) => {
      await vscode.commands.executeCommand(`scimExplorer.${command}`, rows[0], rows);
      return clipboard();
    };
    const of = (field: 'id' | 'displayName' | 'externalId') => [0, 1].map((i) => group(i)[field]).join('\n');
    assert.equal(await copied('copyGroupId'), of('id'));
    assert.equal(await copied('copyGroupName'), of('displayName'));
    assert.equal(await copied('copyExternalId'), of('externalId'));
    const before = session.simulator.requests.length;
    assert.deepEqual(JSON.parse(await copied('copyJson')), [group(0), group(1)]);
    assert.equal(session.simulator.requests.length, before, 'loaded groups are copied without a request');
  });

  it('open as JSON under their own URI, with an outline, and say so when they are gone', async () => {
    const [first] = await groupsOf('Okta');
    const [uri] = (first?.item.command?.arguments ?? []) as [vscode.Uri];
    const { id = '' } = group(0);
    assert.ok(uri.path.endsWith(`/identity_providers/${session.provider('Okta').id}/groups/${id}.json`), uri.path);
    await vscode.commands.executeCommand('scimExplorer.openGroup', first?.row);
    const { document } = await until('the document', () => vscode.window.activeTextEditor);
    assert.deepEqual(JSON.parse(document.getText()), group(0));
    assert.equal(document.languageId, 'scim-json');
    await vscode.commands.executeCommand('scimExplorer.copyGroupId');
    assert.equal(await clipboard(), id);
    const gone = { accountId: session.account().id, identityProviderId: session.provider('Okta').id, groupId: 'gone' };
    await vscode.commands.executeCommand('scimExplorer.openGroup', gone);
    const text = await until('the message', () => {
      const shown = vscode.window.activeTextEditor?.document.getText() ?? '';
      return shown.includes('could not be loaded') ? shown : undefined;
    });
    assert.match(text, /no longer lists a group with this ID/);
  });

  it('have a provisioning history, found by their ids and their name', async () => {
    const [first] = await groupsOf('Okta');
    session.simulator.requests.length = 0;
    await vscode.commands.executeCommand('scimExplorer.showHistory', first?.row);
    await until('the document', () =>
      vscode.window.activeTextEditor?.document.getText().includes('Provisioning history of'),
    );
    const asked = session.simulator.requests.flatMap(({ query }) => [...query.keys()]);
    for (const filter of ['cf_resource_id', 'idp_resource_id', 'resource_group_name']) {
      assert.ok(asked.includes(filter), filter);
    }
    assert.ok(!asked.includes('resource_user_email'));
  });

  it('are inserted by id', async () => {
    const [first] = await groupsOf('Okta');
    const document = await vscode.workspace.openTextDocument({ content: '' });
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('scimExplorer.insertIdAtCursor', first?.row);
    assert.equal(document.getText(), group(0).id);
  });

  it('are found among the loaded ones by group: and a part of a name, without a request', async () => {
    await groupsOf('Okta');
    const { pick } = await open();
    session.simulator.requests.length = 0;
    await type(pick, 'group:engin');
    assert.deepEqual(
      new Set(names(pick)),
      new Set(
        ['Engineering', 'Engineering – Lisbon', 'Engineering – Köln'].filter((name) => names(pick).includes(name)),
      ),
    );
    assert.ok(names(pick).length > 0);
    assert.match(await row(pick, /^Engineering \|/), /\| SCIM group \| Okta/);
    assert.deepEqual(groupRequests(), []);
    assert.match(coverage(pick), /^Loaded: Okta: all 36 /);
  });

  it('are asked for by their whole name, and by Okta’s id without group:', async () => {
    const { pick } = await open();
    await type(pick, 'group:"Data Science"');
    session.simulator.requests.length = 0;
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    await until('the group', () => names(pick).includes('Data Science'));
    await idle(pick);
    assert.ok(
      groupRequests().every(({ query }) => query.get('name') === 'Data Science'),
      'only the name is sent',
    );
    await type(pick, group(3).externalId ?? '');
    await until('the group', () => names(pick).join() === group(3).displayName);
  });

  it('are all loaded by a search for them where their lists are short', async () => {
    await loadSmallDirectories(true);
    try {
      const { pick } = await open();
      session.simulator.requests.length = 0;
      await type(pick, 'group:');
      await until('all loaded groups', () => names(pick).length === 100);
      await row(pick, /^282 match: type more/);
      const expected = ['Okta 1', 'Entra ID 3', 'Workshop SAML 1', 'Partner OpenID 1'];
      assert.ok(groupRequests().length <= 9, `${groupRequests().length} requests for ${expected.join(', ')}`);
      assert.ok(
        session.simulator.requests.every(({ path }) => !path.endsWith('/scim/users')),
        'no user is asked for',
      );
    } finally {
      await loadSmallDirectories(false);
    }
  });

  it('are all loaded by the row that loads the rest', async () => {
    const entra = session.internals.directory.accounts[0]?.providers;
    await groupsOf('Entra ID');
    const provider = (entra ?? session.internals.directory.accounts[0]?.providers)?.find(
      ({ name }) => name === 'Entra ID',
    );
    const { box, pick } = await open(provider);
    await type(pick, 'group:inexistent');
    await row(pick, /Load the Rest/);
    box.loadRest();
    await until('all groups', () => provider?.groups.coverage.state === 'complete');
    assert.match(await row(pick, /^Not among all 240 groups/), /loaded/);
    assert.equal(provider?.users.coverage.count, 100, 'no user is loaded for it');
  });

  it('are revealed in their folder, and users and groups that no page has in the folder Found', async () => {
    const { row: parent } = await session.row('Entra ID');
    const provider = session.internals.directory.accounts[0]?.providers?.find(({ name }) => name === 'Entra ID');
    assert.ok(provider);
    await session.rows(parent);
    const { view } = session.internals;
    const inPage = (await groupsOf('Entra ID'))[3];
    assert.ok(inPage);
    await view.reveal(inPage.row as Parameters<typeof view.reveal>[0]);
    assert.equal(view.selection[0], inPage.row);

    const { id } = session.provider('Entra ID').user(77_777);
    const [user] = await provider.find('user', { cf_resource_id: id ?? '' });
    assert.ok(user);
    await view.reveal(user);
    const [, found] = await session.allRows(parent);
    assert.deepEqual([found?.label, found?.description], ['Found', '1']);
    assert.equal(view.selection[0], user);
    assert.equal(plain(session.tree.getTreeItem(user).label), session.provider('Entra ID').user(77_777).displayName);

    // Its page comes later: the same user has one row only.
    const [first] = await session.rows(parent);
    assert.ok(first);
    const again = provider.itemAt('user', 0);
    await view.reveal(again);
    assert.equal(view.selection[0], first.row);
    assert.equal((await session.allRows(parent)).filter(({ label }) => label === 'Found').length, 1);
  });

  describe('revealed in the folder Found, with its provider refreshed', () => {
    async function reveal(i: number): Promise<DirectoryProvider> {
      const provider = session.internals.directory.accounts[0]?.providers?.find(({ name }) => name === 'Entra ID');
      const [user] = (await provider?.find('user', { cf_resource_id: idOf(i) })) ?? [];
      assert.ok(provider && user);
      await session.internals.view.reveal(user);
      return provider;
    }

    const idOf = (i: number): string => session.provider('Entra ID').user(i).id ?? assert.fail();
    const nameOf = (i: number): string => session.provider('Entra ID').user(i).displayName ?? assert.fail();

    async function found(provider: DirectoryProvider): Promise<string[]> {
      const folder = (await session.allRows(provider)).find(({ label }) => label === 'Found');
      return folder ? (await session.allRows(folder.row)).map(({ label }) => label) : [];
    }

    const refresh = (provider: DirectoryProvider) => vscode.commands.executeCommand('scimExplorer.refresh', provider);

    beforeEach(() => session.row('Entra ID'));

    it('are read again, and leave it once they no longer exist', async () => {
      await reveal(60_001);
      const provider = await reveal(60_002);
      assert.deepEqual(await found(provider), [nameOf(60_002), nameOf(60_001)]);
      const rewrite = (text: string) => text.replaceAll(JSON.stringify(nameOf(60_001)), '"Renamed Meanwhile"');
      session.simulator.faults.add({
        when: { query: { cf_resource_id: idOf(60_001) } },
        effect: { kind: 'rewriteText', rewrite },
      });
      session.simulator.faults.add({
        when: { query: { cf_resource_id: idOf(60_002) } },
        effect: { kind: 'resultOfWrongType', result: [] },
      });
      await refresh(provider);
      assert.deepEqual(await found(provider), ['Renamed Meanwhile']);
    });

    it('stay, and a notification has the error, where they cannot be read', async () => {
      const provider = await reveal(60_001);
      session.simulator.faults.add({
        when: { query: { cf_resource_id: idOf(60_001) } },
        effect: { kind: 'htmlPage', status: 403 },
      });
      const told: string[] = [];
      const { showErrorMessage } = vscode.window;
      vscode.window.showErrorMessage = (message: string) => Promise.resolve(void told.push(message));
      try {
        await refresh(provider);
        await until('the notification', () => told.length > 0);
      } finally {
        vscode.window.showErrorMessage = showErrorMessage;
      }
      assert.match(told.join('\n'), /status 403/);
      assert.deepEqual(await found(provider), [nameOf(60_001)]);
    });
  });
});
