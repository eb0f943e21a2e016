import assert from 'node:assert/strict';
import { join } from 'node:path';
import { readFile, writeFile } from 'node:fs/promises';
import { type TemporaryFolder, temporaryFolder } from '../../tools/children.mts';
import { stateFolder } from '../../tools/project.mts';
import { openProfile } from '../../tools/vscode/profile.mts';
import { type Simulator, startSimulator } from '../simulator/simulator.mts';
import { Person } from '../support/browser/person.mts';
import { untilRemembered } from '../support/browser/remembered.mts';

describe('an account that is connected again at another address, in a window', () => {
  let person: Person;
  let other: Simulator;
  let profile: TemporaryFolder;

  before(async () => {
    other = await startSimulator();
    profile = await temporaryFolder(join(stateFolder, 'workbench-origin-'));
    person = await Person.start({ profile: profile.path });
  });
  after(async () => {
    await person.end();
    await other.close();
    profile.remove();
  });

  async function setAddress(address: string): Promise<void> {
    const { dataFolder } = await openProfile(profile.path);
    const file = join(dataFolder, 'data', 'User', 'settings.json');
    const settings = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
    await writeFile(file, JSON.stringify({ ...settings, 'scimExplorer.apiBaseUrl': address }));
  }

  it('is asked for a token by a box that names the new address', async () => {
    const { quickInput } = person.window;
    await person.connect();
    await untilRemembered(person.page, ['"accountName":"Northwind Engineering"']);
    await setAddress(other.baseUrl);
    await person.window.reload();
    await person.window.activity('SCIM Explorer');
    await person.window.row('Nothing was sent: the token was checked against another address.').waitFor();
    await person.window.command('SCIM Explorer: Connect to a Cloudflare Account…');
    await quickInput.message.filter({ hasText: `sent to ${new URL(other.baseUrl).origin}` }).waitFor();
    await person.paste(other.issueToken());
    await person.press('Enter');
    await quickInput.title.filter({ hasText: '(2/2)' }).waitFor();
  });

  it('asks in a modal dialog above the list of accounts; Cancel leaves the list open and the token as it was', async () => {
    const { dialog, quickInput } = person.window;
    await quickInput.row('Northwind Engineering').click();
    await dialog.filter({ hasText: `Replace the token of Northwind Engineering?` }).waitFor();
    await dialog.filter({ hasText: new URL(person.simulator.baseUrl).origin }).waitFor();
    await dialog.filter({ hasText: new URL(other.baseUrl).origin }).waitFor();
    await person.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await quickInput.row('The stored token was not replaced.').waitFor();
  });

  it('replaces the token once that is allowed', async () => {
    const { dialog, quickInput } = person.window;
    other.requests.length = 0;
    await quickInput.row('Northwind Engineering').click();
    await dialog.getByRole('button', { name: 'Replace', exact: true }).click();
    await person.status(`Connected to Northwind Engineering`);
    await person.window.row('Workshop SAML').waitFor();
    assert.ok(other.requests.some(({ path }) => path.endsWith('/identity_providers')));
  });

  it('shows no notification or dialog that was not expected', async () => {
    await person.focusedRow.first().waitFor();
    await person.seesNothingElse();
  });
});
