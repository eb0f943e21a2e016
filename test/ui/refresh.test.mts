import assert from 'node:assert/strict';
import { Person } from '../support/browser/person.mts';
import { until } from '../support/until.mts';

describe('refreshing, in a window', () => {
  let person: Person;

  before(async () => {
    person = await Person.start();
    await person.connect();
    await person.expand('Workshop SAML', 'John Smith');
  });
  afterEach(() => person.simulator.faults.clear());
  after(() => person.end());

  const saml = () => person.simulator.accounts[0]?.identityProviders[2] ?? assert.fail();
  const row = (text: string) => person.window.row(text).first();
  const failure = () => row('No answer from the API (status 502)');
  const breakUsers = () =>
    person.simulator.faults.add({ when: { path: '/scim/users' }, effect: { kind: 'htmlPage', status: 502 } });

  it("shows with the button in the view's title who was synced meanwhile", async () => {
    person.simulator.insertUser(saml().id, 0, { id: 'c2aade11-2e3d', displayName: 'Nora Newcomer' });
    await person.button(person.sideBar, 'Refresh All');
    await row('Nora Newcomer').waitFor();
    await row('John Smith').waitFor();
  });

  it('refreshes one provider from its context menu, and asks for nothing else', async () => {
    person.simulator.removeUser(saml().id, 'c2aade11-2e3d');
    person.simulator.requests.length = 0;
    await person.chooseFromContextMenu(row('Workshop SAML'), 'Refresh');
    await row('Nora Newcomer').waitFor({ state: 'hidden' });
    assert.deepEqual([...new Set(person.simulator.requests.map(({ path }) => path.split('/').at(-3)))], [saml().id]);
  });

  it('keeps what was loaded when it fails, and says so in a row below', async () => {
    breakUsers();
    await person.chooseFromContextMenu(row('John Smith'), 'Refresh');
    await person.scrollTo(failure());
    assert.ok((await person.rows()).length > 2, 'the users are still there');
    await person.scrollTo(row('John Smith'), 'up');
  });

  it("goes on with the row's button", async () => {
    await person.scrollTo(failure());
    await person.button(failure(), 'Retry');
    await failure().waitFor({ state: 'hidden' });
  });

  it('says where a provider could not be read at all, and goes on with a click on the row', async () => {
    await person.button(person.sideBar, 'Collapse All');
    const remove = breakUsers();
    await row('Okta').click();
    await failure().waitFor();
    remove();
    await failure().click();
    await row('Grace Whitfield').waitFor();
    await until('no failure', async () => (await failure().count()) === 0);
  });

  it('says where the providers could not be read, keeps those it knows, and goes on with Enter', async () => {
    await person.button(person.sideBar, 'Collapse All');
    const remove = person.simulator.faults.add({
      when: { path: /identity_providers$/ },
      effect: { kind: 'htmlPage', status: 502 },
    });
    await person.button(person.sideBar, 'Refresh All');
    await failure().waitFor();
    await row('Entra ID').waitFor();
    remove();
    await row('Okta').click({ modifiers: ['Control'] });
    await person.press('End');
    await person.focusedRow.filter({ hasText: 'No answer from the API' }).waitFor();
    await person.press('Enter');
    await failure().waitFor({ state: 'hidden' });
  });

  it('shows no notification or dialog that was not expected', () => person.seesNothingElse());
});
