import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { beforeEachConnected, type Session } from '../support/host/session';

describe('copying and inserting, in the extension host', () => {
  let session: Session;

  beforeEachConnected(
    (started) => (session = started),
    async () => vscode.env.clipboard.writeText('untouched'),
  );

  const clipboard = () => vscode.env.clipboard.readText();
  const users = (provider: string) => session.provider(provider);

  async function rowsOf(provider: string) {
    const { row } = await session.row(provider);
    return session.rows(row);
  }

  it('copies the id, the email and the external id of a row', async () => {
    const [grace] = await rowsOf('Okta');
    const user = users('Okta').user(0);
    await vscode.commands.executeCommand('scimExplorer.copyId', grace?.row);
    assert.equal(await clipboard(), user.id);
    await vscode.commands.executeCommand('scimExplorer.copyEmail', grace?.row);
    assert.equal(await clipboard(), 'grace.whitfield@example.com');
    await vscode.commands.executeCommand('scimExplorer.copyExternalId', grace?.row);
    assert.equal(await clipboard(), user.externalId);
  });

  it('copies the id of a provider', async () => {
    const { row } = await session.row('Okta');
    await vscode.commands.executeCommand('scimExplorer.copyProviderId', row);
    assert.equal(await clipboard(), users('Okta').id);
  });

  it('copies several selected rows, one a line, and a row outside the selection alone', async () => {
    const rows = (await rowsOf('Okta')).map(({ row }) => row);
    await vscode.commands.executeCommand('scimExplorer.copyId', rows[1], rows.slice(0, 3));
    assert.equal(await clipboard(), [0, 1, 2].map((i) => users('Okta').user(i).id).join('\n'));
    await vscode.commands.executeCommand('scimExplorer.copyId', rows[5], rows.slice(0, 3));
    assert.equal(await clipboard(), users('Okta').user(5).id);
  });

  it('copies from a document in front, by its URI, and by the three ids of a user that is not loaded', async () => {
    const { id } = users('Entra ID').user(4321);
    const reference = { accountId: session.account().id, identityProviderId: users('Entra ID').id, userId: id ?? '' };
    await vscode.commands.executeCommand('scimExplorer.copyEmail', reference);
    assert.equal(await clipboard(), users('Entra ID').user(4321).emails?.[0]?.value);

    await vscode.commands.executeCommand('scimExplorer.openUser', reference);
    await vscode.commands.executeCommand('scimExplorer.copyId');
    assert.equal(await clipboard(), id);
    await vscode.commands.executeCommand('scimExplorer.copyExternalId', vscode.window.activeTextEditor?.document.uri);
    assert.equal(await clipboard(), users('Entra ID').user(4321).externalId);
  });

  it('copies the raw value of a hostile user, not the one that is shown', async () => {
    const rows = await rowsOf('Workshop SAML');
    const odd = rows.find(({ label }) => label.includes('[U+202E]'));
    await vscode.commands.executeCommand('scimExplorer.copyEmail', odd?.row);
    assert.doesNotMatch(await clipboard(), /U\+|\u2068/);
  });

  it('leaves the clipboard alone where there is nothing to copy', async () => {
    const rows = await rowsOf('Workshop SAML');
    const withoutId = rows.find(({ description }) => description.startsWith('no ID'));
    await vscode.commands.executeCommand('scimExplorer.copyId', withoutId?.row);
    await vscode.commands.executeCommand('scimExplorer.copyId', 'an odd argument');
    await vscode.commands.executeCommand('scimExplorer.copyProviderId', { identityProviderId: 7 });
    assert.equal(await clipboard(), 'untouched');
  });

  it('inserts over every selection, as text and never as a snippet, in one undo step', async () => {
    const document = await vscode.workspace.openTextDocument({ content: 'id = ""\nother = "old"\n' });
    const editor = await vscode.window.showTextDocument(document);
    editor.selections = [new vscode.Selection(0, 6, 0, 6), new vscode.Selection(1, 9, 1, 12)];
    const { insertId } = session.internals.searchActions();
    const [grace] = await rowsOf('Okta');
    await insertId?.(grace?.row as never);
    const { id } = users('Okta').user(0);
    assert.equal(document.getText(), `id = "${id ?? ''}"\nother = "${id ?? ''}"\n`);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), 'id = ""\nother = "old"\n');
  });

  it('inserts into the document that was in front when the search opened, even when it is not any more', async () => {
    const document = await vscode.workspace.openTextDocument({ content: 'first' });
    const editor = await vscode.window.showTextDocument(document, { preview: false });
    editor.selection = new vscode.Selection(0, 0, 0, 5);
    const { insertId } = session.internals.searchActions();
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content: 'second' }), {
      preview: false,
    });
    const [grace] = await rowsOf('Okta');
    await insertId?.(grace?.row as never);
    assert.equal(document.getText(), users('Okta').user(0).id);
  });

  it('inserts in the column that was active, where the same file is open in two', async () => {
    const document = await vscode.workspace.openTextDocument({ content: 'left right' });
    const left = await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One, preview: false });
    left.selection = new vscode.Selection(0, 0, 0, 4);
    const right = await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Two, preview: false });
    right.selection = new vscode.Selection(0, 5, 0, 10);
    const { insertId } = session.internals.searchActions();
    const [grace] = await rowsOf('Okta');
    await insertId?.(grace?.row as never);
    assert.equal(document.getText(), `left ${users('Okta').user(0).id ?? ''}`);
  });

  it('copies the ids that there are, where one of the selected users has none', async () => {
    const rows = await rowsOf('Workshop SAML');
    const selected = rows.slice(24, 27).map(({ row }) => row);
    await vscode.commands.executeCommand('scimExplorer.copyId', selected[0], selected);
    const ids = [24, 26].map((i) => users('Workshop SAML').user(i).id);
    assert.equal(await clipboard(), ids.join('\n'));
  });

  it('does not offer to insert into a user document or without an editor', async () => {
    assert.equal(session.internals.searchActions().insertId, undefined);
    await rowsOf('Okta');
    await vscode.commands.executeCommand('scimExplorer.openUser', {
      accountId: session.account().id,
      identityProviderId: users('Okta').id,
      userId: users('Okta').user(0).id,
    });
    assert.equal(session.internals.searchActions().insertId, undefined);
  });
});
