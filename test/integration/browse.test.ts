import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { DirectoryAccount } from '../../src/directory/account';
import { Directory } from '../../src/directory/directory';
import type { DirectoryProvider } from '../../src/directory/provider';
import { ProvidersTree } from '../../src/explorer/providersTree';
import { type Fault, startSimulator } from '../simulator/simulator.mts';
import { beforeEachConnected, plain, type Session, setBaseUrl } from '../support/host/session';
import { until } from '../support/until.mts';

describe('browsing, in the extension host', () => {
  let session: Session;

  beforeEachConnected(
    (started) => (session = started),
    ({ simulator }) => void (simulator.requests.length = 0),
  );

  const userRequests = () => session.simulator.requests.filter(({ path }) => path.includes('/scim/users'));
  const labels = async (...parent: Parameters<Session['rows']>) =>
    (await session.rows(...parent)).map(({ label }) => label);

  it('shows nothing but the welcome while nothing is connected, and sends nothing', async () => {
    await session.disconnectAll();
    assert.deepEqual(await session.rows(), []);
    assert.deepEqual(session.simulator.requests, []);
  });

  it('shows every identity provider with its type, and one with SCIM off as a leaf that says so', async () => {
    const rows = await session.rows();
    assert.deepEqual(
      rows.map(({ label, description }) => `${label}: ${description}`),
      [
        'Okta: SCIM',
        'Entra ID: SCIM',
        'Workshop SAML: SCIM',
        'Partner OpenID: OpenID Connect · SCIM',
        'One-time PIN: SCIM off',
        'Legacy SAML: SCIM off',
      ],
    );
    const icons = rows.map(({ item }) => (item.iconPath as vscode.ThemeIcon).id);
    assert.equal(new Set(icons).size, 5, 'an icon for each type');
    assert.deepEqual(
      rows.map(({ item }) => item.collapsibleState),
      [1, 1, 1, 1, 0, 0],
      'those without SCIM have no children, and nothing starts expanded',
    );
  });

  it('asks for the first page only, and ends in how many are left', async () => {
    const okta = await session.row('Okta');
    const rows = await session.rows(okta.row);
    assert.equal(rows.length, 101);
    assert.equal(rows.at(-1)?.label, 'Load more… (100 of 2,000)');
    assert.equal(userRequests().length, 1);
    assert.equal(rows[0]?.label, 'Grace Whitfield');
    assert.equal(rows[0].description, 'grace.whitfield@example.com');
    assert.equal(
      rows[0].item.id,
      `/accounts/${session.account().id}/identity_providers/${session.provider('Okta').id}/users/${session.provider('Okta').user(0).id ?? ''}`,
    );
  });

  it('says (100 loaded) where the server gives no total', async () => {
    session.simulator.totals = 'omit';
    try {
      const okta = await session.row('Okta');
      assert.equal((await session.rows(okta.row)).at(-1)?.label, 'Load more… (100 loaded)');
    } finally {
      session.simulator.totals = 'everyone';
    }
  });

  it('says inactive in words and by the icon, and an id is named by its kind in the tooltip', async () => {
    const okta = await session.row('Okta');
    const { row, item, description } = await session.row("Lucas O'Connor", okta.row);
    assert.equal(description, 'inactive · lucas.oconnor@example.com');
    assert.equal((item.iconPath as vscode.ThemeIcon).id, 'circle-slash');
    assert.match(item.accessibilityInformation?.label ?? '', /inactive/);
    const { tooltip } = session.tree.resolveTreeItem(item, row);
    assert.match(
      plain(tooltip),
      /User ID \(Cloudflare, cf_resource_id\): .+\nExternal ID \(identity provider, idp_resource_id\): /,
    );
  });

  it('appends the next page on Load More, leaves what is there as it was, and focuses the first new row', async () => {
    const okta = await session.row('Okta');
    await vscode.commands.executeCommand('scimExplorer.providers.focus');
    const before = await session.rows(okta.row);
    await vscode.commands.executeCommand('scimExplorer.loadMore', before.at(-1)?.row);
    const after = await session.rows(okta.row);
    assert.equal(after.length, 201);
    assert.equal(after.at(-1)?.label, 'Load more… (200 of 2,000)');
    before.slice(0, 100).forEach(({ row }, i) => assert.equal(after[i]?.row, row, 'the same row is the same object'));
    assert.equal(userRequests().length, 2);
  });

  it('hands VS Code no more than 1,000 users, and then leads to the search', async () => {
    const entra = await session.row('Entra ID');
    for (let page = 1; page < 10; page++) {
      const end = (await session.rows(entra.row)).at(-1);
      assert.match(end?.label ?? '', /^Load more… \(.+ of 100,000\)$/);
      await vscode.commands.executeCommand('scimExplorer.loadMore', end?.row);
    }
    const rows = await session.rows(entra.row);
    assert.equal(rows.length, 1001);
    assert.equal(rows.at(-1)?.label, 'Search all 100,000…');
    assert.equal(rows.at(-1)?.item.command?.command, 'scimExplorer.searchHere');
  });

  it('leads to the search, too, where a server clamps its pages and the list ends beyond 1,000', async () => {
    session.simulator.maxPerPage = 30;
    session.simulator.faults.add({
      when: { path: '/scim/users', page: 35 },
      effect: { kind: 'rewriteJson', rewrite: (json) => ({ ...(json as object), result: [] }) },
    });
    try {
      const okta = await session.row('Okta');
      for (let page = 1; page < 34; page++) {
        const end = (await session.rows(okta.row)).at(-1);
        await vscode.commands.executeCommand('scimExplorer.loadMore', end?.row);
      }
      const rows = await session.rows(okta.row);
      assert.equal(rows.length, 1001);
      assert.match(rows.at(-1)?.label ?? '', /^Search all 2,000…$/);
    } finally {
      session.simulator.maxPerPage = 100;
    }
  });

  it('says that the network is away, and keeps what was loaded', async () => {
    const okta = await session.row('Okta');
    const end = (await session.rows(okta.row)).at(-1);
    session.simulator.faults.add({ effect: { kind: 'resetBeforeHeaders' } });
    await vscode.commands.executeCommand('scimExplorer.loadMore', end?.row);
    const rows = await session.rows(okta.row);
    assert.equal(rows.length, 101);
    assert.match(rows.at(-1)?.text ?? '', /could not be reached.*Check the network/);
  });

  it('sends nothing to another address than the one a token was checked against, and says so', async () => {
    const other = await startSimulator();
    try {
      // Before it is connected: the view reads an account by itself.
      await session.disconnectAll();
      await setBaseUrl(other.baseUrl);
      await session.connect();
      const [row] = await session.rows();
      assert.match(row?.text ?? '', /Nothing was sent: the token was checked against another address/);
      assert.equal(row?.item.command?.command, 'scimExplorer.reconnect');
      assert.deepEqual(other.requests, []);
    } finally {
      await other.close();
    }
  });

  it('shows users whose fields are missing or odd', async () => {
    const saml = await session.row('Workshop SAML');
    const rows = await session.rows(saml.row);
    assert.equal(rows.length, 37, 'all are there, and nothing more to load is offered');
    const [withoutId, onlyId, onlyExternalId] = rows.slice(25, 28);
    assert.match(withoutId?.description ?? '', /^no ID/);
    assert.match(withoutId?.item.id ?? '', /users\/#1\.26$/);
    assert.equal(withoutId?.item.command, undefined, 'it is not opened');
    assert.equal(withoutId?.item.contextValue, 'scimUser.withoutId');
    assert.match(onlyId?.label ?? '', /^[0-9a-f-]{36}$/);
    assert.match(onlyExternalId?.description ?? '', /no ID/);
  });

  it('shows hostile names as text', async () => {
    const saml = await session.row('Workshop SAML');
    const names = (await labels(saml.row)).slice(28, 33);
    assert.deepEqual(names.slice(0, 2), ['$(zap) Zed', '[click](command:workbench.action.quit)']);
    assert.match(names[2] ?? '', /\[U\+202E\]/);
    assert.match(names[3] ?? '', /\[U\+000A\]/);
    assert.match(names[4] ?? '', /^.{119}…$/u);
  });

  it('says that a provider has no users, and that an account has no providers', async () => {
    const partner = await session.row('Partner OpenID');
    assert.deepEqual(await labels(partner.row), ['No users synced yet']);
    await session.disconnectAll();
    await session.connect(2);
    assert.deepEqual(await labels(), ['This account has no identity providers']);
  });

  it('starts at accounts when there are several', async () => {
    await session.connect(1);
    assert.deepEqual(await labels(), ['Northwind Engineering', 'Harbour Lane Clinics']);
    const second = await session.row('Harbour');
    const clinic = await session.row('Clinic sign-in', second.row);
    assert.equal(session.tree.getParent(clinic.row), second.row);
  });

  it('says that a token was not kept, where its account stands, and leads to Connect', async () => {
    const lost = new DirectoryAccount('f'.repeat(32), 'Lost Account', 'secretMissing');
    const tree = new ProvidersTree(new Directory({ load: () => Promise.resolve([lost]) }));
    const [row] = await tree.getChildren();
    assert.ok(row);
    const item = tree.getTreeItem(row);
    assert.match(
      `${plain(item.label)} ${plain(item.description)}`,
      /Connect again: the token is no longer stored on this computer.*--password-store/,
    );
    assert.equal(item.command?.command, 'scimExplorer.reconnect');
    tree.dispose();
  });

  const html: Fault['effect'] = { kind: 'htmlPage', status: 502 };
  const faults: readonly [what: string, effect: Fault['effect'], words: RegExp][] = [
    ['a web page', html, /No answer from the API \(status 502\).*Cloudflare or a proxy returned an error page/],
    ['success: false with 200', { kind: 'unsuccessful', message: 'try later' }, /Cloudflare says: try later/],
    ['result: null', { kind: 'resultNull' }, /is not a response of the Cloudflare API/],
    ['a wrongly typed result', { kind: 'resultOfWrongType' }, /is not a response/],
    [
      'a redirect',
      { kind: 'redirect', status: 307, location: 'https://example.com/' },
      /redirect, which is not followed/,
    ],
    ['half an answer', { kind: 'truncatedJson' }, /not complete JSON/],
    ['deep nesting', { kind: 'nested', depth: 20_000 }, /nested too deeply/],
    ['a reset in the body', { kind: 'resetInBody' }, /could not be reached/],
    ['a gzip bomb', { kind: 'gzipBomb' }, /larger than 32 MB/],
    [
      'a lost permission',
      { kind: 'unsuccessful', status: 403, code: 10000, message: 'Authentication error' },
      /The token lacks "Access: Organizations, Identity Providers, and Groups Read"/,
    ],
  ];
  for (const [what, effect, words] of faults) {
    it(`shows ${what} in the middle of a list where it happened, keeps what was loaded, and goes on with Retry`, async () => {
      const okta = await session.row('Okta');
      const end = (await session.rows(okta.row)).at(-1);
      session.simulator.faults.add({ when: { path: '/scim/users', page: 2 }, effect });
      await vscode.commands.executeCommand('scimExplorer.loadMore', end?.row);

      const failed = await session.rows(okta.row);
      assert.equal(failed.length, 101);
      const failure = failed.at(-1);
      assert.match(failure?.text ?? '', words);
      assert.match(String(failure?.item.contextValue), /^failure\./);

      session.simulator.faults.clear();
      await vscode.commands.executeCommand('scimExplorer.retry', failure?.row);
      assert.equal((await session.rows(okta.row)).at(-1)?.label, 'Load more… (200 of 2,000)');
    });
  }

  it("waits for Cloudflare's rate limit, says so and how long, and goes on by itself", async () => {
    const okta = await session.row('Okta');
    const end = (await session.rows(okta.row)).at(-1);
    session.simulator.faults.add({ when: { page: 2, times: 1 }, effect: { kind: 'tooManyRequests', retryAfter: 7 } });
    const clock = session.stopClock();
    const loading = vscode.commands.executeCommand('scimExplorer.loadMore', end?.row);
    const words = () => session.internals.wait.words;
    assert.equal(await until('the words', words), "Waiting 7 s for Cloudflare's rate limit…");
    await clock.move(5_000);
    assert.equal(words(), "Waiting 2 s for Cloudflare's rate limit…");
    await clock.move(2_000);
    await loading;
    assert.equal((await session.rows(okta.row)).length, 201);
    assert.equal(session.internals.wait.words, undefined);
  });

  it('gives up what waits when it is cancelled, and keeps what was loaded', async () => {
    const okta = await session.row('Okta');
    const end = (await session.rows(okta.row)).at(-1);
    session.simulator.faults.add({ when: { page: 2 }, effect: { kind: 'tooManyRequests', retryAfter: 1 } });
    session.stopClock();
    const loading = vscode.commands.executeCommand('scimExplorer.loadMore', end?.row);
    await until('the wait', () => session.internals.wait.words);
    const busy = (await session.rows(okta.row)).at(-1);
    assert.match(busy?.label ?? '', /^Loading…/);
    await vscode.commands.executeCommand('scimExplorer.cancelLoading', busy?.row);
    await loading;
    assert.equal((await session.rows(okta.row)).at(-1)?.label, 'Load more… (100 of 2,000)');
    await until('the end of the wait', () => session.internals.wait.words === undefined);
    session.simulator.faults.clear();
  });

  it('gives up everything that waits when it is cancelled without a row, and offers a given up first page again', async () => {
    const [okta, saml] = [await session.row('Okta'), await session.row('Workshop SAML')];
    const end = (await session.rows(okta.row)).at(-1);
    session.simulator.faults.add({
      when: { path: '/scim/users' },
      effect: { kind: 'tooManyRequests', retryAfter: 1 },
    });
    const clock = session.stopClock();
    const loading = [
      vscode.commands.executeCommand('scimExplorer.loadMore', end?.row),
      session.rows(saml.row),
    ] as const;
    await until('the wait', () => session.internals.wait.words);
    // As the button in the view's title does: with what is selected, which need not load.
    await vscode.commands.executeCommand('scimExplorer.cancelLoading', okta.row);
    const [, below] = await Promise.all(loading);
    assert.deepEqual(
      below.map(({ label }) => label),
      ['Load more… (0 loaded)'],
    );
    assert.equal((await session.rows(okta.row)).at(-1)?.label, 'Load more… (100 of 2,000)');
    await until('the end of the wait', () => session.internals.wait.words === undefined);

    session.simulator.faults.clear();
    await clock.move(2_000);
    await vscode.commands.executeCommand('scimExplorer.loadMore', below[0]?.row);
    assert.equal((await session.rows(saml.row)).length, 37);
  });

  it('gives up reading the identity providers when it is cancelled, and says so in a row with Retry', async () => {
    await session.disconnectAll();
    await session.connect();
    session.simulator.faults.add({ effect: { kind: 'hang' } });
    const rows = session.rows();
    await until('the request', () => session.internals.directory.accounts[0]?.isLoading);
    await vscode.commands.executeCommand('scimExplorer.cancelLoading');
    const [row] = await rows;
    assert.deepEqual([row?.label, row?.item.contextValue], ['Loading was cancelled.', 'failure.retry']);
    session.simulator.faults.clear();
    await vscode.commands.executeCommand('scimExplorer.retry', row?.row);
    assert.ok((await session.rows()).length > 3);
  });

  it('cancels all loading of all accounts with the button in the title, and what a refresh has still to load', async () => {
    await session.connect(1);
    const [first, second] = await session.rows();
    const okta = await session.row('Okta', first?.row);
    await session.rows(okta.row);
    await session.rows(second?.row);
    const { directory } = session.internals;
    const loadingCount = () =>
      directory.accounts
        .flatMap(({ isLoading, providers = [] }) => [
          isLoading,
          ...providers.flatMap(({ users }) => [users.shown.activity !== 'idle', users.whole.progress !== undefined]),
        ])
        .filter(Boolean).length;
    session.simulator.faults.add({ effect: { kind: 'hang' } });
    const refresh = vscode.commands.executeCommand('scimExplorer.refreshView');
    const loading = (okta.row as DirectoryProvider).users.whole.read();
    await until('all that loads', () => loadingCount() === 3);
    session.simulator.requests.length = 0;
    // VS Code passes the selection, which may be a row that loads.
    await vscode.commands.executeCommand('scimExplorer.cancelAllLoading', okta.row);
    await Promise.all([refresh, loading]);
    assert.equal(loadingCount(), 0);
    assert.deepEqual(
      session.simulator.requests.map(({ path }) => path),
      [],
      'the refresh starts nothing more',
    );
  });

  it('ends at a server that repeats its last page for ever', async () => {
    session.simulator.faults.add({ when: { path: '/scim/users' }, effect: { kind: 'repeatPage', page: 1 } });
    const okta = await session.row('Okta');
    const end = (await session.rows(okta.row)).at(-1);
    await vscode.commands.executeCommand('scimExplorer.loadMore', end?.row);
    const rows = await session.rows(okta.row);
    assert.equal(rows.length, 100, 'nobody twice, and nothing more to load');
  });

  it('tells in a row that the identity providers could not be read, and reads them with Retry', async () => {
    session.simulator.faults.add({ when: { path: '/identity_providers' }, effect: html });
    const [failure] = await session.rows();
    assert.match(failure?.text ?? '', /error page/);
    session.simulator.faults.clear();
    await vscode.commands.executeCommand('scimExplorer.retry', failure?.row);
    assert.equal((await session.rows()).length, 6);
  });

  it('says that an identity provider is gone, keeps its users, and drops it when all is refreshed', async () => {
    const okta = await session.row('Workshop SAML');
    await session.rows(okta.row);
    session.simulator.faults.add({
      when: { path: '/scim/users' },
      effect: { kind: 'unsuccessful', status: 404, code: 12135, message: 'not found' },
    });
    await vscode.commands.executeCommand('scimExplorer.refresh', okta.row);
    const rows = await session.rows(okta.row);
    assert.equal(rows.length, 38);
    assert.match(rows.at(-1)?.text ?? '', /no longer exists in Cloudflare.*may have been deleted/);

    session.simulator.faults.add({
      when: { path: '/identity_providers' },
      effect: { kind: 'rewriteJson', rewrite: (json) => Object.assign(json as object, { result: [] }) },
    });
    await vscode.commands.executeCommand('scimExplorer.refresh');
    assert.deepEqual(await labels(), ['This account has no identity providers']);
  });

  describe('refresh', () => {
    it('reads the shown pages again and swaps them when all are there', async () => {
      const okta = await session.row('Okta');
      const end = (await session.rows(okta.row)).at(-1);
      await vscode.commands.executeCommand('scimExplorer.loadMore', end?.row);
      session.simulator.requests.length = 0;
      session.simulator.faults.add({
        when: { path: '/scim/users', page: 1 },
        effect: {
          kind: 'rewriteText',
          rewrite: (text) => text.replace('Grace Whitfield', 'Grace Renamed'),
        },
      });
      await vscode.commands.executeCommand('scimExplorer.refresh', okta.row);
      assert.deepEqual(
        userRequests()
          .map(({ page }) => page)
          .sort(),
        [1, 2],
      );
      const rows = await session.rows(okta.row);
      assert.equal(rows.length, 201);
      assert.equal(rows[0]?.label, 'Grace Renamed');
    });

    it('keeps every row when one of the pages fails, and says so above Load more', async () => {
      const okta = await session.row('Okta');
      const end = (await session.rows(okta.row)).at(-1);
      await vscode.commands.executeCommand('scimExplorer.loadMore', end?.row);
      session.simulator.faults.add({ when: { path: '/scim/users', page: 2 }, effect: html });
      await vscode.commands.executeCommand('scimExplorer.refresh', okta.row);
      const rows = await session.rows(okta.row);
      assert.equal(rows.length, 202);
      assert.match(rows.at(-2)?.text ?? '', /error page/);
      assert.match(rows.at(-1)?.label ?? '', /^Load more…/);

      session.simulator.faults.clear();
      session.simulator.requests.length = 0;
      await vscode.commands.executeCommand('scimExplorer.retry', rows.at(-2)?.row);
      assert.equal(userRequests().length, 2, 'Retry refreshes again');
      assert.equal((await session.rows(okta.row)).length, 201);
    });

    it('reads everything from the button of the view, whatever is selected', async () => {
      const okta = await session.row('Okta');
      await session.rows(okta.row);
      session.simulator.requests.length = 0;
      await vscode.commands.executeCommand('scimExplorer.refreshView', okta.row, [okta.row]);
      const paths = session.simulator.requests.map(({ path }) => path.split('/').at(-1));
      assert.ok(paths.includes('identity_providers') && paths.includes('users'), paths.join(' '));
    });

    it('refuses what is neither a row nor a user document, and sends nothing', async () => {
      const okta = await session.row('Okta');
      await session.rows(okta.row);
      session.simulator.requests.length = 0;
      for (const odd of ['a text', 7, {}, vscode.Uri.file('/etc/hosts')]) {
        await vscode.commands.executeCommand('scimExplorer.refresh', odd);
      }
      assert.deepEqual(session.simulator.requests, []);
    });

    it('refreshes a single provider from any row below it', async () => {
      const okta = await session.row('Okta');
      const grace = await session.row('Grace', okta.row);
      session.simulator.requests.length = 0;
      await vscode.commands.executeCommand('scimExplorer.refresh', grace.row);
      assert.equal(session.simulator.requests.length, 1);
      await until('rows', async () => (await session.rows(okta.row)).length === 101);
    });
  });
});
