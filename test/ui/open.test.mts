import assert from 'node:assert/strict';
import { Person } from '../support/browser/person.mts';
import { until } from '../support/until.mts';
import { untilRemembered } from '../support/browser/remembered.mts';

describe('opening users, in a window', () => {
  let person: Person;

  before(async () => {
    person = await Person.start();
    await person.connect();
    await person.expand('Okta', 'Grace Whitfield');
  });
  afterEach(async () => {
    person.simulator.faults.clear();
    // It lies over the buttons of the editor, and goes by itself only after a while.
    await until('no message over the editor', async () => {
      if ((await readOnlyMessage().count()) === 0) return true;
      await person.press('Escape');
      return false;
    });
  });
  after(() => person.end());

  const row = (text: string) => person.window.row(text).first();
  const text = () => person.window.editorText();
  const says = (words: string) => until(words, async () => (await text()).includes(words));
  const editor = () => person.page.locator('.editor-group-container.active .monaco-editor').first();
  const readOnlyMessage = () => person.page.locator('.monaco-editor-overlaymessage:visible');
  const titleBar = () => person.page.locator('.editor-group-container.active > .title');

  it("opens on a click, with the name as the tab's title, and leaves the focus in the tree", async () => {
    await row('Grace Whitfield').click();
    await says('"displayName": "Grace Whitfield"');
    await person.activeTab.filter({ hasText: /Grace Whitfield.*\.json\s*$/ }).waitFor();
    await person.focusedRow.filter({ hasText: 'Grace' }).waitFor();
    await row('Jürgen Müller').click();
    await says('"displayName": "Jürgen Müller"');
    // A click only looks: the next user comes in its place.
    await until('one tab', async () => (await person.tabs.count()) === 1);
  });

  it('keeps the tab of a user that is clicked twice', async () => {
    await row('Grace Whitfield').dblclick();
    await says('"displayName": "Grace Whitfield"');
    await row('Jürgen Müller').click();
    await until('two tabs', async () => (await person.tabs.count()) === 2);
    await says('"displayName": "Jürgen Müller"');
    await person.press('Control+Shift+Tab');
  });

  it('shows JSON in colours', async () => {
    await person.closeEditors();
    await person.chooseFromContextMenu(row('Grace Whitfield'), 'Open User');
    await person.status('JSON');
    const colours = await until('colours', async () => {
      const spans = await editor().locator('.view-line span[class^="mtk"]').evaluateAll(classNames);
      return new Set(spans).size >= 3 ? spans : undefined;
    });
    assert.ok(colours.length > 10, 'more than the brackets');
    await until('no error in it', async () => (await editor().locator('.squiggly-error').count()) === 0);
  });

  it('cannot be typed into, and says why where someone tries', async () => {
    const before = await person.calmText();
    await editor().locator('.view-line').first().click();
    await person.page.locator('.editor-group-container.active .monaco-editor.focused').waitFor();
    await person.type('x');
    await readOnlyMessage()
      .filter({ hasText: 'SCIM Explorer is read-only: change users in the identity provider.' })
      .waitFor();
    assert.equal(await person.calmText(), before);
  });

  it('shows what is new after the refresh button of the editor', async () => {
    const remove = person.simulator.faults.add({
      when: { path: '/scim/users' },
      effect: { kind: 'rewriteText', rewrite: (json) => json.replace('Grace Whitfield', 'Grace Renamed') },
    });
    await person.button(titleBar(), 'Refresh');
    await says('"displayName": "Grace Renamed"');
    remove();
    await person.button(titleBar(), 'Refresh');
    await says('"displayName": "Grace Whitfield"');
  });

  it("copies the user's id with the button beside it", async () => {
    await person.setClipboard('');
    await person.button(titleBar(), 'Copy User ID');
    await person.status('Copied user ID (cf_resource_id) of');
    assert.equal(await person.clipboard(), person.simulator.accounts[0]?.identityProviders[0]?.user(0).id);
  });

  it('tells a failure in words in the document, and shows the user once it can be read', async () => {
    const remove = person.simulator.faults.add({
      when: { path: '/scim/users' },
      effect: { kind: 'htmlPage', status: 502 },
    });
    await person.chooseFromContextMenu(row('Freya Norris'), 'Open User');
    await says('This user could not be loaded.');
    await says('No answer from the API (status 502)');
    await person.status('SCIM JSON');
    await until('no line under the words', async () => (await editor().locator('.squiggly-error').count()) === 0);
    remove();
    await person.button(titleBar(), 'Refresh');
    await says('"displayName": "Freya Norris"');
  });

  it('is there again after the window was reloaded, and so is the connection', async () => {
    const { id, identityProviders } = person.simulator.accounts[0] ?? assert.fail();
    const users = [0, 8].map((i) => `${identityProviders[0]?.user(i).id ?? ''}.json`);
    await untilRemembered(person.page, [id, ...users]);
    await person.window.reload();
    await says('"displayName": "Freya Norris"');
    await person.activeTab.filter({ hasText: /Freya Norris.*\.json\s*$/ }).waitFor();
    await person.tabs.filter({ hasText: 'Grace Whitfield' }).click();
    await says('"displayName": "Grace Whitfield"');

    await person.window.activity('SCIM Explorer');
    await person.expand('Okta', 'Jürgen Müller');
  });

  it('shows no notification or dialog that was not expected', () => person.seesNothingElse());
});

function classNames(elements: { className: string }[]): string[] {
  return elements.map(({ className }) => className);
}
