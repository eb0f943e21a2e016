import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { DirectoryProvider } from '../../src/directory/provider';
import type { SearchPrompt } from '../../src/search/prompt';
import type { SearchBox } from '../../src/search/searchBox';
import { acceptInput, closeInput, inFrontOfPrompts, type Prompts } from '../support/host/prompts';
import {
  coverage,
  idle,
  light,
  names,
  notedActions,
  row,
  type SearchPick,
  seen,
  type,
} from '../support/host/searchBox';
import { plain, type Session } from '../support/host/session';
import { until } from '../support/until.mts';

describe('searching what was loaded, in the extension host', () => {
  let session: Session;
  let prompts: Prompts;
  let done: string[];
  let search: SearchBox;
  /** Resolves when the box is closed. */
  let shown: Promise<void>;

  inFrontOfPrompts(async (started, fresh) => {
    session = started;
    prompts = fresh;
    done = [];
    session.simulator.partialMatch = 'ignore';
    await session.connect();
  });

  async function open(more: Partial<SearchPrompt> = {}): Promise<SearchPick> {
    const actions = notedActions(done);
    search = await session.internals.search(
      { title: 'Search Users', initialText: '', actions, onEnter: actions.open, ...more },
      prompts.window,
    );
    shown = search.show();
    return prompts.pick(/Search/);
  }

  async function openScopes(): Promise<vscode.QuickPick<vscode.QuickPickItem>> {
    void search.pickScope();
    return prompts.pick(/Filter by Identity Provider/);
  }

  /** Types a name into the picker of identity providers, and presses Enter. */
  async function choose(scopes: vscode.QuickPick<vscode.QuickPickItem>, name: string): Promise<void> {
    scopes.value = name;
    await until(`${name} selected`, () => plain(scopes.activeItems[0]?.label) === name);
    await acceptInput();
  }

  /** An identity provider whose first page is loaded. */
  async function opened(name: string): Promise<DirectoryProvider> {
    const { row } = await session.row(name);
    await session.rows(row);
    return row as DirectoryProvider;
  }

  it('finds several words in any order, without accents and in any case, the best first', async () => {
    await opened('Okta');
    const pick = await open();
    await type(pick, 'MULLER jur');
    assert.deepEqual(names(pick), ['Jürgen Müller'], 'in the same turn as the key');
    await type(pick, 'muller');
    assert.deepEqual(names(pick).slice(0, 2), ['Jürgen Müller', 'Anneliese Müller']);
    await type(pick, 'email:muller name:jur');
    assert.deepEqual(names(pick), ['Jürgen Müller']);
  });

  it('searches everywhere, in one identity provider, or among active users only', async () => {
    await opened('Okta');
    await opened('Workshop SAML');
    const pick = await open();
    await type(pick, 'is:inactive');
    const inactive = names(pick).length;
    assert.ok(inactive > 1);
    await type(pick, 'lucas');
    assert.match(seen(pick)[0] ?? '', /Lucas O'Connor .*Okta · inactive/);
    search.toggleActiveOnly();
    assert.ok(!names(pick).includes("Lucas O'Connor"));
    assert.match(pick.title ?? '', /active users only/);
    search.toggleActiveOnly();

    const scopes = await openScopes();
    assert.deepEqual(
      scopes.items.map(({ label }) => plain(label)),
      ['All identity providers', 'Okta', 'Entra ID', 'Workshop SAML', 'Partner OpenID'],
    );
    await choose(scopes, 'Workshop SAML');
    await until(
      'the search for the same text',
      () => pick.value === 'lucas' && /only .*Workshop SAML/.test(pick.title ?? ''),
    );
    await idle(pick);
    assert.ok(seen(pick).every((line) => !line.includes('Okta')));
  });

  it('loads the rest with one key, shows progress, and keeps the selected row', async () => {
    const okta = await opened('Okta');
    const pick = await open({ scope: okta });
    await type(pick, 'muller');
    await idle(pick);
    const rest = await row(pick, /Load the Rest \(20 requests\)/);
    assert.match(rest, /Loaded: Okta: 100 of 2,000/);
    assert.match(coverage(pick), /Okta: 100 of 2,000/);
    const before = names(pick);
    const lit = await light(pick, 1);
    search.loadRest();
    await until('all users', () => /Okta: all 2,000 \(\d\d:\d\d\)/.test(coverage(pick)));
    await until('more rows', () => names(pick).length > before.length);
    assert.deepEqual(names(pick).slice(0, before.length), before, 'what comes is added below');
    assert.equal(pick.activeItems[0], lit);
    assert.ok(seen(pick).every((line) => !line.includes('Load the Rest')));
    assert.equal(okta.users.shown.count, 100, 'the tree goes on as before');

    session.simulator.requests.length = 0;
    await type(pick, session.provider('Okta').user(1500).emails?.[0]?.value?.slice(3, 14) ?? '');
    assert.ok(names(pick).length > 0, 'a part of an email of a user that the tree does not show');
    await idle(pick);
    const asked = session.simulator.requests.map(({ query }) => [...query.keys()][0]);
    assert.deepEqual(new Set(asked), new Set(['username']), 'what can be seen here is not asked for');
  });

  it('keeps a loaded directory over a refresh', async () => {
    const okta = await opened('Okta');
    await okta.users.whole.read();
    await vscode.commands.executeCommand('scimExplorer.refresh', okta);
    const pick = await open({ scope: okta });
    await type(pick, session.provider('Okta').user(1999).id ?? '');
    assert.equal(names(pick).length, 1);
    assert.match(coverage(pick), /Okta: all 2,000/);
  });

  it('says what was searched where all is loaded and nobody found, and offers to load again', async () => {
    const saml = await opened('Workshop SAML');
    const pick = await open({ scope: saml });
    await type(pick, 'nobody here');
    await idle(pick);
    assert.deepEqual(
      seen(pick).map((line) => line.replace(/\d\d:\d\d/, 'HH:MM')),
      [
        'Not among all 37 users (loaded HH:MM) |  | A user appears only after the first sign-in or device enrolment that follows the assignment.',
        'Ask Cloudflare for "nobody here" | 1 request | compares the whole username',
        'Load all users again |  | Users may have been synced since.',
      ],
    );
  });

  it('shows recent searches and recently opened users while the box is empty', async () => {
    await opened('Okta');
    let pick = await open();
    await type(pick, 'jurgen.muller');
    await row(pick, /Jürgen Müller/);
    await idle(pick);
    await acceptInput();
    await until('the action', () => done.length > 0);

    pick = await open();
    assert.ok(seen(pick).some((line) => line.includes('Jürgen Müller')));
    const past = pick.items.findIndex(({ label }) => plain(label) === 'jurgen.muller');
    assert.ok(past > 0);
    await light(pick, past);
    await acceptInput();
    await until('the search', () => pick.value === 'jurgen.muller');
    await until('its row', () => names(pick).includes('Jürgen Müller'));
  });

  it('does with keys what the buttons of the selected row do', async () => {
    await opened('Okta');
    let pick = await open();
    await type(pick, 'whitfield');
    await idle(pick);
    await light(pick, 0);
    search.press('copyId');
    assert.deepEqual(done, ['copy Grace Whitfield']);
    search.press('reveal');
    await until('the row in the tree', () => done.includes('reveal Grace Whitfield'));
    pick = await open();
    await type(pick, 'whitfield');
    await light(pick, 1);
    search.press('insertId');
    await until('the insertion', () => done.some((what) => /^insert .*Whitfield/.test(what)));
  });

  it('reveals a user in the tree', async () => {
    const okta = await opened('Okta');
    const { view } = session.internals;
    const user = okta.itemAt('user', 42);
    await vscode.commands.executeCommand('scimExplorer.providers.focus');
    await view.reveal(user);
    const selected = await until('the row', () => view.selection[0]);
    assert.equal(session.tree.getTreeItem(selected).id, session.tree.getTreeItem(user).id);
  });

  it('asks for the same thing once in a minute', async () => {
    const pick = await open();
    await type(pick, 'jurgen.muller@example.com');
    await row(pick, /Jürgen Müller/);
    await idle(pick);
    // The view may read the identity providers meanwhile.
    const asked = () => session.simulator.requests.filter(({ path }) => path.endsWith('/scim/users')).length;
    const before = asked();
    await type(pick, '');
    await type(pick, 'jurgen.muller@example.com');
    await row(pick, /Jürgen Müller/);
    await idle(pick);
    assert.equal(asked(), before);
  });

  it('finds by a part on the server, once two probes have shown that this works there', async () => {
    session.simulator.partialMatch = 'honour';
    await opened('Okta');
    const pick = await open();
    await type(pick, 'whitfield');
    await idle(pick);
    const probes = () => session.simulator.requests.filter(({ query }) => query.has('search_contains'));
    await until('two probes', () => probes().length === 2);
    await until('their answers', () => session.internals.directory.accounts[0]?.partialMatching.filterName);
    const email = session.provider('Entra ID').user(54_321).emails?.[0]?.value ?? '';
    await type(pick, email.slice(1, 12));
    await row(pick, /Entra ID/);
    await idle(pick);
    const partial = session.simulator.requests.filter(
      ({ query }) => query.get('search_contains') === email.slice(1, 12),
    );
    assert.equal(partial.length, 4, 'once for each identity provider');
  });

  it('says whose identity provider it is where several accounts are connected, and searches one of them', async () => {
    await session.connect(1);
    const pick = await open();
    const { name } = session.account(1);
    for (const account of session.internals.directory.accounts) {
      await account.ensureProviders();
    }
    await type(pick, 'jurgen.muller@example.com');
    await row(pick, new RegExp(`\\(${session.account(0).name}\\)`));
    await idle(pick);
    await choose(await openScopes(), name);
    await until('the other account', () => plain(pick.title).includes(`only ${name}`));
    await idle(pick);
    assert.ok(seen(pick).every((line) => !line.includes(`(${session.account(0).name})`)));
  });

  it('forgets an early Enter as soon as the search is over, or is about something else', async () => {
    await opened('Okta');
    const pick = await open();
    await type(pick, 'Whitfield');
    await idle(pick);
    pick.value = 'lucas.oconnor@example.com';
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    await until('both', () => names(pick).length === 2 && !pick.busy);
    search.toggleActiveOnly();
    await until('one', () => names(pick).length === 1 && !pick.busy);
    search.toggleActiveOnly();
    await until('both again', () => names(pick).length === 2 && !pick.busy);
    assert.deepEqual(done, []);
  });

  it('keeps the selected row when rows of the server come', async () => {
    const saml = session.provider('Workshop SAML');
    await opened('Okta');
    const email = session.provider('Okta').user(3).emails?.[0]?.value ?? '';
    const held = Promise.withResolvers<undefined>();
    session.simulator.faults.add({
      when: { path: session.provider('Entra ID').id },
      effect: { kind: 'hold', until: held.promise },
    });
    const pick = await open();
    await type(pick, email);
    const before = names(pick).length;
    assert.ok(before > 0 && saml.id);
    const lit = await light(pick, 0);
    held.resolve(undefined);
    await row(pick, /Entra ID/);
    await idle(pick);
    assert.ok(names(pick).length > before, 'a row came below');
    assert.equal(pick.activeItems[0], lit);
  });

  it('reads the identity providers when it opens, and claims nothing of them before', async () => {
    const held = Promise.withResolvers<undefined>();
    session.simulator.faults.add({
      when: { path: '/identity_providers' },
      effect: { kind: 'hold', until: held.promise },
    });
    const pick = await open();
    await type(pick, 'is:inactive');
    assert.deepEqual(
      seen(pick).filter((line) => /no identity provider/i.test(line)),
      [],
    );
    held.resolve(undefined);
    const scopes = await openScopes();
    await until('the identity providers', () => scopes.items.some(({ label }) => plain(label) === 'Workshop SAML'));
    void search.pickScope();
    await row(pick, /SAML/);
    assert.equal(pick.value, 'is:inactive');
  });

  it('keeps the text while an identity provider is chosen, and selects the chosen one the next time', async () => {
    await opened('Okta');
    const pick = await open();
    await type(pick, 'whitfield');
    let scopes = await openScopes();
    search.toggleActiveOnly();
    await choose(scopes, 'Okta');
    await until('the scope', () => plain(pick.title).includes('only Okta'));
    assert.equal(pick.value, 'whitfield');
    assert.doesNotMatch(plain(pick.title), /active users only/);
    scopes = await openScopes();
    assert.equal(plain(scopes.activeItems[0]?.label), 'Okta');
  });

  it('closes with the picker of identity providers, and goes back from it with the same shortcut', async () => {
    await opened('Okta');
    const pick = await open();
    await type(pick, 'whitfield');
    await openScopes();
    void search.pickScope();
    await row(pick, /Okta/);
    await light(pick, 0);
    await openScopes();
    await closeInput();
    await shown;
  });

  it('lists a user without an id once, however often more is loaded', async () => {
    const saml = await opened('Workshop SAML');
    const okta = await opened('Okta');
    const pick = await open();
    await type(pick, 'a');
    const withoutId = () => seen(pick).filter((line) => line.includes('no ID')).length;
    const before = withoutId();
    assert.ok(before > 0, 'there is one');
    await okta.users.whole.read();
    await until('the new coverage', () => coverage(pick).includes('Okta: all 2,000'));
    assert.equal(withoutId(), before);
    assert.equal(saml.users.shown.count, 37);
  });

  it('forgets the users of a connection that is gone, and with the last one what was searched for', async () => {
    await opened('Okta');
    let pick = await open();
    await type(pick, 'jurgen.muller');
    await light(pick, 0);
    search.press('copyId');
    await closeInput();
    await session.disconnectAll();
    await session.connect();
    await opened('Okta');
    pick = await open();
    assert.deepEqual(names(pick), []);
    assert.deepEqual(
      seen(pick).filter((line) => line.includes('jurgen')),
      [],
    );
  });

  it('searches one identity provider by its ids, and loads it, before anything was read', async () => {
    const { id } = session.provider('Workshop SAML');
    const reference = { accountId: session.account().id, identityProviderId: id };
    await vscode.commands.executeCommand('scimExplorer.loadAll', reference);
    const saml = session.internals.directory.loadedProvider(reference);
    assert.equal(saml?.users.coverage.state, 'complete');
    void vscode.commands.executeCommand('scimExplorer.searchHere', reference);
    await until('the box', () => session.internals.directory.accounts.length > 0);
    await closeInput();
  });

  it('asks for a whole email that stands only inside another one here', async () => {
    const saml = await opened('Workshop SAML');
    await saml.users.whole.read();
    const email = session.provider('Workshop SAML').user(0).emails?.[0]?.value ?? '';
    const pick = await open({ scope: saml });
    // What the probes ask is another matter.
    const asked = () =>
      session.simulator.requests.flatMap(({ query }) =>
        [...query.keys()].filter((key) => /^(email|username)$/.test(key)),
      );
    await type(pick, email);
    await idle(pick);
    assert.deepEqual(asked(), [], 'it is here');
    await type(pick, email.slice(1));
    await idle(pick);
    assert.deepEqual(asked(), ['username']);
    await light(
      pick,
      pick.items.findIndex(({ label }) => label.includes('Ask Cloudflare')),
    );
    await acceptInput();
    await until('the request', () => asked().length > 1).catch((error: unknown) => {
      throw new Error(
        JSON.stringify([
          seen(pick),
          pick.activeItems.map(({ label }) => label),
          pick.title,
          pick.value,
          pick.busy,
          asked(),
        ]),
        {
          cause: error,
        },
      );
    });
    await idle(pick);
    assert.deepEqual(asked().sort(), ['email', 'username'], 'the email may be that of a newer user');
  });

  it('says that a text is too long, and searches for none of it', async () => {
    await opened('Okta');
    const pick = await open();
    await type(pick, 'a'.repeat(501));
    assert.match(seen(pick)[0] ?? '', /This text is too long to search for: 500 characters at most/);
    assert.equal(pick.busy, false);
  });
});
