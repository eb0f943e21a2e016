import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Person } from '../support/browser/person.mts';
import { until } from '../support/until.mts';
import { untilRemembered } from '../support/browser/remembered.mts';

describe("a stranger's file that names documents, in Restricted Mode", () => {
  let person: Person;

  before(async () => {
    person = await Person.start({
      trust: false,
      settings: { 'security.workspace.trust.startupPrompt': 'never' },
    });
    await person.connect();
    await person.expand('Okta', 'Grace Whitfield');
  });
  after(() => person.end());

  const row = (text: string) => person.window.row(text).first();
  const provider = () => person.simulator.accounts[0]?.identityProviders[0] ?? assert.fail();
  const uriOf = (i: number) =>
    `scim-explorer:/accounts/${person.simulator.accounts[0]?.id ?? ''}/identity_providers/${provider().id}/users/${provider().user(i).id ?? ''}.json`;
  const requests = () => person.simulator.requests.map(({ query }) => query.get('cf_resource_id'));
  const says = (words: string) => until(words, async () => (await person.window.editorText()).includes(words));

  it('sends nothing when it is opened', async () => {
    await person.status('Restricted Mode');
    const file = (name: string, content: unknown) =>
      writeFile(join(person.window.folder, name), JSON.stringify(content));
    await file('schema.json', { allOf: [{ $ref: uriOf(0) }, { $ref: uriOf(1) }, { required: ['missing'] }] });
    await file('data.json', { $schema: './schema.json', a: 1 });
    person.simulator.requests.length = 0;
    await person.openFile('data.json');
    // What is missing is told once all references were read.
    await person.page.locator('.squiggly-warning, .squiggly-error').first().waitFor();
    assert.deepEqual(requests(), []);
    await person.closeEditors();
  });

  it('still shows the document when the user opens it', async () => {
    await row('Grace Whitfield').dblclick();
    await says('"displayName": "Grace Whitfield"');
    await row('Freya Norris').dblclick();
    await says('"displayName": "Freya Norris"');
    assert.deepEqual(requests(), [provider().user(0).id, provider().user(8).id]);
  });

  it('is followed after a reload by a request for the document in front; for the other, when that is shown', async () => {
    const users = [0, 8].map((i) => `${provider().user(i).id ?? ''}.json`);
    await untilRemembered(person.page, [person.simulator.accounts[0]?.id ?? '', ...users]);
    person.simulator.requests.length = 0;
    await person.window.reload();
    await says('"displayName": "Freya Norris"');
    assert.deepEqual(
      requests().filter((id) => id !== null),
      [provider().user(8).id],
    );
    await person.tabs.filter({ hasText: 'Grace Whitfield' }).click();
    await says('"displayName": "Grace Whitfield"');
    assert.deepEqual(
      requests().filter((id) => id !== null),
      [provider().user(8).id, provider().user(0).id],
    );
  });

  it('shows no notification or dialog that was not expected', () => person.seesNothingElse());
});
