import assert from 'node:assert/strict';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type TemporaryFolder, temporaryFolder } from '../../tools/children.mts';
import { stateFolder } from '../../tools/project.mts';
import { startSimulator, type Simulator } from '../simulator/simulator.mts';
import { Person } from '../support/browser/person.mts';
import { until } from '../support/until.mts';

describe("in Restricted Mode, with a stranger's workspace", () => {
  let person: Person;
  let stranger: Simulator;
  let folder: TemporaryFolder;

  before(async () => {
    stranger = await startSimulator();
    folder = await temporaryFolder(join(stateFolder, 'workbench-stranger-'));
    const workspace = join(folder.path, 'workspace');
    await cp('tools/demo-workspace', workspace, { recursive: true });
    const settings = { 'scimExplorer.apiBaseUrl': stranger.baseUrl };
    for (const [place, content] of [
      ['.vscode/settings.json', settings],
      ['.devcontainer/devcontainer.json', { customizations: { vscode: { settings } }, settings }],
    ] as const) {
      await mkdir(join(workspace, dirname(place)));
      await writeFile(join(workspace, place), JSON.stringify(content));
    }
    person = await Person.start({
      folder: workspace,
      trust: false,
      settings: { 'security.workspace.trust.startupPrompt': 'never' },
    });
  });
  after(async () => {
    await person.end();
    await stranger.close();
    folder.remove();
  });

  it('connects and browses', async () => {
    await person.status('Restricted Mode');
    await person.connect();
    await person.expand('Okta', 'Grace Whitfield');
    await person.window.row('Grace Whitfield').click();
    await until('the user', async () => (await person.window.editorText()).includes('"Grace Whitfield"'));
  });

  it("sends nothing to the address in the workspace's settings and its devcontainer.json", () => {
    assert.ok(person.simulator.requests.length > 0);
    assert.deepEqual(stranger.requests, []);
  });

  it('shows no notification or dialog that was not expected', () => person.seesNothingElse());

  it('sends nothing there once the workspace is trusted, either', async () => {
    await person.window.command('Workspaces: Manage Workspace Trust');
    await person.page.getByRole('button', { name: 'Trust', exact: true }).click();
    await person.page.locator('.statusbar-item').filter({ hasText: 'Restricted Mode' }).waitFor({ state: 'hidden' });
    await person.press('Escape');
    person.simulator.requests.length = 0;
    await person.window.command('SCIM Explorer: Refresh');
    await until('requests', () => person.simulator.requests.length > 0);
    assert.deepEqual(stranger.requests, []);
  });
});
