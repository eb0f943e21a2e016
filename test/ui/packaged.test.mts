import assert from 'node:assert/strict';
import { Person } from '../support/browser/person.mts';
import { until } from '../support/until.mts';

describe('the packaged extension', () => {
  const { TESTED_VSIX: vsix } = process.env;
  let person: Person;

  before(async () => {
    assert.ok(vsix, 'TESTED_VSIX names no package: run "npm test -- ui", which packs the extension first.');
    person = await Person.start({ extension: { vsix } });
  });
  after(async () => {
    if (vsix) await person.end();
  });

  it('connects, lists, opens and copies', async () => {
    await person.connect();
    await person.expand('Okta', 'Grace Whitfield');
    await person.window.row('Grace Whitfield').click();
    await until('the user', async () => (await person.window.editorText()).includes('"Grace Whitfield"'));
    await person.chooseFromContextMenu(person.window.row('Grace Whitfield'), 'Copy Email');
    await person.status('Copied email of');
    await until('it in the clipboard', async () => (await person.clipboard()) === 'grace.whitfield@example.com');
  });

  it('searches', async () => {
    await person.window.command('SCIM Explorer: Search Users…');
    await person.window.quickInput.title.filter({ hasText: 'Search Users' }).waitFor();
    await person.type('hitfiel');
    await person.window.quickInput.row('Grace Whitfield').waitFor();
    await person.press('Escape');
  });

  it('shows no notification or dialog that was not expected', () => person.seesNothingElse());
});
