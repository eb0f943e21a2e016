// The steps of the tour: what a person does, and what has to be there before the picture is taken.
import assert from 'node:assert/strict';
import { type Person, plain } from '../../test/support/browser/person.mts';
import { until } from '../../test/support/until.mts';

export interface Step {
  /** Part of the picture's name. */
  readonly name: string;
  /** What the picture shows, in words. */
  readonly shows: string;
  /** Has a picture in every round, not only in the first. */
  readonly isMain: boolean;
  /** The mouse stays where it is. */
  readonly needsMouse?: boolean;
  /** Rejects where the window does not show what it should. */
  readonly act: (person: Person) => Promise<void>;
}

export const steps: readonly Step[] = [
  {
    name: 'welcome',
    shows: 'the welcome says what is needed, before anything is connected',
    isMain: true,
    async act(person) {
      await person.window.activity('SCIM Explorer');
      // At once: a tooltip of the bar that comes up while the view is drawn stays.
      await person.page.mouse.move(700, 400);
      await person.connectButton.waitFor();
    },
  },
  {
    name: 'token',
    shows: 'the token box names the permission and links to the form for such a token',
    isMain: true,
    async act(person) {
      await person.connectButton.click();
      await person.window.quickInput.message.filter({ hasText: 'Identity Providers, and Groups Read' }).waitFor();
    },
  },
  {
    name: 'wrong-token',
    shows: 'a wrong token is told in the box, and nothing is stored',
    isMain: false,
    async act(person) {
      const wrong = person.simulator.issueToken();
      person.simulator.revokeToken(wrong);
      await person.paste(wrong);
      await person.press('Enter');
      await person.window.quickInput.message.filter({ hasText: 'Cloudflare does not know this token.' }).waitFor();
    },
  },
  {
    name: 'account',
    shows: 'the accounts that the token reaches, by name',
    isMain: true,
    async act(person) {
      await person.press('Control+A');
      await person.paste(person.simulator.issueToken());
      await person.press('Enter');
      await person.window.quickInput.row('Northwind Engineering').waitFor();
      await person.window.quickInput.row('Enter an account ID…').waitFor();
    },
  },
  {
    name: 'providers',
    shows: 'the identity providers with their types; the status bar confirms the connection',
    isMain: true,
    async act(person) {
      await person.press('Enter');
      await person.status(`Connected to Northwind Engineering`);
      await row(person, 'Legacy SAML').waitFor();
      assert.equal((await person.rows()).length, 6);
    },
  },
  {
    name: 'users',
    shows: 'the first page of users of one identity provider; inactive ones say so',
    isMain: true,
    async act(person) {
      await row(person, 'Okta').click();
      await row(person, "Lucas O'Connor").filter({ hasText: 'inactive' }).waitFor();
    },
  },
  {
    name: 'load-more',
    shows: 'the next page below the first, with the focus on its first row',
    isMain: false,
    async act(person) {
      await row(person, 'Okta').click({ modifiers: ['Control'] });
      await person.press('End', 'ArrowUp', 'ArrowUp', 'ArrowUp', 'ArrowUp', 'ArrowUp');
      await person.focusedRow.filter({ hasText: 'Load more… (100 of 2,000)' }).waitFor();
      await person.press('Enter');
      const { displayName } = person.simulator.accounts[0]?.identityProviders[0]?.user(100) ?? assert.fail();
      await person.focusedRow.filter({ hasText: displayName ?? '-' }).waitFor();
    },
  },
  {
    name: 'hover',
    shows: 'everything known of a user while the mouse rests on the row, each id named by its kind',
    isMain: false,
    needsMouse: true,
    async act(person) {
      await person.press('Home');
      await row(person, 'Jürgen Müller').hover();
      await person.hover.filter({ hasText: 'External ID (identity provider, idp_resource_id)' }).waitFor();
    },
  },
  {
    name: 'search-loaded',
    shows: 'a part of a name finds the users that are loaded, as one types',
    isMain: false,
    async act(person) {
      await person.button(person.sideBar, 'Search Users…');
      await searchTitle(person).waitFor();
      await person.type('hitfiel');
      await person.window.quickInput.row('Grace Whitfield').locator('.highlight').first().waitFor();
    },
  },
  {
    name: 'search-email',
    shows: 'an email finds users in every identity provider, loaded or not, active or not',
    isMain: true,
    async act(person) {
      await person.press('Control+A');
      await person.type('lucas.oconnor@example.com');
      const found = person.window.quickInput.row("Lucas O'Connor");
      await found.filter({ hasText: 'Okta' }).waitFor();
      await found.filter({ hasText: 'Entra ID' }).waitFor();
    },
  },
  {
    name: 'search-nobody',
    shows: 'where nobody is found, it says what was compared with what',
    isMain: false,
    async act(person) {
      await person.press('Control+A');
      await person.type('lucas.oconor');
      await person.window.quickInput.row('Cloudflare compared the whole').waitFor();
    },
  },
  {
    name: 'open',
    shows: 'the user as Cloudflare has it: JSON, read-only, titled by the name',
    isMain: true,
    async act(person) {
      await person.press('Control+A');
      await person.type('grace.whitfield@example.com');
      // The last row to come: the others are those of this very text by then.
      await person.acceptRow(person.window.quickInput.row('Grace Whitfield').filter({ hasText: 'Entra ID' }));
      await person.activeTab.filter({ hasText: 'Grace Whitfield' }).waitFor();
      await until('the user', async () =>
        (await person.window.editorText()).includes('"displayName": "Grace Whitfield"'),
      );
      await person.page.locator('.monaco-editor .view-line .mtk5, .monaco-editor .view-line .mtk6').first().waitFor();
    },
  },
  {
    name: 'copy',
    shows: 'the status bar says which kind of id was copied',
    isMain: true,
    async act(person) {
      await person.setClipboard('');
      await person.button(row(person, 'Grace Whitfield'), 'Copy User ID');
      await person.status('Copied user ID (cf_resource_id) of');
      assert.match(await person.clipboard(), /^[0-9a-f-]{36}$/);
    },
  },
  {
    name: 'menu',
    shows: 'everything that a row can do, in groups',
    isMain: false,
    needsMouse: true,
    async act(person) {
      await row(person, 'Grace Whitfield').click({ button: 'right' });
      await person.page.locator('.monaco-menu').getByText('Show Provisioning History').waitFor();
    },
  },
  {
    name: 'history',
    shows: 'what the identity provider sent, newest first: what changed, what failed and why, where the log begins',
    isMain: true,
    async act(person) {
      await person.press('Escape');
      await person.chooseFromContextMenu(row(person, 'Okta'), 'Show Provisioning History');
      await person.activeTab.filter({ hasText: 'Provisioning History of' }).waitFor();
      await until('the history', async () => (await person.window.editorText()).includes(' FAILED.'));
    },
  },
  {
    name: 'provider',
    shows: 'an identity provider as JSON: its name, type and SCIM settings, and no secret',
    isMain: false,
    async act(person) {
      await person.chooseFromContextMenu(row(person, 'Okta'), 'Open Identity Provider');
      await person.activeTab.filter({ hasText: 'Okta.json' }).waitFor();
      await until('the settings', async () => (await person.window.editorText()).includes('"scim_config"'));
    },
  },
  {
    name: 'groups',
    shows: 'the groups that an identity provider has synced, read when their folder is opened',
    isMain: true,
    async act(person) {
      await person.unfold(row(person, 'Groups'), row(person, 'Engineering'));
      await row(person, 'Groups').filter({ hasText: '36 groups' }).waitFor();
    },
  },
  {
    name: 'search-group',
    shows: 'group: finds groups by any part of their name, in every identity provider',
    isMain: false,
    async act(person) {
      await person.window.command('SCIM Explorer: Search Users…');
      await searchTitle(person).waitFor();
      await person.type('group:platform');
      await person.window.quickInput.row('Platform').filter({ hasText: 'Entra ID' }).first().waitFor();
      await person.window.quickInput.row('SCIM group').first().waitFor();
    },
  },
  {
    name: 'found',
    shows: 'a user that no page has is revealed in a folder of its own',
    isMain: false,
    async act(person) {
      const user = person.simulator.accounts[0]?.identityProviders[0]?.user(1234) ?? assert.fail();
      await person.press('Control+A');
      await person.type(user.emails?.[0]?.value ?? '');
      await person.window.quickInput
        .row(user.displayName ?? '')
        .filter({ hasText: 'Okta' })
        .first()
        .waitFor();
      await person.press('Alt+v');
      await person.focusedRow.filter({ hasText: user.displayName ?? '-' }).waitFor();
      await row(person, 'Found').waitFor();
    },
  },
  {
    name: 'export',
    shows: 'an export says how much is loaded, and offers to load all first',
    isMain: false,
    async act(person) {
      await person.button(person.sideBar, 'Collapse All');
      await person.chooseFromContextMenu(row(person, 'Entra ID'), 'Export…');
      await person.window.quickInput.row('Load All, Then Export').waitFor();
    },
  },
  {
    name: 'export-format',
    shows: 'the formats of an export, and what each is for',
    isMain: false,
    async act(person) {
      await person.window.quickInput.row('Export What Is Loaded').click();
      await person.window.quickInput.row('NDJSON').waitFor();
    },
  },
  {
    name: 'insert',
    shows: 'the search opens over the Terraform file, to insert the id of whom it finds',
    isMain: false,
    async act(person) {
      await person.press('Escape');
      await person.openFile('access.tf');
      await person.press('Control+G');
      await person.window.quickInput.input.waitFor();
      await person.type('28:6');
      await person.press('Enter');
      await person.window.command('SCIM Explorer: Insert User ID…');
      await person.window.quickInput.title.filter({ hasText: 'Insert User ID: Choose a User' }).waitFor();
      await person.type('john.smith@example.com');
      await person.window.quickInput.row('John Smith').waitFor();
    },
  },
  {
    name: 'inserted',
    shows: 'the id stands in the Terraform file, at the cursor',
    isMain: true,
    async act(person) {
      await person.acceptRow(person.window.quickInput.row('John Smith'));
      await person.status('Inserted user ID (cf_resource_id) of');
      const { id } = person.simulator.accounts[0]?.identityProviders[2]?.user(0) ?? assert.fail();
      await until('the id', async () => (await person.window.editorText()).includes(`"${id ?? '-'}",`));
    },
  },
  {
    name: 'file-hover',
    shows: 'the user whom an ID in a file names, from memory',
    isMain: true,
    needsMouse: true,
    async act(person) {
      const { id } = person.simulator.accounts[0]?.identityProviders[2]?.user(0) ?? assert.fail();
      await person.page
        .locator('.view-line span')
        .filter({ hasText: id ?? '-' })
        .last()
        .hover();
      await person.hover.filter({ hasText: 'SCIM user' }).waitFor();
    },
  },
  {
    name: 'error',
    shows: 'a failure is told in a row where it happened, with Retry, and in full while the mouse rests there',
    isMain: true,
    needsMouse: true,
    async act(person) {
      await person.button(person.sideBar, 'Collapse All');
      // The search has loaded the first users of every identity provider.
      await reconnect(person);
      person.simulator.faults.add({ when: { path: '/scim/users' }, effect: { kind: 'htmlPage', status: 502 } });
      await row(person, 'Entra ID').click();
      await failure(person).waitFor();
      await failure(person).hover();
      await failure(person).getByRole('button', { name: 'Retry' }).waitFor();
      await person.hover.filter({ hasText: 'Retry in a moment.' }).waitFor();
    },
  },
  {
    name: 'retried',
    shows: 'after Retry the users are there',
    isMain: false,
    async act(person) {
      person.simulator.faults.clear();
      await person.button(failure(person), 'Retry');
      await failure(person).waitFor({ state: 'hidden' });
      await until('users', async () => (await person.rows()).length > 10);
    },
  },
  {
    name: 'refreshed',
    shows: 'after a refresh somebody who was synced meanwhile is there',
    isMain: false,
    async act(person) {
      const { id } = person.simulator.accounts[0]?.identityProviders[1] ?? assert.fail();
      const newcomer = { id: 'c2aade11-2e3d-4c4b-9a5f-6b7c8d9e0f1a', active: true, displayName: 'Nora Newcomer' };
      person.simulator.insertUser(id, 0, { ...newcomer, emails: [{ value: 'nora.newcomer@example.com' }] });
      await person.button(person.sideBar, 'Refresh All');
      await row(person, 'Nora Newcomer').waitFor();
    },
  },
  {
    name: 'load-all',
    shows: 'a whole directory is loaded for searching: how far it is, how fast, how long it still takes',
    isMain: true,
    // The notification lies where it would rest.
    needsMouse: true,
    async act(person) {
      // The steps before have used a part of the rate limit's window, and this one needs most of it.
      const { requests } = person.simulator;
      const before = requests.length;
      await reconnect(person);
      // A menu that is opened while the rows are drawn again belongs to no row.
      await until('the first page again', () =>
        requests.slice(before).some(({ path }) => path.endsWith('/scim/users')),
      );
      await row(person, 'Entra ID').filter({ hasText: 'loaded' }).waitFor();
      person.simulator.latencyMs = 250;
      await person.chooseFromContextMenu(row(person, 'Entra ID'), 'Load All Users');
      const progress = person.page
        .locator('.notification-toast')
        .filter({ hasText: /\d,\d{3} of 100,001 · [\d,]+ a second · \d+ s left/ });
      await progress.waitFor();
    },
  },
  {
    name: 'search-all',
    shows: 'then words in any order find anyone in it as one types, the best first, complete as of a time',
    isMain: true,
    async act(person) {
      person.simulator.latencyMs = 0;
      await person.status(/Loaded all 100,001 users of .?Entra ID/);
      await person.window.command('SCIM Explorer: Search Users…');
      await searchTitle(person).waitFor();
      await person.type('mull jurg');
      await person.window.quickInput.row('Jürgen').filter({ hasText: 'Entra ID' }).first().waitFor();
      await person.window.quickInput.message.filter({ hasText: /Entra ID.?: all 100,001 \(\d\d:\d\d\)/ }).waitFor();
    },
  },
  {
    name: 'search-many',
    shows: 'where very many match, a hundred rows and how many there are',
    isMain: false,
    async act(person) {
      await person.press('Control+A');
      await person.type('example');
      await person.window.quickInput.row('Isla Hughes').first().waitFor();
      await person.press('ArrowUp');
      await person.window.quickInput.row('1,000+ match: type more to narrow it down').waitFor();
    },
  },
  {
    name: 'search-where',
    shows: 'the search can be told to look in one identity provider only',
    isMain: false,
    async act(person) {
      await person.press('Alt+s');
      await person.window.quickInput.title.filter({ hasText: 'Filter by Identity Provider' }).waitFor();
      await person.window.quickInput.row('Workshop SAML').first().waitFor();
    },
  },
  {
    name: 'waiting',
    shows: "the wait for Cloudflare's rate limit counts down above the list, and can be cancelled",
    isMain: true,
    async act(person) {
      await person.press('Escape');
      await reconnect(person);
      await person.button(person.sideBar, 'Collapse All');
      await row(person, 'Okta').click();
      await row(person, 'Grace Whitfield').waitFor();
      person.simulator.faults.add({
        when: { path: '/scim/users' },
        effect: { kind: 'tooManyRequests', retryAfter: 24 },
      });
      await person.press('End');
      await goUpTo(person, 'Load more… (');
      const tree = await person.sideBar.locator('[role="tree"]').boundingBox();
      const end = await person.focusedRow.boundingBox();
      assert.ok(tree && end);
      // To the bottom of the view, where the message would take the row's place.
      await person.focusedRow.hover();
      await person.page.mouse.wheel(0, end.y + end.height - tree.y - tree.height);
      await person.press('Enter');
      await waiting(person).waitFor();
      await cancelButton(person).waitFor();
      await until('the row that loads in sight', async () => {
        const [list, loading] = await Promise.all([
          person.sideBar.locator('[role="tree"]').boundingBox(),
          row(person, 'Loading… (').boundingBox(),
        ]);
        return list && loading && loading.y + loading.height <= list.y + list.height;
      });
    },
  },
  {
    name: 'cancelled',
    shows: 'after Cancel Loading the page can be asked for again',
    isMain: false,
    async act(person) {
      await cancelButton(person).click();
      await row(person, 'Load more… (').waitFor();
      await waiting(person).waitFor({ state: 'hidden' });
      await cancelButton(person).waitFor({ state: 'hidden' });
      person.simulator.faults.clear();
    },
  },
  {
    name: 'stored-token',
    shows: 'a further account can use a stored token, where that reaches more accounts',
    isMain: true,
    async act(person) {
      await person.window.command('SCIM Explorer: Connect to a Cloudflare Account…');
      await person.window.quickInput.row('Use the token of').filter({ hasText: 'Northwind Engineering' }).waitFor();
    },
  },
  {
    name: 'accounts',
    shows: 'two accounts, each with its identity providers; a token that ends soon says when',
    isMain: true,
    needsMouse: true,
    async act(person) {
      const expiresOn = new Date(Date.now() + 9 * dayMs - 60_000).toISOString();
      await person.window.quickInput.row('Use another token…').click();
      await person.window.quickInput.message.filter({ hasText: 'Paste an API token' }).waitFor();
      await person.paste(person.simulator.issueToken({ expiresOn }));
      await person.press('Enter');
      await person.window.quickInput.title.filter({ hasText: '(2/2)' }).waitFor();
      await person.window.quickInput.row('Harbour Lane Clinics').first().click();
      await person.status(`Connected to Harbour Lane Clinics`);
      await person.focusedRow.filter({ hasText: 'Harbour Lane Clinics' }).waitFor();
      await row(person, 'Harbour Lane Clinics').filter({ hasText: 'expires in 9 days' }).waitFor();
      await person.unfold(row(person, 'Northwind Engineering'), row(person, 'Workshop SAML'));
      await person.unfold(row(person, 'Harbour Lane Clinics'), row(person, 'Device directory'));
      // A click where the mouse rests ends its tooltip, so it comes anew from elsewhere.
      await row(person, 'Northwind Engineering').hover();
      await row(person, 'Harbour Lane Clinics').hover();
      await person.hover.filter({ hasText: 'expires in 9 days (20' }).waitFor();
    },
  },
  {
    name: 'expired',
    shows: 'an expired token turns the row of its account into one that asks to reconnect; what was loaded stays',
    isMain: true,
    needsMouse: true,
    async act(person) {
      person.clock.aheadMs = 10 * dayMs;
      await person.chooseFromContextMenu(row(person, 'Harbour Lane Clinics'), 'Refresh');
      const expired = row(person, 'Harbour Lane Clinics').filter({ hasText: 'Token no longer works — Reconnect' });
      await expired.waitFor();
      await row(person, 'Device directory').waitFor();
      await expired.hover();
      await person.hover.filter({ hasText: 'It has expired, or was disabled or revoked' }).waitFor();
    },
  },
  {
    name: 'details',
    shows: 'Show Details opens the log at a line with what support asks for',
    isMain: false,
    async act(person) {
      await person.chooseFromContextMenu(row(person, 'Harbour Lane Clinics'), 'Show Details');
      const log = person.page.locator('.part.panel .view-lines');
      await until('the details', async () =>
        plain(await log.innerText()).includes('Details of the error: GET /accounts/'),
      );
    },
  },
];

const dayMs = 86_400_000;

/** Connects the one account again with a new token, and so with a whole window of the rate limit. */
async function reconnect(person: Person): Promise<void> {
  const account = 'Northwind Engineering';
  await person.window.command('SCIM Explorer: Reconnect…');
  await person.window.quickInput.title.filter({ hasText: '(1/2)' }).waitFor();
  await person.paste(person.simulator.issueToken());
  await person.press('Enter');
  await person.window.quickInput.title.filter({ hasText: '(2/2)' }).waitFor();
  await person.window.quickInput.row(account).click();
  await person.status(`Connected to ${account}`);
  // The view takes the focus afterwards, which would close a menu.
  await person.sideBar.locator('.monaco-list:focus').waitFor();
}

/** Up from the end of the tree, as one does who knows that the row is near it. */
async function goUpTo(person: Person, text: string): Promise<void> {
  await until(`the focus on ${text}`, async () => {
    if ((await person.focusedRow.innerText()).includes(text)) return true;
    await person.press('ArrowUp');
    return false;
  });
}

function waiting(person: Person) {
  return person.sideBar.getByText(/^Waiting \d+ s for Cloudflare's rate limit…$/);
}

/** The one in the view's title; the row that is loading has its own. */
function cancelButton(person: Person) {
  return viewTitle(person).getByRole('button', { name: 'Cancel Loading', exact: true });
}

function viewTitle(person: Person) {
  return person.sideBar.getByRole('toolbar', { name: /Identity Providers/ });
}

function row(person: Person, text: string) {
  return person.window.row(text).first();
}

function failure(person: Person) {
  return row(person, 'No answer from the API (status 502)');
}

function searchTitle(person: Person) {
  return person.window.quickInput.title.filter({ hasText: 'Search Users' });
}
