import assert from 'node:assert/strict';
import { calm, Person, plain } from '../support/browser/person.mts';
import { until } from '../support/until.mts';

describe('the place in the tree, in a window', () => {
  let person: Person;

  before(async () => {
    person = await Person.start({ size: { width: 1280, height: 500 } });
    await person.connect();
    await person.expand('Okta', 'Grace Whitfield');
  });
  after(() => person.end());

  /** The requests for pages of users and groups, without those for the one user of a document. */
  const listRequests = () =>
    person.simulator.requests.filter(({ path, query }) => path.includes('/scim/') && !query.has('cf_resource_id'));
  const rowsAtRest = () => calm('the rows', async () => (await person.rows()).join('\n'));

  /** Scrolls down to a user, selects the row, and returns the rows in sight. */
  async function goTo(name: string): Promise<string> {
    const row = person.window.row(name).first();
    await person.scrollTo(row);
    await row.click();
    await person.activeTab.filter({ hasText: name }).waitFor();
    return rowsAtRest();
  }

  async function assertSelected(name: string): Promise<void> {
    const selected = person.sideBar.locator('[aria-selected="true"]');
    await until('one selected row', async () => (await selected.count()) === 1);
    assert.ok(plain(await selected.innerText()).includes(name));
  }

  const farDown = () => person.simulator.accounts[0]?.identityProviders[0]?.user(60).displayName ?? assert.fail();

  it('survives a refresh: selection, expanded rows and scroll position', async () => {
    const before = await goTo(farDown());
    assert.ok(!before.includes('Grace Whitfield'), 'the list is scrolled');
    await assertSelected(farDown());
    const sent = listRequests().length;
    await person.chooseFromContextMenu(person.window.row(farDown()).first(), 'Refresh');
    await until('the first page again', () => listRequests().length > sent);
    await person.sideBar.locator('.monaco-progress-container.active').waitFor({ state: 'hidden' });
    assert.equal(await rowsAtRest(), before);
    await assertSelected(farDown());
  });

  it('survives reconnecting', async () => {
    const before = await rowsAtRest();
    await person.window.command('SCIM Explorer: Reconnect…');
    await person.window.quickInput.title.filter({ hasText: '(1/2)' }).waitFor();
    await person.paste(person.simulator.issueToken());
    await person.press('Enter');
    await person.window.quickInput.row('Northwind Engineering').click();
    await person.status('Connected to Northwind Engineering');
    await until('the row again', async () => (await person.window.row(farDown()).count()) > 0);
    assert.equal(await rowsAtRest(), before);
    await assertSelected(farDown());
  });

  it('is the top after a reload: all is collapsed, and no list is read', async () => {
    await calm('the requests', () => Promise.resolve(String(listRequests().length)));
    person.simulator.requests.length = 0;
    await person.window.reload();
    await person.window.row('Okta').first().waitFor();
    await rowsAtRest();
    assert.equal(await person.window.row('Okta').first().getAttribute('aria-expanded'), 'false');
    assert.deepEqual(
      listRequests().map(({ path, query }) => `${path}?${query.toString()}`),
      [],
    );
  });

  it('shows no notification or dialog that was not expected', () => person.seesNothingElse());
});
