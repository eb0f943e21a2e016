import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Person } from '../support/browser/person.mts';
import { until } from '../support/until.mts';

describe('the document of a user with links in it, in a window', () => {
  let person: Person;

  before(async () => {
    person = await Person.start();
    await person.connect();
    await person.expand('Okta', 'Grace Whitfield');
    person.simulator.faults.add({
      when: { path: '/scim/users' },
      effect: {
        kind: 'rewriteText',
        rewrite: (text) => text.replaceAll(/\{\s*"id":/g, '{"note":"https://example.com/a","id":'),
      },
    });
    await row('Grace Whitfield').dblclick();
    await says('"note": "https://example.com/a"');
    await editor().locator('.view-line').first().click();
    await person.page.locator('.editor-group-container.active .monaco-editor.focused').waitFor();
  });
  after(() => person.end());

  const row = (text: string) => person.window.row(text).first();
  const editor = () => person.page.locator('.editor-group-container.active .monaco-editor').first();
  const says = (words: string) => until(words, async () => (await person.window.editorText()).includes(words));
  const links = () => person.page.locator('.monaco-editor .detected-link');
  const fileName = () => `${person.simulator.accounts[0]?.identityProviders[0]?.user(0).id ?? ''}.json`;

  it('has the language SCIM JSON, and colours', async () => {
    await person.status('SCIM JSON');
    await until('colours', async () => {
      const spans = editor().locator('.view-line span[class^="mtk"]');
      return new Set(await spans.evaluateAll(classNames)).size >= 3;
    });
  });

  it('has properties in the breadcrumbs', async () => {
    await person.press('Control+Home', 'ArrowDown', 'ArrowRight', 'ArrowRight', 'ArrowRight');
    const breadcrumbs = person.page.locator('.monaco-breadcrumb-item');
    await until('the property', async () => (await breadcrumbs.allInnerTexts()).at(-1) === 'note');
  });

  it('is saved as JSON, in the folder of the workspace unless another one is chosen', async () => {
    const { input, widget } = person.window.quickInput;
    await person.press('Control+Shift+S');
    const path = join(person.window.folder, fileName());
    await until('the path', async () => (await input.inputValue()) === path);
    await person.press('Enter');
    await widget.waitFor({ state: 'hidden' });
    await person.status(`Saved to ${fileName()}`);
    const saved = JSON.parse(await readFile(path, 'utf8')) as unknown;
    assert.deepEqual(saved, {
      note: 'https://example.com/a',
      ...person.simulator.accounts[0]?.identityProviders[0]?.user(0),
    });
  });

  it('shows no links, also beside the file that it was saved to, which has some', async () => {
    await person.window.command('View: Split Editor Right');
    await person.openFile(fileName());
    await person.status(/^JSON$/);
    await until('a link in the file', async () => (await links().count()) > 0);
    assert.equal(await editor().locator('.detected-link').count(), await links().count());
  });

  it('shows no notification or dialog that was not expected', () => person.seesNothingElse());
});

function classNames(elements: { className: string }[]): string[] {
  return elements.map(({ className }) => className);
}
