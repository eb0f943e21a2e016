import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { Session } from '../support/host/session';
import { until } from '../support/until.mts';

const notLoaded = /^\/\/ This document was not loaded: .*open in a tab\.\n\/\/\n\/\/ To load it, open it in a tab: /;

describe('reading a document without opening it, in the extension host', () => {
  let session: Session;
  let folder: string;

  before(async () => {
    session = await Session.start();
    folder = await mkdtemp(join(tmpdir(), 'scim-explorer-reads-'));
  });
  beforeEach(async () => {
    await session.reset();
    await session.connect();
    session.simulator.requests.length = 0;
  });
  after(async () => {
    await session.end();
    await rm(folder, { recursive: true });
  });

  const uriOf = (i: number) => {
    const { id } = session.provider('Okta');
    return vscode.Uri.parse(
      `scim-explorer:/accounts/${session.account().id}/identity_providers/${id}/users/${session.provider('Okta').user(i).id ?? ''}.json`,
    );
  };
  const documentOf = (uri: vscode.Uri) =>
    vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  const textOf = (uri: vscode.Uri) => documentOf(uri)?.getText() ?? '';
  const showsUser = (uri: vscode.Uri) =>
    until('the user', () => textOf(uri).includes('"displayName"') && !notLoaded.test(textOf(uri)));
  /** The requests for one user; where the view is in sight, it asks for its identity providers meanwhile. */
  const requests = () =>
    session.simulator.requests.flatMap(({ path, query }) => (query.has('cf_resource_id') ? [path] : []));
  const open = (uri: vscode.Uri, options?: vscode.TextDocumentShowOptions) =>
    vscode.commands.executeCommand('vscode.open', uri, options ?? {});
  const closeEditors = async (...uris: vscode.Uri[]) => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await until('no document', () => uris.every((uri) => documentOf(uri) === undefined));
  };
  const read = async (uri: vscode.Uri) => new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  const file = async (name: string, content: unknown) => {
    const path = join(folder, name);
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
    return vscode.Uri.file(path);
  };

  describe('sends nothing', () => {
    it('for the $schema of a JSON file, and for 300 $refs of its schema', async () => {
      // VS Code closes documents again that nobody shows, when there are many.
      const read = new Map<string, string>();
      const listener = vscode.workspace.onDidOpenTextDocument((document) =>
        read.set(document.uri.toString(), document.getText()),
      );
      const refs = Array.from({ length: 300 }, (_, i) => uriOf(i + 10).toString());
      await file('schema.json', { allOf: refs.map(($ref) => ({ $ref })) });
      await open(await file('data.json', { $schema: uriOf(0).toString(), a: 1 }));
      await until('the schema to be read', () => read.has(uriOf(0).toString()));
      await open(await file('refs.json', { $schema: './schema.json', a: 1 }));
      await until('all references to be read', () => refs.every((uri) => read.has(uri)));
      listener.dispose();
      assert.deepEqual(requests(), []);
      assert.match(read.get(uriOf(0).toString()) ?? '', notLoaded);
    });

    it('for the setting json.schemas', async () => {
      const configuration = vscode.workspace.getConfiguration('json');
      await configuration.update(
        'schemas',
        [{ fileMatch: ['setting.json'], url: uriOf(1).toString() }],
        vscode.ConfigurationTarget.Global,
      );
      try {
        await open(await file('setting.json', { a: 1 }));
        await until('the schema to be read', () => documentOf(uriOf(1)));
        assert.deepEqual(requests(), []);
      } finally {
        await configuration.update('schemas', undefined, vscode.ConfigurationTarget.Global);
      }
    });

    it('when another extension reads it, and gives words that are not kept', async () => {
      const uri = uriOf(2);
      assert.match(await read(uri), notLoaded);
      assert.match((await vscode.workspace.openTextDocument(uri)).getText(), notLoaded);
      assert.match(await read(uri), notLoaded);
      assert.deepEqual(requests(), []);

      await open(uri);
      await showsUser(uri);
      assert.equal(requests().length, 1);
      assert.doesNotMatch(await read(uri), notLoaded);
    });

    it('when one looks at it through a definition, by Ctrl+hover and by a peek; going there loads it', async () => {
      const uri = uriOf(3);
      let asked = 0;
      const provider = vscode.languages.registerDefinitionProvider('plaintext', {
        provideDefinition: () => {
          asked++;
          return new vscode.Location(uri, new vscode.Position(0, 0));
        },
      });
      try {
        await open(await file('definition.txt', 'an-id'), { selection: new vscode.Range(0, 1, 0, 1) });
        await until('the editor', () => vscode.window.activeTextEditor?.document.languageId === 'plaintext');
        // The preview lets go of the document as soon as it has its lines.
        await vscode.commands.executeCommand('editor.action.showDefinitionPreviewHover');
        await until('the preview', () => asked > 0);
        await vscode.commands.executeCommand('editor.action.peekDefinition');
        await until('the peek', () => asked > 1 && documentOf(uri));
        assert.match(textOf(uri), notLoaded);
        assert.deepEqual(requests(), []);

        await vscode.commands.executeCommand('closeReferenceSearch');
        await vscode.commands.executeCommand('editor.action.revealDefinition');
        await showsUser(uri);
        assert.equal(requests().length, 1);
      } finally {
        provider.dispose();
      }
    });

    it('for a document whose tab another one took, or whose URI only looks like that of a tab', async () => {
      const [first, second] = [uriOf(4), uriOf(5)];
      await open(first, { preview: true });
      await showsUser(first);
      await open(second, { preview: true });
      await showsUser(second);
      await until('the end of the first', () => documentOf(first) === undefined);
      session.simulator.requests.length = 0;
      assert.match(await read(first), notLoaded);
      assert.match(await read(second.with({ query: 'x' })), notLoaded);
      assert.match(await read(second.with({ fragment: 'x' })), notLoaded);
      assert.match(await read(second.with({ authority: 'x' })), notLoaded);
      assert.deepEqual(requests(), []);
    });

    it('for a second reader of a document in a tab, of any group', async () => {
      const uri = uriOf(6);
      await open(uri, { preview: false });
      await showsUser(uri);
      await open(uri, { viewColumn: vscode.ViewColumn.Beside, preview: false });
      await vscode.commands.executeCommand('workbench.action.closeEditorsInOtherGroups');
      await until('one tab', () => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).length === 1);
      session.simulator.requests.length = 0;
      for (let i = 0; i < 10; i++) {
        assert.equal(await read(uri), textOf(uri));
      }
      assert.deepEqual(requests(), []);
    });
  });

  describe('is followed by the user', () => {
    it('when the document is shown after it was read', async () => {
      const uri = uriOf(7);
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
      await showsUser(uri);
      assert.equal(requests().length, 1);
    });

    it('when it is reopened', async () => {
      const uri = uriOf(8);
      await vscode.commands.executeCommand('scimExplorer.openUser', uri);
      await showsUser(uri);
      await closeEditors(uri);
      assert.match(await read(uri), notLoaded);
      session.simulator.requests.length = 0;
      await vscode.commands.executeCommand('workbench.action.reopenClosedEditor');
      await showsUser(uri);
      assert.equal(requests().length, 1);
    });

    it('on both sides of a comparison, one of them read before', async () => {
      const [left, right] = [uriOf(9), uriOf(10)];
      assert.match((await vscode.workspace.openTextDocument(left)).getText(), notLoaded);
      await vscode.commands.executeCommand('vscode.diff', left, right);
      await showsUser(left);
      await showsUser(right);
      assert.equal(requests().length, 2);
      await until('two tabs no more than one', () => vscode.window.tabGroups.activeTabGroup.tabs.length === 1);
    });

    it('in a tab that compares several files', async () => {
      const [left, right] = [uriOf(11), uriOf(12)];
      await vscode.commands.executeCommand('vscode.changes', 'Users', [[left, left, right]]);
      await showsUser(left);
      await showsUser(right);
      assert.equal(requests().length, 2);
    });
  });

  it('asks once for a document that is opened by the command, and shows no words before the user', async () => {
    const uri = uriOf(13);
    const seen: string[] = [];
    const listener = vscode.Disposable.from(
      vscode.workspace.onDidOpenTextDocument((document) => seen.push(document.getText())),
      vscode.workspace.onDidChangeTextDocument(({ document }) => seen.push(document.getText())),
    );
    await vscode.commands.executeCommand('scimExplorer.openUser', uri);
    await showsUser(uri);
    listener.dispose();
    assert.deepEqual(
      seen.filter((text) => text.includes('was not loaded')),
      [],
    );
    assert.equal(requests().length, 1);
  });
});
