import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { beforeEachConnected, plain, type Session } from '../support/host/session';

describe('Who Is This?, in the extension host', () => {
  let session: Session;
  beforeEachConnected((started) => (session = started));
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  const idOf = (provider: string, i: number): string => session.provider(provider).user(i).id ?? assert.fail();

  interface Told {
    readonly rows: readonly string[];
    readonly placeHolder: string;
    readonly messages: readonly string[];
  }

  /** Runs the command with the cursor in a text; types `typed` where it asks, and takes no row. */
  async function ask(content: string, at = content.length / 2, typed?: string): Promise<Told> {
    const document = await vscode.workspace.openTextDocument({ content });
    const editor = await vscode.window.showTextDocument(document);
    const position = document.positionAt(Math.floor(at));
    editor.selection = new vscode.Selection(position, position);
    const told = { rows: [] as string[], placeHolder: '', messages: [] as string[] };
    const window = vscode.window as unknown as Record<string, unknown>;
    const before = { ...window };
    const note = (message: string) => Promise.resolve(void told.messages.push(plain(message)));
    Object.assign(window, {
      showInputBox: () => Promise.resolve(typed),
      showInformationMessage: note,
      showErrorMessage: note,
      showQuickPick: (items: readonly vscode.QuickPickItem[], { placeHolder = '' }: vscode.QuickPickOptions) => {
        told.rows = items.map(({ label, description, detail }) => plain([label, description, detail].join(' | ')));
        told.placeHolder = plain(placeHolder);
        return Promise.resolve(undefined);
      },
    });
    try {
      await vscode.commands.executeCommand('scimExplorer.whoIs');
    } finally {
      const { showInputBox, showInformationMessage, showErrorMessage, showQuickPick } = before;
      Object.assign(window, { showInputBox, showInformationMessage, showErrorMessage, showQuickPick });
    }
    return told;
  }

  it('names a user that is not loaded by each of the ids and the email, with state, provider and account', async () => {
    const { externalId, emails, displayName } = session.provider('Entra ID').user(77_777);
    const row = `${displayName ?? '-'} | SCIM user · active | ${emails?.[0]?.value ?? '-'} · Entra ID · Northwind Engineering`;
    for (const text of [idOf('Entra ID', 77_777), externalId ?? '', emails?.[0]?.value ?? '']) {
      assert.deepEqual((await ask(`a = "${text}"`)).rows, [row], text);
    }
  });

  it('names groups and identity providers', async () => {
    const group = session.provider('Okta').group(2);
    const row = `${group.displayName ?? '-'} | SCIM group | Okta · Northwind Engineering`;
    assert.deepEqual((await ask(group.id ?? '')).rows, [row]);
    assert.deepEqual((await ask(group.externalId ?? '')).rows, [row]);
    assert.deepEqual((await ask(session.provider('Okta').id)).rows, [
      'Okta | identity provider · Okta | SCIM on · Northwind Engineering',
    ]);
  });

  it('asks for a text that is typed where no id is at the cursor', async () => {
    const { rows } = await ask('nothing here', 4, ` ${idOf('Okta', 0)} `);
    assert.match(rows.join(), /^Grace Whitfield \| SCIM user · active/);
    const before = session.simulator.requests.length;
    assert.deepEqual(await ask('nothing here', 4, ''), { rows: [], placeHolder: '', messages: [] });
    assert.equal(session.simulator.requests.length, before);
  });

  it('sends a selected text that is no id only after it was confirmed', async () => {
    const before = session.simulator.requests.length;
    const document = await vscode.workspace.openTextDocument({ content: 'a secret' });
    const editor = await vscode.window.showTextDocument(document);
    editor.selection = new vscode.Selection(0, 0, 0, 8);
    const { showInputBox } = vscode.window;
    const offered: (string | undefined)[] = [];
    vscode.window.showInputBox = ({ value }: vscode.InputBoxOptions = {}) => Promise.resolve(void offered.push(value));
    try {
      await vscode.commands.executeCommand('scimExplorer.whoIs');
    } finally {
      vscode.window.showInputBox = showInputBox;
    }
    assert.deepEqual(offered, ['a secret']);
    assert.equal(session.simulator.requests.length, before);
  });

  it('needs at most four requests for each identity provider with SCIM', async () => {
    await session.rows();
    const before = session.simulator.requests.length;
    const { messages } = await ask('c706db98-b09c-4db8-87ab-000000000000');
    assert.equal(session.simulator.requests.length - before, 4 * 4);
    assert.match(messages.join(), /^No SCIM user, group or identity provider of the connected accounts has c706db98/);
  });

  it('says why an identity provider could not be asked, beside what the others have', async () => {
    session.simulator.faults.add({
      when: { path: session.provider('Entra ID').id },
      effect: { kind: 'htmlPage', status: 403 },
    });
    const { rows, placeHolder } = await ask('grace.whitfield@example.com');
    assert.equal(rows.length, 1);
    assert.match(placeHolder, /403/);
    const { messages } = await ask('nobody.at.all@example.com');
    assert.match(messages.join(), /403/);
  });

  it('takes no answer for one where a server ignores the filter', async () => {
    session.simulator.faults.add({
      when: { query: { email: 'nobody.at.all@example.com' } },
      effect: {
        kind: 'rewriteJson',
        rewrite: (json) => Object.assign(json as object, { result: [session.provider('Okta').user(0)] }),
      },
    });
    const { rows, messages } = await ask('nobody.at.all@example.com');
    assert.deepEqual(rows, []);
    assert.equal(messages.length, 1);
  });
});
