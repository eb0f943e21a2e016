// The steps of the tour: what a person does, and what has to be there before the picture is taken.
import assert from 'node:assert/strict';
import { isolated, type Person, until } from './person.mts';

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
      await person.status(`Connected to ${isolated('Northwind Engineering')}`);
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
      await person.window.quickInput.row('Compared on the server').waitFor();
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
      await person.window.quickInput.row('Grace Whitfield').filter({ hasText: 'Entra ID' }).waitFor();
      await person.press('Enter');
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
    name: 'insert',
    shows: 'the search opens over the Terraform file, to insert the id of whom it finds',
    isMain: false,
    async act(person) {
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
      await person.press('Enter');
      await person.status('Inserted user ID (cf_resource_id) of');
      const { id } = person.simulator.accounts[0]?.identityProviders[2]?.user(0) ?? assert.fail();
      await until('the id', async () => (await person.window.editorText()).includes(`"${id ?? '-'}",`));
    },
  },
  {
    name: 'error',
    shows: 'a failure is told in a row where it happened, with Retry, and in full while the mouse rests there',
    isMain: true,
    needsMouse: true,
    async act(person) {
      await person.button(person.sideBar, 'Collapse All');
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
];

function row(person: Person, text: string) {
  return person.window.row(text).first();
}

function failure(person: Person) {
  return row(person, 'No answer from the API (status 502)');
}

function searchTitle(person: Person) {
  return person.window.quickInput.title.filter({ hasText: 'Search Users' });
}
