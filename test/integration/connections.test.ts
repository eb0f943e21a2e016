import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ConnectedAccounts } from '../../src/connection/connectedAccounts';
import { ConnectionStore } from '../../src/connection/connectionStore';
import type { Connection } from '../../src/connection/storedSecret';
import { Directory } from '../../src/directory/directory';
import { ProvidersTree } from '../../src/explorer/providersTree';
import type { Row } from '../../src/explorer/rows';
import { acceptInput, closeInput, inFrontOfPrompts, Prompts } from '../support/host/prompts';
import { answering } from '../support/host/questions';
import { plain, type Session } from '../support/host/session';
import { until } from '../support/until.mts';

/** A key of the same form that nobody has. */
function otherKey(key: string): string {
  return key.slice(0, -1) + (key.endsWith('0') ? '1' : '0');
}

describe('several connections, in the extension host', () => {
  let session: Session;
  let prompts: Prompts;

  inFrontOfPrompts((started, opened) => {
    session = started;
    prompts = opened;
  });

  const labels = async () => (await session.rows()).map(({ label }) => label);
  const signIn = async (environment = {}) =>
    (await session.internals.signIn(prompts.window, undefined, environment)).run();

  it('lists the accounts above the providers, disconnects one of them, and then all', async () => {
    await session.connect(0);
    await session.connect(1);
    assert.deepEqual(await labels(), ['Northwind Engineering', 'Harbour Lane Clinics']);
    const { row } = await session.row('Northwind');
    await answering('take', () => vscode.commands.executeCommand('scimExplorer.disconnect', row));
    assert.ok((await labels()).includes('Clinic sign-in'), 'one account is left, so the tree starts at its providers');
    await session.connect(0);
    await answering('take', () => vscode.commands.executeCommand('scimExplorer.disconnectAll'));
    assert.deepEqual([await labels(), await session.internals.store.load()], [[], []]);
  });

  it('shows the name that a person gave an account', async () => {
    await session.connect(0);
    await session.connect(1);
    await session.internals.store.rename(session.account(0).id, 'Production');
    await session.internals.directory.reload();
    assert.deepEqual(await labels(), ['Production', 'Harbour Lane Clinics']);
  });

  it('follows another window that connects or disconnects', async () => {
    await session.connect(0);
    await session.rows();
    // As another window does it: past this window's commands.
    await session.internals.store.remove(session.account(0).id);
    await until('nothing connected', () => session.internals.directory.accounts.length === 0);
  });

  it('says when a token is about to end', async () => {
    await session.connect(1);
    const soon = new Date(Date.now() + 3 * 86_400_000 - 60_000).toISOString();
    await session.connect(0, { expiresOn: soon });
    const row = await session.row('Northwind');
    assert.match(plain(row.item.tooltip), new RegExp(`Token: expires in 3 days \\(${soon.slice(0, 10)}\\)`));
    assert.equal(row.description, 'expires in 3 days');
  });

  it('draws the row of an account that was never expanded again when it is renamed or its token dies, and no other', async () => {
    await session.connect(0);
    await session.connect(1);
    const second = await session.row('Harbour');
    const isSecond = (row: Row | undefined) => row === second.row;
    const drawn: (Row | undefined)[] = [];
    const listening = session.tree.onDidChangeTreeData((row) => drawn.push(row));
    try {
      const account = await session.internals.directory.account(session.account(1).id);
      await account.loadProviders();
      assert.equal(drawn.length, 0, 'what is below is not to be seen, and the row is as it was');

      await session.internals.store.rename(account.id, 'Clinics');
      await session.internals.directory.reload();
      assert.deepEqual(drawn.splice(0).map(isSecond), [true], 'the name');
      await session.row('Clinics');

      const stored = (await session.internals.store.load()).find(({ accountId }) => accountId === account.id);
      assert.ok(stored && 'credential' in stored && stored.credential.scheme === 'token');
      session.simulator.revokeToken(stored.credential.token);
      await account.loadProviders();
      assert.deepEqual(drawn.map(isSecond), [true], 'the token');
      assert.equal((await session.row('Clinics')).description, 'Token no longer works — Reconnect');
    } finally {
      listening.dispose();
    }
  });

  it('says so in its row when a token turns out to be dead as an account is expanded, and below it', async () => {
    const token = session.simulator.issueToken();
    // As the second one, it is collapsed, and the view does not read its identity providers by itself.
    await session.connect(1);
    await session.connect(0, { token });
    session.simulator.revokeToken(token);
    const first = await session.row('Northwind');
    const drawn: (Row | undefined)[] = [];
    const listening = session.tree.onDidChangeTreeData((row) => drawn.push(row));
    try {
      const [below] = await session.rows(first.row);
      assert.match(below?.label ?? '', /^Token no longer works — Reconnect/);
      assert.ok(drawn.length === 1 && drawn[0] === first.row);
    } finally {
      listening.dispose();
    }
  });

  describe('where the system forgets secrets', () => {
    /** SecretStorage and state of one window after the other: what is in `state` is there again, secrets are not. */
    const state = new Map<string, unknown>();
    beforeEach(() => state.clear());

    const start = (secrets = new Map<string, string>()) =>
      new ConnectionStore(
        {
          get: (key) => Promise.resolve(secrets.get(key)),
          store: (key, value) => Promise.resolve(void secrets.set(key, value)),
          delete: (key) => Promise.resolve(void secrets.delete(key)),
          onDidChange: () => new vscode.Disposable(() => undefined),
        },
        {
          get: (key: string) => state.get(key) as undefined,
          update: (key, value) => Promise.resolve(void state.set(key, value)),
        },
      );
    const connection = (i: number): Connection => ({
      accountId: session.account(i).id,
      accountName: session.account(i).name,
      credential: { scheme: 'token', token: session.simulator.issueToken() },
      origin: new URL(session.simulator.baseUrl).origin,
    });
    const treeOf = (store: ConnectionStore) =>
      new ProvidersTree(new Directory(new ConnectedAccounts(store, session.internals.client)));

    it('says at the next start what happened, what to do, and asks to reconnect', async () => {
      await start().save(connection(0));
      const store = start();
      const tree = treeOf(store);
      const [row] = await tree.getChildren();
      assert.ok(row);
      const item = tree.getTreeItem(row);
      assert.match(
        `${plain(item.label)} ${plain(item.description)}`,
        /^Connect again: the token is no longer stored on this computer\..*--password-store/,
      );
      assert.deepEqual([item.command?.command, item.contextValue], ['scimExplorer.reconnect', 'failure.reconnect']);
      assert.deepEqual(session.simulator.requests, []);
      tree.dispose();

      await store.save(connection(0));
      const after = treeOf(store);
      assert.equal((await after.getChildren()).length, 6, 'connected again');
      after.dispose();
    });

    it('says which of several accounts it was, in its own row and in full below it', async () => {
      const before = start();
      await before.save(connection(0));
      await before.save(connection(1));
      const store = start();
      await store.save(connection(1));
      const tree = treeOf(store);
      const items = (await tree.getChildren()).map((row) => tree.getTreeItem(row));
      assert.deepEqual(
        items.map(({ label, description }) => [plain(label), plain(description)]),
        [
          [session.account(0).name, 'Token is no longer stored — Reconnect'],
          [session.account(1).name, ''],
        ],
      );
      assert.match(plain(items[0]?.tooltip), /the token is no longer stored on this computer.*--password-store/);
      assert.equal(items[0]?.command?.command, 'scimExplorer.reconnect');
      const [below] = await tree.getChildren((await tree.getChildren())[0]);
      assert.match(plain(below && tree.getTreeItem(below).label), /the token is no longer stored on this computer/);
      tree.dispose();
    });
  });

  it('turns a revoked token into a row that asks to reconnect, keeps what was loaded, and asks the API again only on Refresh', async () => {
    await session.connect(0);
    const okta = await session.row('Okta');
    const loaded = await session.rows(okta.row);
    const [connection] = await session.internals.store.load();
    assert.ok(connection && 'credential' in connection && connection.credential.scheme === 'token');
    session.simulator.revokeToken(connection.credential.token);
    await vscode.commands.executeCommand('scimExplorer.loadMore', loaded.at(-1)?.row);

    const rows = await session.rows();
    assert.match(rows[0]?.text ?? '', /^Token no longer works — Reconnect/);
    assert.equal(rows[0]?.item.command?.command, 'scimExplorer.reconnect');
    assert.equal(rows.length, 7, 'the providers are still there');
    assert.ok((await session.rows(okta.row)).length >= 101, 'and so are the users');

    session.simulator.requests.length = 0;
    await vscode.commands.executeCommand('scimExplorer.loadMore', loaded.at(-1)?.row);
    assert.deepEqual(session.simulator.requests, []);
    await vscode.commands.executeCommand('scimExplorer.refreshView');
    assert.ok(session.simulator.requests.length > 0, 'Refresh asks again');
    assert.match((await session.rows())[0]?.text ?? '', /^Token no longer works — Reconnect/);
  });

  it('tells an expired token from a missing permission, which Cloudflare answers alike', async () => {
    for (const [status, permissions, words] of [
      ['expired', { access: true }, /Token no longer works/],
      ['active', { access: false }, /The token lacks "Access/],
    ] as const) {
      await session.disconnectAll();
      await session.connect(0, { token: session.simulator.issueToken({ status, permissions }) });
      const [row] = await session.rows();
      assert.match(row?.text ?? '', words);
    }
  });

  it('takes no failure of the network or the server for a token that no longer works', async () => {
    for (const effect of [{ kind: 'resetBeforeHeaders' }, { kind: 'htmlPage', status: 503 }] as const) {
      await session.reset();
      await session.connect(0);
      session.simulator.faults.add({ effect });
      const rows = await session.rows();
      assert.doesNotMatch(rows.map(({ text }) => text).join(), /no longer works/);
    }
  });

  it('connects with an API email and key, marked as legacy', async () => {
    const { email, key } = session.simulator.issueApiKey();
    const running = signIn();
    const token = await prompts.box(/Connect/);
    await prompts.enter(token, key);
    await until('the box for the email', () => prompts.latestPlaceholder.includes('API email'));
    assert.match(prompts.latestPrompt, /Legacy: a Global API Key can do everything/);
    await prompts.enterLatest('not an email');
    await prompts.enterLatest(email);
    await until('the box for the key', () => prompts.latestPlaceholder.includes('Global API Key'));
    await acceptInput();
    const pick = await prompts.pick(/Connect.* 3/);
    await until('a lit row', () => pick.activeItems.length > 0);
    await acceptInput();
    assert.equal((await running)?.name, 'Northwind Engineering');
    const [connection] = await session.internals.store.load();
    assert.ok(connection && 'credential' in connection);
    assert.equal(connection.credential.scheme, 'key');
    await session.internals.directory.reload();
    assert.ok((await labels()).includes('Okta'));
    assert.ok(session.simulator.requests.some(({ scheme }) => scheme === 'apiKey'));
  });

  it("keeps the account's own name when one that a person named is connected again", async () => {
    await session.connect(0);
    const account = session.account(0);
    await session.internals.store.rename(account.id, 'Mine');
    for (const token of [
      session.simulator.issueToken(),
      session.simulator.issueToken({ kind: 'account', account: account.id }),
    ]) {
      await session.internals.directory.reload();
      const [known] = session.internals.directory.accounts;
      assert.equal(known?.name, 'Mine');
      const prompted = new Prompts();
      const running = session.internals.signIn(prompted.window).then((signIn) => signIn.run(known));
      await prompted.enter(await prompted.box(/Connect/), token);
      const pick = await prompted.pick(/Connect/);
      assert.match(pick.items.map(({ label }) => label).join(), /^\u2068?Mine\u2069?$/);
      await until('a lit row', () => pick.activeItems.length > 0);
      await acceptInput();
      await running;
      const [stored] = await session.internals.store.load();
      assert.deepEqual([stored?.label, stored?.accountName], ['Mine', account.name]);
    }
  });

  it('says in the Connect box that Cloudflare does not know a key, and not that it no longer works', async () => {
    const { email, key } = session.simulator.issueApiKey();
    const wrong = otherKey(key);
    const running = signIn();
    await prompts.enter(await prompts.box(/Connect/), wrong);
    await until('the box for the email', () => prompts.latestPlaceholder.includes('API email'));
    await prompts.enterLatest(email);
    await until('the box for the key', () => prompts.latestPlaceholder.includes('Global API Key'));
    const box = await prompts.box(/Connect.* 2/);
    await acceptInput();
    assert.match(await prompts.words(box), /^Cloudflare does not know this API email with this key\. Check both/);
    await closeInput();
    assert.equal(await running, undefined);
    assert.deepEqual(await session.internals.store.load(), []);
  });

  it('asks to reconnect where an API key was changed, in words that fit a key', async () => {
    const { email, key } = session.simulator.issueApiKey();
    const { id, name } = session.account(0);
    const credential = { scheme: 'key', email, key: otherKey(key) } as const;
    const { origin } = new URL(session.simulator.baseUrl);
    await session.internals.store.save({ accountId: id, accountName: name, credential, origin });
    await session.internals.directory.reload();
    const [row] = await session.rows();
    assert.match(row?.text ?? '', /^API key no longer works — Reconnect\./);
    assert.equal(row?.item.command?.command, 'scimExplorer.reconnect');
    await session.connect(1);
    await session.internals.directory.accounts[0]?.loadProviders();
    assert.equal((await session.rows())[0]?.description, 'API key no longer works — Reconnect');
  });

  it("reconnects the account of an identity provider's row that failed, without asking which", async () => {
    await session.connect(0);
    await session.connect(1);
    const first = await session.row('Northwind');
    const okta = await session.row('Okta', first.row);
    session.simulator.faults.add({
      when: { path: '/scim/users' },
      effect: { kind: 'unsuccessful', status: 401, code: 10000 },
    });
    session.simulator.faults.add({
      when: { path: '/tokens/verify' },
      effect: { kind: 'unsuccessful', status: 401, code: 1000 },
    });
    const [failure] = await session.rows(okta.row);
    assert.equal(failure?.item.command?.command, 'scimExplorer.reconnect');
    session.simulator.faults.clear();
    for (const argument of [failure.item.command.arguments?.[0] as unknown, failure.row]) {
      const asked: string[] = [];
      const { showQuickPick } = vscode.window;
      vscode.window.showQuickPick = ((_: unknown, options: vscode.QuickPickOptions) => {
        asked.push(options.placeHolder ?? '');
        return Promise.resolve(undefined);
      }) as never;
      const opened: vscode.InputBox[] = [];
      const { createInputBox } = vscode.window;
      vscode.window.createInputBox = () => {
        const box = createInputBox();
        opened.push(box);
        return box;
      };
      try {
        const running = vscode.commands.executeCommand('scimExplorer.reconnect', argument);
        await until('the box', () => opened.length > 0 || asked.length > 0);
        assert.deepEqual(asked, []);
        opened[0]?.hide();
        await closeInput();
        await running;
      } finally {
        Object.assign(vscode.window, { showQuickPick, createInputBox });
      }
    }
  });

  it('shows the name of the only account above the rows, and when its token expires', async () => {
    const { view, directory } = session.internals;
    await view.focus(undefined);
    const soon = new Date(Date.now() + 3 * 86_400_000 - 60_000).toISOString();
    await session.connect(0, { expiresOn: soon });
    const described = `${directory.accounts[0]?.name ?? ''} · expires in 3 days`;
    await until('the message', () => view.message === described);
    await session.connect(1);
    await until('no message: the row says it', () => view.message === undefined);
    await session.internals.store.remove(session.account(1).id);
    await directory.reload();
    await until('the message again', () => view.message === described);
    await session.disconnectAll();
    await until('no message', () => view.message === undefined);
  });

  it('offers the stored token for a further account that it reaches, marks connected accounts, and shows the new one', async () => {
    await session.connect();
    const running = session.internals.signIn(prompts.window).then((opened) => opened.run());
    const tokens = await prompts.pick(/Connect/);
    const [first] = await until('the stored token', () => (tokens.items.length === 2 ? tokens.items : undefined));
    assert.equal(plain(first?.label), 'Use the token of "Northwind Engineering"');
    assert.match(plain(first?.detail), /^Harbour Lane Clinics/);
    await until('a selected row', () => tokens.activeItems[0] === first);
    await acceptInput();
    const accounts = await prompts.pick(/Connect.* 2/);
    const shown = accounts.items.map(({ label, description }) => `${plain(label)} | ${plain(description)}`);
    assert.equal(shown[0], `Harbour Lane Clinics | ${session.account(1).id}`);
    assert.ok(shown.includes(`Northwind Engineering | connected · ${session.account(0).id}`), shown.join('\n'));
    await until('a selected row', () => accounts.activeItems.length > 0);
    await acceptInput();
    assert.equal((await running)?.name, 'Harbour Lane Clinics');
    const [one, two] = await session.internals.store.load();
    assert.ok(one && two && 'credential' in one && 'credential' in two);
    assert.deepEqual(two.credential, one.credential);
    await session.internals.directory.reload();
    const { view, directory } = session.internals;
    session.simulator.requests.length = 0;
    await view.focus(directory.accounts[1]);
    await until('the identity providers of the new account', () => directory.accounts[1]?.providers);
    assert.equal(directory.accounts[0]?.providers, undefined, 'only the new account is expanded');
  });

  it('takes a token that is pasted too early into the box for tokens, which hides it', async () => {
    await session.connect();
    const running = session.internals.signIn(prompts.window).then((opened) => opened.run());
    const tokens = await prompts.pick(/Connect/);
    const token = session.simulator.issueToken();
    tokens.value = token;
    const box = await prompts.box(/Connect/);
    assert.deepEqual([box.password, box.value], [true, token]);
    await closeInput();
    assert.equal(await running, undefined);
  });

  it('asks for a token at once where the stored one reaches no further account', async () => {
    const token = session.simulator.issueToken({ kind: 'account', account: session.account(0).id });
    await session.connect(0, { token });
    const running = session.internals.signIn(prompts.window).then((opened) => opened.run());
    const box = await prompts.box(/Connect/);
    assert.equal(box.password, true);
    await closeInput();
    assert.equal(await running, undefined);
  });

  it('uses the email, the key and the account ID of the environment once asked', async () => {
    const { email, key } = session.simulator.issueApiKey();
    const environment = {
      CLOUDFLARE_EMAIL: email,
      CLOUDFLARE_API_KEY: key,
      CLOUDFLARE_ACCOUNT_ID: session.account(1).id,
    };
    const pressed = new vscode.EventEmitter<vscode.QuickInputButton>();
    const { createInputBox } = prompts.window;
    const pressable = () => Object.assign(createInputBox(), { onDidTriggerButton: pressed.event });
    const window = { ...prompts.window, createInputBox: pressable };
    const running = session.internals.signIn(window, undefined, environment).then((opened) => opened.run());
    const box = await prompts.box(/Connect/);
    assert.equal(box.value, '');
    const button = box.buttons.find(({ tooltip }) => tooltip?.includes('CLOUDFLARE_EMAIL and CLOUDFLARE_API_KEY'));
    assert.ok(button);
    assert.deepEqual(session.simulator.requests, []);
    pressed.fire(button);
    await until('the box for the email', () => prompts.latestPlaceholder.includes('API email'));
    assert.equal((await prompts.box(/Connect/)).value, email);
    await acceptInput();
    await until('the box for the key', () => prompts.latestPlaceholder.includes('Global API Key'));
    assert.equal((await prompts.box(/Connect/)).value, key);
    await acceptInput();
    const pick = await prompts.pick(/Connect.* 3/);
    const byHand = pick.items.at(-1);
    await until('a lit row', () => pick.activeItems.length > 0);
    pick.activeItems = byHand ? [byHand] : [];
    await acceptInput();
    await until('the box for the ID', () => prompts.latestPlaceholder.includes('Account ID'));
    assert.equal((await prompts.box(/Connect/)).value, session.account(1).id);
    await acceptInput();
    assert.equal((await running)?.name, session.account(1).name);
    const [stored] = await session.internals.store.load();
    assert.ok(stored && 'credential' in stored);
    assert.deepEqual(stored.credential, { scheme: 'key', email, key });
  });

  it('offers what the environment holds, and uses it only when asked', async () => {
    const token = session.simulator.issueToken();
    const running = signIn({ CLOUDFLARE_API_TOKEN: token });
    const box = await prompts.box(/Connect/);
    assert.equal(box.value, '', 'never by itself');
    const tooltips = box.buttons.map(({ tooltip }) => tooltip ?? '');
    assert.ok(tooltips.some((tooltip) => tooltip.includes('CLOUDFLARE_API_TOKEN')));
    assert.deepEqual(session.simulator.requests, []);
    await closeInput();
    assert.equal(await running, undefined);
  });
});
