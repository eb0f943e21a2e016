import { again } from '../../tools/vscode/again.mts';
import { Person } from '../support/browser/person.mts';
import { until } from '../support/until.mts';

describe('with the keyboard alone', () => {
  let person: Person;

  before(async () => {
    person = await Person.start();
  });
  after(() => person.end());

  /** F1, a title as it is typed, Enter. */
  async function run(title: string): Promise<void> {
    const { quickInput } = person.window;
    await person.press('F1');
    await quickInput.input.waitFor();
    await person.type(title);
    await quickInput.rows().first().filter({ hasText: title }).waitFor();
    await person.press('Enter');
  }

  it('connects from F1, and focuses the view', async () => {
    const { quickInput } = person.window;
    await run('SCIM Explorer: Connect to a Cloudflare Account');
    await quickInput.title.filter({ hasText: '(1/2)' }).waitFor();
    await person.paste(person.simulator.issueToken());
    await person.press('Enter');
    await quickInput.row('Northwind Engineering').waitFor();
    await until('a lit row', async () => (await quickInput.widget.locator('.monaco-list-row.focused').count()) === 1);
    await person.press('Enter');

    await person.window.row('Workshop SAML').waitFor();
    await until('the focus in the view', async () => (await person.sideBar.locator(':focus').count()) > 0);
  });

  it('goes from F1 through the tree to an opened user', async () => {
    await run('SCIM Explorer: Focus on Identity Providers View');
    await person.page.locator('.part.sidebar .monaco-list:focus').waitFor();
    await again(async (timeout) => {
      await person.press('Home');
      for (const name of ['Okta', 'Entra ID', 'Workshop SAML']) {
        await person.focusedRow.filter({ hasText: name }).waitFor({ timeout });
        if (name !== 'Workshop SAML') await person.press('ArrowDown');
      }
    });
    // The first letters of a name move the focus.
    await again(async (timeout) => {
      await person.press('Home');
      await person.type('wor');
      await person.focusedRow.filter({ hasText: 'Workshop SAML' }).waitFor({ timeout });
    });
    await person.press('ArrowRight');
    await person.window.row('John Smith').waitFor();
    await person.press('ArrowRight');
    await person.focusedRow.filter({ hasText: 'Groups' }).waitFor();
    await person.press('ArrowDown');
    await person.focusedRow.filter({ hasText: 'John Smith' }).waitFor();
    await person.press('Enter');
    await until('the user', async () => (await person.window.editorText()).includes('"john_smith"'));
  });

  it('copies its id from there', async () => {
    await run('SCIM Explorer: Copy User ID');
    await person.status('Copied user ID (cf_resource_id) of');
    const id = person.simulator.accounts[0]?.identityProviders[2]?.user(0).id;
    await until('the id', async () => (await person.clipboard()) === id);
  });

  it('opens a user that a search finds, and focuses its document', async () => {
    await run('SCIM Explorer: Search Users');
    await person.window.quickInput.title.filter({ hasText: 'Search Users' }).waitFor();
    const user = person.simulator.accounts[0]?.identityProviders[1]?.user(4321);
    await person.type(user?.emails?.[0]?.value ?? '');
    await person.acceptRow(person.window.quickInput.row(user?.displayName ?? '-'));
    await until('the user', async () => (await person.window.editorText()).includes(user?.id ?? '-'));
    await person.page.locator('.editor-group-container.active .monaco-editor.focused').waitFor();
  });

  it('shows no notification or dialog that was not expected', () => person.seesNothingElse());
});
