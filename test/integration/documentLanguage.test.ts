import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as vscode from 'vscode';
import { plain, Session } from '../support/host/session';
import { until } from '../support/until.mts';

describe('the language of documents, in the extension host', () => {
  let session: Session;
  let server: Server;
  const fetched: string[] = [];

  before(async () => {
    session = await Session.start();
    server = createServer((request, response) => {
      fetched.push(request.url ?? '');
      response.end('{}');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  beforeEach(async () => {
    await session.reset();
    await session.connect();
    fetched.length = 0;
  });
  after(async () => {
    server.close();
    await session.end();
  });

  const schemaUrl = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/schema.json`;
  const uriOf = (i: number) => {
    const provider = session.provider('Okta');
    return vscode.Uri.parse(
      `scim-explorer:/accounts/${session.account().id}/identity_providers/${provider.id}/users/${provider.user(i).id ?? ''}.json`,
    );
  };
  /** Puts properties in front of those of every user. */
  const withProperties = (json: string) =>
    session.simulator.faults.add({
      when: { path: '/scim/users' },
      effect: { kind: 'rewriteText', rewrite: (text) => text.replaceAll(/\{\s*"id":/g, `{${json},"id":`) },
    });
  const open = async (i: number) => {
    await vscode.commands.executeCommand('scimExplorer.openUser', uriOf(i));
    return until('the user', () => {
      const document = vscode.window.activeTextEditor?.document;
      return document?.getText().includes('"displayName"') && document.uri.toString() === uriOf(i).toString()
        ? document
        : undefined;
    });
  };
  const symbols = async (uri: vscode.Uri) =>
    (await vscode.commands.executeCommand<vscode.DocumentSymbol[] | undefined>(
      'vscode.executeDocumentSymbolProvider',
      uri,
    )) ?? [];

  it('is SCIM JSON from the first moment on, for users and for words, and never another', async () => {
    const seen: string[] = [];
    const listener = vscode.workspace.onDidOpenTextDocument(({ uri, languageId }) => {
      if (uri.scheme === 'scim-explorer') seen.push(languageId);
    });
    await open(0);
    const fault = session.simulator.faults.add({
      when: { path: '/scim/users' },
      effect: { kind: 'htmlPage', status: 502 },
    });
    await vscode.commands.executeCommand('vscode.open', uriOf(1));
    await until('words', () => vscode.window.activeTextEditor?.document.getText().includes('could not be loaded'));
    fault();
    await vscode.commands.executeCommand('scimExplorer.refresh');
    await until('the user', () => vscode.window.activeTextEditor?.document.getText().includes('"displayName"'));
    await vscode.workspace.openTextDocument(uriOf(2));
    listener.dispose();
    assert.deepEqual(seen, ['scim-json', 'scim-json', 'scim-json']);
  });

  it('is the same for a text that is too long for colours, and where a setting takes JSON files for another', async () => {
    withProperties(`"note":"${'x'.repeat(6_000_000)}"`);
    assert.equal((await open(3)).languageId, 'scim-json');

    const files = vscode.workspace.getConfiguration('files');
    await files.update('associations', { '*.json': 'jsonc', '**/*.json': 'json' }, vscode.ConfigurationTarget.Global);
    try {
      session.simulator.faults.clear();
      assert.equal((await open(4)).languageId, 'scim-json');
    } finally {
      await files.update('associations', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it('belongs to no other file', async () => {
    const path = '/home/me/accounts/a/identity_providers/b/users/c.json';
    const languages = await Promise.all(
      [`untitled:${path}`, 'untitled:/home/me/users/c.json'].map(
        async (uri) => (await vscode.workspace.openTextDocument(vscode.Uri.parse(uri))).languageId,
      ),
    );
    assert.deepEqual(languages, ['json', 'json']);
  });

  it('fetches no $schema of a user, and finds nothing wrong with it', async () => {
    withProperties(`"$schema":"${schemaUrl()}"`);
    const document = await open(5);
    assert.ok(document.getText().includes(schemaUrl()));
    await symbols(document.uri);

    // The same text as JSON, with another URL: once that was fetched, the document's would have been, too.
    const content = document.getText().replace(schemaUrl(), `${schemaUrl()}?copy`);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'json', content }));
    await until('the schema of the copy', () => fetched.length > 0);
    assert.deepEqual(fetched, ['/schema.json?copy']);
    assert.deepEqual(vscode.languages.getDiagnostics(document.uri), []);
  });

  it('has an outline, with names that are made visible and cut', async () => {
    withProperties(`"$(zap) x":"$(zap)","\\u202Eabc":1,"":null,"${'long'.repeat(1000)}":"${'y'.repeat(10_000)}"`);
    const found = await symbols((await open(6)).uri);
    const shown = found.map(({ name, detail }) => `${name} = ${detail}`);
    assert.deepEqual(shown.slice(0, 3), ['$ (zap) x = $ (zap)', '[U+202E]abc = 1', '"" = null']);
    assert.match(shown[3] ?? '', /^(long)+\w*… = y+…$/);
    assert.ok((shown[3] ?? '').length < 300);
    const names = found.map(({ name }) => name);
    assert.ok(names.includes('emails') && names.includes('displayName'), names.join());
    const emails = found.find(({ name }) => name === 'emails');
    assert.equal(emails?.kind, vscode.SymbolKind.Array);
    assert.deepEqual(
      emails.children.map(({ name, kind }) => [name, kind]),
      emails.children.map((_, i) => [String(i), vscode.SymbolKind.Module]),
    );
    assert.equal(plain(emails.name), emails.name);
  });

  it('folds as JSON does', async () => {
    const ranges = async (document: vscode.TextDocument) => {
      await vscode.window.showTextDocument(document);
      return until('folding ranges', async () => {
        const found = await vscode.commands.executeCommand<vscode.FoldingRange[] | undefined>(
          'vscode.executeFoldingRangeProvider',
          document.uri,
        );
        return found && found.length > 0 ? found.map(({ start, end }) => [start, end]) : undefined;
      });
    };
    const document = await open(7);
    const copy = await vscode.workspace.openTextDocument({ language: 'json', content: document.getText() });
    assert.deepEqual(await ranges(document), await ranges(copy));
  });

  it('has settings of its own: no links', async () => {
    const { uri, languageId } = await open(8);
    const editor = vscode.workspace.getConfiguration('editor', { uri, languageId });
    assert.equal(editor.get('links'), false);
  });
});
