import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { beforeEachConnected, plain, type Session } from '../support/host/session';
import { until } from '../support/until.mts';

describe('opening users, in the extension host', () => {
  let session: Session;

  beforeEachConnected(
    (started) => (session = started),
    ({ simulator }) => void (simulator.requests.length = 0),
  );

  const reference = (provider: string, i: number) => ({
    accountId: session.account().id,
    identityProviderId: session.provider(provider).id,
    userId: session.provider(provider).user(i).id ?? '',
  });
  const uriOf = ({ accountId, identityProviderId, userId }: ReturnType<typeof reference>) =>
    vscode.Uri.parse(
      `scim-explorer:/accounts/${accountId}/identity_providers/${identityProviderId}/users/${userId}.json`,
    );
  const active = () => vscode.window.activeTextEditor?.document;
  const opened = (uri: vscode.Uri) =>
    until('the document', () => (active()?.uri.toString() === uri.toString() ? active() : undefined));
  /** The text of a document in front, once it has what is looked for. */
  const says = (uri: vscode.Uri, text: RegExp) =>
    until(String(text), () => {
      const document = active();
      return document?.uri.toString() === uri.toString() && text.test(document.getText()) ? document : undefined;
    });
  const tabLabel = () => plain(vscode.window.tabGroups.activeTabGroup.activeTab?.label);

  it("opens the API's own text of a user, re-indented, as JSON, titled by the name with only ids in the URI", async () => {
    const grace = reference('Okta', 0);
    await vscode.commands.executeCommand('scimExplorer.openUser', grace);
    const document = await opened(uriOf(grace));
    await until('JSON', () => active()?.languageId === 'scim-json');
    assert.deepEqual(JSON.parse(document.getText()), session.provider('Okta').user(0));
    assert.match(document.getText(), /^\{\n {2}"id": "/);
    assert.equal(tabLabel(), 'Grace Whitfield.json');
    assert.doesNotMatch(document.uri.toString(), /grace/i);
    const asked = session.simulator.requests.map(({ query }) => query.get('cf_resource_id'));
    assert.ok(asked.includes(grace.userId), 'it is read by cf_resource_id');
  });

  it('keeps large numbers, the order of keys and duplicate keys', async () => {
    const odd = reference('Workshop SAML', 33);
    await vscode.commands.executeCommand('scimExplorer.openUser', odd);
    const text = (await opened(uriOf(odd))).getText();
    assert.match(text, /12345678901234567890/);
    assert.match(text, /\b1\.0\b/);
    const keys = [...text.matchAll(/^ {2}"([^"]+)":/gm)].map(([, key]) => key);
    assert.ok(keys.length > new Set(keys).size, `a key comes twice among ${keys.join(', ')}`);
  });

  it('accepts a row, a URI, and the three ids; refuses anything else in words', async () => {
    const okta = await session.row('Okta');
    const jurgen = await session.row('Jürgen', okta.row);
    await vscode.commands.executeCommand('scimExplorer.openUser', jurgen.row);
    await opened(uriOf(reference('Okta', 1)));
    await vscode.commands.executeCommand('scimExplorer.openUser', uriOf(reference('Okta', 3)));
    await opened(uriOf(reference('Okta', 3)));

    for (const odd of ['a text', 7, {}, [], vscode.Uri.file('/etc/hosts'), { accountId: 1 }]) {
      assert.equal(await vscode.commands.executeCommand('scimExplorer.openUser', odd), undefined);
    }
    await opened(uriOf(reference('Okta', 3)));
  });

  it('cannot be written to', async () => {
    const grace = uriOf(reference('Okta', 0));
    await vscode.window.showTextDocument(grace);
    assert.equal(vscode.workspace.fs.isWritableFileSystem('scim-explorer'), false);
    await assert.rejects(async () => vscode.workspace.fs.writeFile(grace, new Uint8Array()));
    await assert.rejects(async () => vscode.workspace.fs.delete(grace));
  });

  it('never asks the network for stat, and knows no other paths', async () => {
    const stat = await vscode.workspace.fs.stat(uriOf(reference('Okta', 40)));
    assert.equal(stat.type, vscode.FileType.File);
    const asked = session.simulator.requests.map(({ query }) => query.get('cf_resource_id'));
    assert.ok(!asked.includes(reference('Okta', 40).userId));
    await assert.rejects(async () => vscode.workspace.fs.stat(vscode.Uri.parse('scim-explorer:/accounts/x.json')));
  });

  it('says that an account is not connected, and sends nothing', async () => {
    const uri = uriOf({ ...reference('Okta', 0), accountId: 'e'.repeat(32) });
    await vscode.window.showTextDocument(uri);
    await says(uri, /could not be loaded\.\n\/\/\n\/\/ This account is not connected/);
    assert.deepEqual(
      session.simulator.requests.filter(({ path }) => path.includes('eeee')),
      [],
    );
  });

  it('says that a user is gone, and counts an answer only if its id is the one asked for', async () => {
    const gone = { ...reference('Okta', 0), userId: '11111111-2222-4333-8444-555555555555' };
    await vscode.window.showTextDocument(uriOf(gone));
    await says(uriOf(gone), /no longer lists a user with this ID/);

    session.simulator.faults.add({
      when: { query: { cf_resource_id: reference('Okta', 1).userId } },
      effect: {
        kind: 'rewriteJson',
        rewrite: (json) => ({ ...(json as object), result: [session.provider('Okta').user(2)] }),
      },
    });
    await vscode.window.showTextDocument(uriOf(reference('Okta', 1)));
    await says(uriOf(reference('Okta', 1)), /no longer lists a user with this ID/);
  });

  it('tells a failure in words in the document, and shows the user after a refresh', async () => {
    const fault = session.simulator.faults.add({
      when: { path: '/scim/users' },
      effect: { kind: 'htmlPage', status: 502 },
    });
    const uri = uriOf(reference('Okta', 8));
    await vscode.window.showTextDocument(uri);
    const document = await says(
      uri,
      /could not be loaded\..*\n\/\/ No answer from the API.*\n\/\/ Cloudflare or a proxy returned an error page.*\n\/\/ To try again, run "SCIM Explorer: Refresh"/s,
    );
    assert.match(document.getText(), /^(\/\/.*\n)+$/, 'comments only');
    fault();
    await vscode.commands.executeCommand('scimExplorer.refresh', uri);
    await until('the user', () => active()?.getText().includes('"Freya Norris"'));
    await until('JSON again', () => active()?.languageId === 'scim-json');
  });

  it('shows on refresh what is new, and keeps what it showed when the refresh fails', async () => {
    const uri = uriOf(reference('Okta', 0));
    await vscode.window.showTextDocument(uri);
    await says(uri, /"Grace Whitfield"/);
    const remove = session.simulator.faults.add({
      when: { path: '/scim/users' },
      effect: { kind: 'rewriteText', rewrite: (text) => text.replace('Grace Whitfield', 'Grace Renamed') },
    });
    await vscode.commands.executeCommand('scimExplorer.refresh');
    await until('the new name', () => active()?.getText().includes('Grace Renamed'));
    remove();
    session.simulator.faults.add({ when: { path: '/scim/users' }, effect: { kind: 'resetBeforeHeaders' } });
    await vscode.commands.executeCommand('scimExplorer.refresh', uri);
    assert.match(active()?.getText() ?? '', /Grace Renamed/);
  });

  it('asks once for a document, however often one comes back to it, and keeps it when the network is away', async () => {
    const [first, second] = [uriOf(reference('Okta', 50)), uriOf(reference('Okta', 51))];
    const asked = () =>
      session.simulator.requests.filter(({ query }) => query.get('cf_resource_id') === reference('Okta', 50).userId);
    await vscode.commands.executeCommand('scimExplorer.openUser', first);
    const document = await opened(first);
    const text = document.getText();
    assert.equal(asked().length, 1);
    for (let i = 0; i < 3; i++) {
      await vscode.window.showTextDocument(second, { preview: false });
      session.simulator.faults.add({ when: { path: '/scim/users' }, effect: { kind: 'resetBeforeHeaders' } });
      await vscode.window.showTextDocument(first, { preview: false });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.deepEqual([asked().length, document.getText()], [1, text]);
  });

  it('shows nobody of an account that was disconnected while the user was being loaded', async () => {
    session.simulator.faults.add({ when: { path: '/scim/users' }, effect: { kind: 'hang' } });
    const uri = uriOf(reference('Okta', 60));
    const opening = vscode.window.showTextDocument(uri);
    await until('the request', () => session.simulator.requests.some(({ path }) => path.endsWith('/scim/users')));
    await session.disconnectAll();
    // The tab may close while VS Code is still opening it.
    await opening.then(undefined, () => undefined);
    await until('no tab', () => vscode.window.tabGroups.all.every(({ tabs }) => tabs.length === 0));
    const held = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
    assert.ok(!held?.getText().includes('@'), 'no email in what VS Code may still hold');
    await until('the end of the request', () => session.simulator.requests.some(({ wasCutOff }) => wasCutOff));
  });
});
