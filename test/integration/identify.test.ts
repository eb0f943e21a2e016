import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { beforeEachConnected, plain, type Session } from '../support/host/session';
import { until } from '../support/until.mts';

describe('ids in files, in the extension host', () => {
  let session: Session;
  let requests = 0;

  beforeEachConnected(
    (started) => (session = started),
    async () => {
      for (const provider of ['Okta', 'Entra ID']) {
        const { row } = await session.row(provider);
        const [groups] = await session.allRows(row);
        await session.allRows(groups?.row);
      }
      requests = session.simulator.requests.length;
    },
  );
  afterEach(async () => {
    await vscode.workspace
      .getConfiguration('scimExplorer')
      .update('hover', undefined, vscode.ConfigurationTarget.Global);
  });

  const idOf = (provider: string, i: number): string => session.provider(provider).user(i).id ?? assert.fail();

  /** What the hover over a part of a text says, and the commands that it offers. */
  async function hover(text: string, part: string | null = text) {
    const document = await vscode.workspace.openTextDocument({ content: text });
    const position = document.positionAt(text.indexOf(part ?? text) + 1);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      position,
    );
    const contents = hovers.flatMap(({ contents: all }) => all) as vscode.MarkdownString[];
    const shown = contents.map(({ value }) =>
      plain(value)
        .replaceAll('&nbsp;', ' ')
        .replaceAll('\\', '')
        .replaceAll('&commat;', '@')
        .replaceAll('&colon;', ':'),
    );
    const commands = [...shown.join('\n').matchAll(/\(command:(.*?)\?(.*?)\)/g)].map(([, command = '', args = '']) => ({
      command,
      args: JSON.parse(decodeURIComponent(args)) as unknown[],
    }));
    return { shown: shown.map((words) => words.split('\n\n[')[0]), contents, commands, range: hovers[0]?.range };
  }

  it('are explained by a hover: a user, a group or an identity provider, without a request', async () => {
    const okta = session.provider('Okta');
    const entra = session.provider('Entra ID');
    const user = okta.user(0);
    const group = entra.group(3);
    const changed = (data: { meta?: { lastModified?: string | undefined } | null | undefined }) =>
      data.meta?.lastModified ?? '-';
    const ofUser = `**Grace Whitfield** · SCIM user · active\n\ngrace.whitfield@example.com · Okta · changed ${changed(user)}`;
    assert.deepEqual((await hover(`owner = "${user.id ?? ''}"`, user.id ?? '')).shown, [ofUser]);
    assert.deepEqual((await hover(`- ${user.externalId ?? ''} # x`, user.externalId ?? '')).shown, [ofUser]);
    assert.deepEqual((await hover('<GRACE.Whitfield@example.com>', 'GRACE')).shown, [ofUser]);
    assert.deepEqual((await hover(group.externalId ?? '')).shown, [
      `**${group.displayName ?? ''}** · SCIM group\n\nEntra ID · changed ${changed(group)}`,
    ]);
    assert.deepEqual((await hover(okta.id.toUpperCase())).shown, ['**Okta** · identity provider · Okta\n\nSCIM on']);
    assert.match((await hover(okta.user(5).id ?? '')).shown.join(''), /SCIM user · inactive/);
    assert.equal(session.simulator.requests.length, requests);
  });

  it('are marked by the range of the hover', async () => {
    const text = `first\n  { email = "grace.whitfield@example.com" },`;
    const { range } = await hover(text, 'grace');
    assert.deepEqual(range, new vscode.Range(1, 13, 1, 13 + 'grace.whitfield@example.com'.length));
  });

  it('have no hover where nothing that is loaded has them, and cause no request', async () => {
    const id = idOf('Entra ID', 77_777);
    for (const text of [id, `x${idOf('Okta', 0)}`, 'Grace Whitfield', 'nobody@example.com']) {
      assert.deepEqual((await hover(text)).shown, [], text);
    }
    assert.equal(session.simulator.requests.length, requests);
  });

  it('have no hover with the setting off, and none after the account is disconnected', async () => {
    const id = idOf('Okta', 0);
    const settings = vscode.workspace.getConfiguration('scimExplorer');
    await settings.update('hover', 'off', vscode.ConfigurationTarget.Global);
    assert.deepEqual((await hover(id)).shown, []);
    await settings.update('hover', undefined, vscode.ConfigurationTarget.Global);
    assert.equal((await hover(id)).shown.length, 1);
    await session.disconnectAll();
    assert.deepEqual((await hover(id)).shown, []);
  });

  it('offer only commands of this extension, which work with what they are given', async () => {
    const id = idOf('Okta', 0);
    const { contents, commands } = await hover(session.provider('Okta').user(0).externalId ?? '');
    const trusted = contents[0]?.isTrusted as { enabledCommands: string[] };
    assert.deepEqual(trusted.enabledCommands, ['scimExplorer.openUser', 'scimExplorer.reveal', 'scimExplorer.copyId']);
    assert.deepEqual(
      commands.map(({ command }) => command),
      trusted.enabledCommands,
    );
    for (const { command, args } of commands) await vscode.commands.executeCommand(command, ...args);
    assert.equal(await vscode.env.clipboard.readText(), id);
    await until('the document', () => vscode.window.activeTextEditor?.document.uri.path.endsWith(`/users/${id}.json`));
    const [selected] = session.internals.view.selection as unknown as { data?: { id?: string } }[];
    assert.equal(selected?.data?.id, id);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('show names of the network as text', async () => {
    const provider = session.provider('Workshop SAML');
    const { row } = await session.row('Workshop SAML');
    await session.rows(row);
    const ids = Array.from({ length: 37 }, (_, i) => provider.user(i)).filter(({ displayName }) =>
      /[[\]()*<>$]/.test(displayName ?? ''),
    );
    assert.ok(ids.length > 0);
    for (const { id } of ids) {
      const { contents } = await hover(id ?? '');
      const value = contents[0]?.value.split('\n\n[Open]')[0] ?? '';
      assert.doesNotMatch(value, /(?<!\\)[[\]<`]|(?<!\\)\$\(|@|:/, value);
      assert.equal(contents[0]?.supportHtml ?? false, false);
      assert.equal(contents[0]?.supportThemeIcons ?? false, false);
    }
  });

  it('lead to the document with Go to Definition, without a request', async () => {
    const id = idOf('Okta', 0);
    const content = `a = "${id}"\nb = "${session.provider('Okta').id}"`;
    const document = await vscode.workspace.openTextDocument({ content });
    const targets = async (position: vscode.Position) =>
      (
        await vscode.commands.executeCommand<vscode.LocationLink[]>(
          'vscode.executeDefinitionProvider',
          document.uri,
          position,
        )
      ).map(({ targetUri }) => targetUri.path.split('/').slice(-2).join('/'));
    assert.deepEqual(await targets(new vscode.Position(0, 8)), [`users/${id}.json`]);
    assert.deepEqual(await targets(new vscode.Position(1, 8)), [
      `identity_providers/${session.provider('Okta').id}.json`,
    ]);
    assert.deepEqual(await targets(new vscode.Position(0, 0)), []);
    assert.equal(session.simulator.requests.length, requests);
  });
});
