import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { Person, plain } from '../support/browser/person.mts';
import { until } from '../support/until.mts';

/** What a screen reader is given: the browser's own accessibility tree. */
describe('the accessibility tree, in a window', () => {
  let person: Person;

  before(async () => {
    person = await Person.start();
  });
  after(() => person.end());

  /** The accessible names of the elements with a role, in their order. */
  async function names(place: Locator, role: string): Promise<string[]> {
    const lines = plain(await place.ariaSnapshot()).split('\n');
    const pattern = new RegExp(`^\\s*- '?${role} "((?:[^"\\\\]|\\\\.)*)"`);
    return lines.flatMap((line) => pattern.exec(line)?.[1] ?? []);
  }
  const tree = () => person.sideBar.locator('[role="tree"]');
  const box = () => person.window.quickInput.widget;
  const uuid = /[0-9a-f]{8}-[0-9a-f]{4}/;

  it('names the box for a token, its buttons and its link', async () => {
    await person.window.activity('SCIM Explorer');
    await person.connectButton.click();
    await person.window.quickInput.message.filter({ hasText: 'Paste an API token' }).waitFor();
    assert.deepEqual(await names(box(), 'textbox'), ['API token - Connect to a Cloudflare Account']);
    assert.deepEqual(await names(box(), 'button'), [
      "Open Cloudflare's form for a new token, with the permissions ticked",
      'Use an API email and a Global API Key instead (legacy)',
    ]);
    assert.deepEqual(await names(box(), 'link'), ['Create such a token in the dashboard']);
  });

  it('names the accounts to choose from', async () => {
    await person.paste(person.simulator.issueToken());
    await person.press('Enter');
    await person.window.quickInput.row('Northwind Engineering').waitFor();
    const [first, ...others] = await names(box(), 'option');
    assert.match(first ?? '', /^Northwind Engineering, [0-9a-f]{32}$/);
    assert.equal(others.at(-1), 'Enter an account ID…');
    await person.press('Enter');
    await person.status('Connected to Northwind Engineering');
  });

  it('names the rows of the tree by what they show, without ids and tooltips', async () => {
    await person.expand('Okta', 'Grace Whitfield');
    const rows = await names(tree(), 'treeitem');
    assert.equal(rows[0], 'Okta, SCIM on, 2,000 users, 100 loaded');
    assert.equal(rows[1], 'Groups');
    assert.equal(rows[2], 'Grace Whitfield, grace.whitfield@example.com');
    assert.ok(rows.includes("Lucas O'Connor, inactive · lucas.oconnor@example.com"), rows.join('\n'));
    assert.ok(!rows.some((name) => uuid.test(name)));
    await person.press('End');
    await until('the other rows', async () => {
      const last = await names(tree(), 'treeitem');
      return last.includes('Load more… (100 of 2,000)') && last.includes('Legacy SAML, SCIM off');
    });
  });

  it('names the search, its rows and their buttons, without the names of icons', async () => {
    await person.window.command('SCIM Explorer: Search Users…');
    await person.window.quickInput.title.filter({ hasText: 'Search Users' }).waitFor();
    assert.match((await names(box(), 'textbox'))[0] ?? '', /^Any part of a name, email, .* - Search Users$/);
    await person.type('whitfield');
    const first = 'Grace Whitfield, grace.whitfield@example.com, Okta · active';
    await until('the rows', async () => (await names(box(), 'option'))[0] === first);
    const buttons = await names(box(), 'button');
    for (const button of ['Active Users Only: Off (Alt+A)', 'Copy User ID (Alt+C)', 'Reveal in the View (Alt+V)']) {
      assert.ok(buttons.includes(button), buttons.join('\n'));
    }
    const options = await names(box(), 'option');
    assert.ok(!options.some((name) => /\$\(|circle-slash|cloud-download/.test(name)), options.join('\n'));
  });

  it('names the document and the buttons of its editor', async () => {
    await person.acceptRow(person.window.quickInput.row('Grace Whitfield'));
    await until('the user', async () => (await person.window.editorText()).includes('"Grace Whitfield"'));
    const editor = person.page.locator('.part.editor');
    assert.match((await names(editor, 'textbox')).join(), /^Grace Whitfield\.json/);
    const buttons = await names(editor, 'button');
    for (const button of ['Copy User ID', 'Refresh', 'Show Provisioning History']) {
      assert.ok(buttons.includes(button), buttons.join('\n'));
    }
  });
});
