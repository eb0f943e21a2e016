import assert from 'node:assert/strict';
import { Person, plain } from '../support/browser/person.mts';
import { until } from '../support/until.mts';

describe('copying, in a window', () => {
  let person: Person;

  before(async () => {
    person = await Person.start();
    const { id } = provider('Partner OpenID');
    person.simulator.insertUser(id, 0, {
      id: 'a0eebc99\u200B-9c0b',
      displayName: 'Odd Values',
      emails: [{ value: 'odd.values@example.com\nbcc: everyone@example.com' }],
    });
    person.simulator.insertUser(id, 1, { id: 'b1ffcd00-1d2c', displayName: 'No Email' });
    await person.connect();
    await person.expand('Partner OpenID', 'Odd Values');
    await person.expand('Okta', 'Grace Whitfield');
  });
  beforeEach(() => person.setClipboard('untouched'));
  after(() => person.end());

  const provider = (name: string) =>
    person.simulator.accounts[0]?.identityProviders.find((candidate) => candidate.name === name) ?? assert.fail(name);
  const row = (text: string) => person.window.row(text).first();
  const okta = (i: number) => provider('Okta').user(i);

  /** What the status bar says comes after what is in the clipboard, and stays a while: so it is waited for first. */
  async function copied(value: string | undefined, words: string | RegExp): Promise<void> {
    await until(`${value ?? ''} in the clipboard`, async () => (await person.clipboard()) === value);
    await person.status(words);
  }

  it('copies the id with the button on the row', async () => {
    await person.button(row('Grace Whitfield'), 'Copy User ID');
    await copied(okta(0).id ?? '', 'Copied user ID (cf_resource_id) of');
    assert.equal(await person.tabs.count(), 0, 'the button does not open the user as well');
  });

  it('copies each kind of value from the context menu, and says which it was', async () => {
    await person.chooseFromContextMenu(row('Jürgen Müller'), 'Copy User ID');
    await copied(okta(1).id ?? '', 'Copied user ID (cf_resource_id) of');
    await person.chooseFromContextMenu(row('Jürgen Müller'), 'Copy Email');
    await copied('jurgen.muller@example.com', 'Copied email of');
    await person.chooseFromContextMenu(row('Jürgen Müller'), 'Copy External ID');
    await copied(okta(1).externalId ?? '', 'Copied external ID (idp_resource_id) of');
  });

  it('copies the id of a provider', async () => {
    await person.chooseFromContextMenu(row('Okta'), 'Copy Identity Provider ID');
    await copied(provider('Okta').id, 'Copied the identity provider ID');
  });

  it('copies several selected rows, one value a line', async () => {
    await row('Grace Whitfield').click();
    await row("Lucas O'Connor").click({ modifiers: ['Control'] });
    await until('both selected', async () => (await person.sideBar.locator('[aria-selected="true"]').count()) >= 2);
    await person.chooseFromContextMenu(row("Lucas O'Connor"), 'Copy User ID');
    const both = [okta(0).id, okta(5).id].join('\n');
    await copied(both, 'Copied user ID (cf_resource_id) of 2 users');
  });

  it('copies a row outside the selection alone', async () => {
    await person.chooseFromContextMenu(row('Jürgen Müller'), 'Copy User ID');
    await copied(okta(1).id ?? '', 'Copied user ID');
  });

  it('warns of what an eye does not see in a value, and copies it as it is', async () => {
    await person.scrollTo(row('Odd Values'));
    await person.chooseFromContextMenu(row('Odd Values'), 'Copy User ID');
    await copied('a0eebc99\u200B-9c0b', /Copied user ID .*Warning: it contains invisible characters \(U\+200B\)/);
    await person.chooseFromContextMenu(row('Odd Values'), 'Copy Email');
    await copied(
      'odd.values@example.com\nbcc: everyone@example.com',
      /Copied email .*Warning: it contains a line break \(U\+000A\)/,
    );
    assert.doesNotMatch(plain((await person.rows()).join()), /\u200B/);
  });

  it('says in words that there is nothing to copy, and leaves the clipboard alone', async () => {
    await person.scrollTo(row('No Email'));
    await person.chooseFromContextMenu(row('No Email'), 'Copy Email');
    await person.window
      .toast(
        'No email of this user can be read, so there is nothing to copy. Open the user to see what Cloudflare sent.',
      )
      .waitFor();
    assert.equal(await person.clipboard(), 'untouched');
    assert.deepEqual(await person.takeNotifications(), [
      'No email of this user can be read, so there is nothing to copy. Open the user to see what Cloudflare sent.',
    ]);
  });

  it('shows no notification or dialog that was not expected', () => person.seesNothingElse());
});
