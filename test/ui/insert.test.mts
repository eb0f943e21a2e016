import assert from 'node:assert/strict';
import { calm, Person } from '../support/browser/person.mts';
import { until } from '../support/until.mts';

describe('inserting into a file, in a window', () => {
  let person: Person;
  let johnId: string;

  before(async () => {
    person = await Person.start();
    await person.connect();
    johnId = person.simulator.accounts[0]?.identityProviders[2]?.user(0).id ?? assert.fail();
  });
  after(() => person.end());

  const searchInput = () => person.window.quickInput.input.inputValue();

  /** The Terraform file, its first line replaced by two places for an id, with a cursor at both. */
  async function placeTwoCursors(): Promise<void> {
    await person.openFile('access.tf');
    await person.press('Control+A');
    await person.paste('owner  = ""\nbackup = ""\n');
    await person.press('Control+Home', 'End', 'ArrowLeft');
    await person.window.command('Add Cursor Below');
    await until('two cursors', async () => (await person.page.locator('.monaco-editor.focused .cursor').count()) === 2);
  }

  it('writes the id at every cursor from the palette, in one step', async () => {
    await placeTwoCursors();
    await person.window.command('SCIM Explorer: Insert User ID…');
    await person.window.quickInput.title.filter({ hasText: 'Insert User ID: Choose a User' }).waitFor();
    await person.type('john.smith@example.com');
    await person.acceptRow(person.window.quickInput.row('John Smith'));
    await person.status(/Inserted user ID \(cf_resource_id\) of .+ at 2 cursors/);
    const written = `owner  = "${johnId}"\nbackup = "${johnId}"`;
    await until('the ids', async () => (await person.window.editorText()).includes(written));
    await person.press('Control+Z');
    await until('it undone', async () => (await person.window.editorText()).includes('owner  = ""\nbackup = ""'));
  });

  it('writes it with the button of a row of the search, too', async () => {
    // Not the user of the test before, whom the box offers again before anything is typed.
    const { id, displayName, emails } = person.simulator.accounts[0]?.identityProviders[2]?.user(1) ?? assert.fail();
    await placeTwoCursors();
    await person.window.command('SCIM Explorer: Search Users…');
    await person.window.quickInput.title.filter({ hasText: 'Search Users' }).waitFor();
    await person.type(emails?.[0]?.value ?? '');
    const row = person.window.quickInput.row(displayName ?? '-').filter({ hasText: 'Workshop SAML' });
    await row.waitFor();
    // Rows that come meanwhile would take the button from under the mouse.
    await calm('the rows', async () => (await person.window.quickInput.rows().allInnerTexts()).join('\n'));
    await person.button(row, 'Insert User ID at the Cursors (Alt+I)');
    const written = `owner  = "${id ?? '-'}"\nbackup = "${id ?? '-'}"`;
    await until('the ids', async () => (await person.window.editorText()).includes(written));
  });

  it('begins the search with the text that is selected', async () => {
    await person.press('Control+A');
    await person.paste('john.smith@example.com');
    await person.press('Shift+Home');
    await person.window.command('SCIM Explorer: Search Users…');
    await person.window.quickInput.row('John Smith').waitFor();
    await until('the selected text', async () => (await searchInput()) === 'john.smith@example.com');
    await person.press('Escape');
    await person.window.quickInput.widget.waitFor({ state: 'hidden' });
  });

  it('refuses in words where a user document is in front, and changes nothing there', async () => {
    await person.expand('Workshop SAML', 'John Smith');
    await person.window.row('John Smith').click();
    await until('the user', async () => (await person.window.editorText()).includes('"John Smith"'));
    const before = await person.calmText();
    await person.window.command('SCIM Explorer: Insert User ID…');
    await person.window.toast('There is no text editor to insert into. Open the file and place the cursor').waitFor();
    assert.equal(await person.calmText(), before);
    assert.equal((await person.takeNotifications()).length, 1);
  });

  it('shows no notification or dialog that was not expected', () => person.seesNothingElse());
});
