import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ConnectionStore } from '../../src/connection/connectionStore';
import { secretKey } from '../../src/connection/storedSecret';
import { scimUri } from '../../src/ui/documentUri';
import { type AskedQuestion, answering } from '../support/host/questions';
import { plain, Session } from '../support/host/session';
import { until } from '../support/until.mts';

describe('disconnecting, in the extension host', () => {
  let session: Session;

  before(async () => {
    session = await Session.start();
  });
  beforeEach(async () => {
    await session.reset();
    await session.connect(0);
    await session.connect(1);
  });
  after(() => session.end());

  const disconnect = (account: number) =>
    vscode.commands.executeCommand('scimExplorer.disconnect', session.internals.directory.accounts[account]);
  const disconnectAll = () => vscode.commands.executeCommand('scimExplorer.disconnectAll');
  const connected = () => session.internals.directory.accounts.map(({ name }) => name);
  /** Documents that no other test opens: VS Code keeps a document for a while after its tab was closed. */
  const uriOf = (account: number, i: number) => {
    const provider = session.provider(account === 0 ? 'Okta' : 'Clinic sign-in', account);
    return scimUri({
      accountId: session.account(account).id,
      identityProviderId: provider.id,
      userId: provider.user(150 + i).id ?? '',
    });
  };
  const tabs = () => vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  const uris = () => {
    const texts = tabs().flatMap(({ input }) => (input instanceof vscode.TabInputText ? input.uri.toString() : []));
    return texts.sort();
  };
  const show = (uri: vscode.Uri, viewColumn = vscode.ViewColumn.One) =>
    vscode.window.showTextDocument(uri, { preview: false, viewColumn });
  const words = ([question]: readonly AskedQuestion[]) => plain(`${question?.message ?? ''} ${question?.detail ?? ''}`);

  it('asks once in a modal dialog, which says that the token cannot be read again and that documents are closed', async () => {
    const asked = await answering('take', () => disconnect(0));
    assert.deepEqual(
      asked.map(({ isModal, actions }) => [isModal, actions]),
      [[true, ['Disconnect']]],
    );
    assert.match(
      words(asked),
      /^Disconnect from Northwind Engineering\? .*cannot be read again anywhere: VS Code does not show it.*create a new token.*documents of this account are closed/,
    );
    assert.deepEqual(connected(), ['Harbour Lane Clinics']);
  });

  it('says of an API key what holds for a key', async () => {
    const { email, key } = session.simulator.issueApiKey();
    const { id, name } = session.account(0);
    const { origin } = new URL(session.simulator.baseUrl);
    await session.internals.store.save({
      accountId: id,
      accountName: name,
      credential: { scheme: 'key', email, key },
      origin,
    });
    await session.internals.directory.reload();
    const asked = await answering('cancel', () => disconnect(0));
    assert.match(words(asked), /Its API key is deleted, and VS Code does not show it/);
    assert.doesNotMatch(words(asked), /token/);
  });

  it('asks once for all of them, with their number', async () => {
    const asked = await answering('take', disconnectAll);
    assert.equal(asked.length, 1);
    assert.match(words(asked), /^Disconnect from all 2 accounts\? .*cannot be read again anywhere/);
    assert.deepEqual([connected(), await session.internals.store.load()], [[], []]);
  });

  it('does nothing where the question is cancelled', async () => {
    await show(uriOf(0, 0));
    for (const work of [() => disconnect(0), disconnectAll]) {
      const before = await session.internals.store.load();
      assert.equal((await answering('cancel', work)).length, 1);
      assert.deepEqual(await session.internals.store.load(), before);
    }
    assert.deepEqual(uris(), [uriOf(0, 0).toString()]);
  });

  it('asks about the account where there is only one left, and nothing where there is none', async () => {
    await answering('take', () => disconnect(1));
    assert.match(words(await answering('take', disconnectAll)), /^Disconnect from Northwind Engineering\?/);
    assert.deepEqual(connected(), []);
    assert.deepEqual(await answering('take', disconnectAll), []);
    assert.deepEqual(await answering('take', () => vscode.commands.executeCommand('scimExplorer.disconnect')), []);
  });

  it('says what to do where the system does not delete the token, and keeps the account and its tabs', async () => {
    await show(uriOf(0, 0));
    const { store } = session.internals;
    const { showErrorMessage } = vscode.window;
    const told: string[] = [];
    Object.assign(vscode.window, {
      showErrorMessage: (message: string) => Promise.resolve(void told.push(message)),
    });
    Object.assign(store, { remove: () => Promise.reject(new Error('The keyring is locked')) });
    try {
      await answering('take', () => disconnect(0));
    } finally {
      Object.assign(vscode.window, { showErrorMessage });
      Reflect.deleteProperty(store, 'remove');
    }
    assert.match(told.join(), /^Not everything could be deleted.*Unlock its keyring, then disconnect again\.$/);
    assert.deepEqual([connected().length, uris()], [2, [uriOf(0, 0).toString()]]);
  });

  it("shows an account's name literally and cut", async () => {
    await session.internals.store.rename(session.account(0).id, `$(zap)\u202e[x](command:y)${'n'.repeat(500)}`);
    await session.internals.directory.reload();
    const [question] = await answering('cancel', () => disconnect(0));
    assert.match(question?.message ?? '', /^Disconnect from \$\(zap\)\[U\+202E\]\[x\]\(command:y\)n+…\?$/);
    assert.ok((question?.message ?? '').length < 200);
  });

  it('closes the tabs of that account, in every group and as a side of a comparison, and no others', async () => {
    const file = vscode.Uri.joinPath(vscode.workspace.workspaceFolders?.[0]?.uri ?? assert.fail(), 'README.md');
    const [of0, alsoOf0, of1] = [uriOf(0, 0), uriOf(0, 1), uriOf(1, 0)];
    await show(of0);
    await show(file);
    await show(of1);
    await show(alsoOf0, vscode.ViewColumn.Two);
    await show(of0, vscode.ViewColumn.Two);
    await vscode.commands.executeCommand('vscode.diff', of0, of1, 'two users', { preview: false });
    await vscode.commands.executeCommand('vscode.diff', file, alsoOf0, 'a file and a user', { preview: false });
    await vscode.commands.executeCommand('vscode.diff', file, of1, 'left alone', { preview: false });
    await until('all tabs', () => tabs().length === 8);
    await answering('take', () => disconnect(0));
    await until('the tabs of the account to close', () => tabs().length === 3);
    assert.deepEqual(uris(), [file, of1].map(String).sort());
    assert.deepEqual(
      tabs()
        .map(({ label }) => label)
        .filter((label) => label === 'left alone'),
      ['left alone'],
    );
  });

  it('closes every tab of ours when all accounts are disconnected', async () => {
    for (const uri of [uriOf(0, 0), uriOf(1, 0)]) {
      await show(uri);
    }
    await answering('take', disconnectAll);
    await until('no tab', () => tabs().length === 0);
  });

  it('closes the tabs of an account that another window disconnected', async () => {
    await show(uriOf(0, 0));
    await show(uriOf(1, 0));
    // As another window does it: the secret is gone, and this window is told.
    await session.internals.secrets.delete(secretKey(session.account(0).id));
    await until('the other tab alone', () => uris().join() === uriOf(1, 0).toString());
    assert.deepEqual(connected(), ['Harbour Lane Clinics']);
    assert.equal((await session.internals.store.load()).length, 1, 'no entry is left');
  });

  it('leaves the tab of an account that was never connected', async () => {
    const stranger = scimUri({ accountId: 'e'.repeat(32), identityProviderId: 'x', userId: 'y' });
    await show(stranger);
    await answering('take', disconnectAll);
    assert.deepEqual(uris(), [stranger.toString()]);
  });

  it('shows a user again once the account is connected again', async () => {
    const uri = uriOf(0, 0);
    await show(uri);
    await answering('take', () => disconnect(0));
    await until('no tab', () => tabs().length === 0);
    await session.connect(0);
    await show(uri);
    const name = session.provider('Okta').user(150).displayName ?? '-';
    await until('the user', () => vscode.window.activeTextEditor?.document.getText().includes(name));
  });

  it('lists a connection of which only the secret is left, and disconnects it', async () => {
    const { secrets } = session.internals;
    const nothing = { get: () => undefined, update: () => Promise.resolve() };
    const [first] = await session.internals.store.load();
    const withoutIndex = await new ConnectionStore(secrets, nothing).load();
    // This VS Code lists the keys of its secrets.
    assert.ok('keys' in secrets);
    const found = withoutIndex.find(({ accountId }) => accountId === first?.accountId);
    assert.deepEqual({ label: undefined, ...found }, first);

    await secrets.store(secretKey('left-over'), JSON.stringify({ version: 99 }));
    await until('its account', () => session.internals.directory.accounts.some(({ id }) => id === 'left-over'));
    await answering('take', () => disconnect(2));
    assert.equal(await secrets.get(secretKey('left-over')), undefined);
    assert.equal(connected().length, 2);
  });
});
