import assert from 'node:assert/strict';
import { Person } from '../support/browser/person.mts';
import { until } from '../support/until.mts';
import { untilRemembered } from '../support/browser/remembered.mts';

describe('connecting, in a window', () => {
  let person: Person;

  before(async () => {
    person = await Person.start();
  });
  after(() => person.end());

  it('begins with a welcome that says what is needed, and sends nothing', async () => {
    await person.window.activity('SCIM Explorer');
    await person.connectButton.waitFor();
    await person.sideBar
      .filter({ hasText: /You need an API token[^]*stored in VS Code's secret storage[^]*sent only to the address/ })
      .waitFor();
    assert.deepEqual(person.simulator.requests, []);
  });

  it('asks for a token hidden from eyes, names the permission and links to the form for such a token', async () => {
    const { quickInput } = person.window;
    await person.connectButton.click();
    await quickInput.title.filter({ hasText: 'Connect to a Cloudflare Account (1/2)' }).waitFor();
    await until('hidden text', async () => (await quickInput.input.getAttribute('type')) === 'password');
    await quickInput.message
      .filter({ hasText: '"Access: Organizations, Identity Providers, and Groups Read"' })
      .waitFor();
    const { host } = new URL(person.simulator.baseUrl);
    await quickInput.message.filter({ hasText: `Warning: it is sent to http://${host}, and not to api.` }).waitFor();
    const link = quickInput.message.getByRole('link', { name: 'Create such a token in the dashboard' });
    assert.match((await link.getAttribute('href')) ?? '', /^https:\/\/dash\.cloudflare\.com\/profile\/api-tokens\?/);
    await quickInput.button(/Open Cloudflare's form for a new token/).waitFor();
  });

  it('tells a Global API Key from a token, sends it nowhere, and leads to where it belongs and back', async () => {
    const { quickInput } = person.window;
    await person.type('0123456789abcdef'.repeat(3).slice(0, 37));
    await quickInput.message.filter({ hasText: 'This is a Global API Key' }).waitFor();
    await person.press('Enter');
    await quickInput.message
      .filter({ hasText: 'Legacy: a Global API Key can do everything in your account' })
      .waitFor();
    assert.deepEqual(person.simulator.requests, []);
    await quickInput.button('Back').click();
    await quickInput.message.filter({ hasText: 'Paste an API token' }).waitFor();
  });

  it('says in the box that a token is wrong, and takes the right one in its place', async () => {
    const { quickInput } = person.window;
    const wrong = person.simulator.issueToken();
    person.simulator.revokeToken(wrong);
    await person.press('Control+A');
    await person.paste(wrong);
    await person.press('Enter');
    await quickInput.message.filter({ hasText: 'Cloudflare does not know this token.' }).waitFor();
    assert.equal(await quickInput.input.inputValue(), wrong, 'what was pasted stays');

    await person.press('Control+A');
    await person.paste(person.simulator.issueToken());
    await person.press('Enter');
    await quickInput.title.filter({ hasText: '(2/2)' }).waitFor();
    const names = ['Northwind Engineering', 'Harbour Lane Clinics', 'Quiet Meadow Studio', 'Enter an account ID…'];
    for (const name of names) await quickInput.row(name).waitFor();
  });

  it('goes back to the token, which is still there, and forward again', async () => {
    const { quickInput } = person.window;
    await quickInput.button('Back').click();
    await quickInput.title.filter({ hasText: '(1/2)' }).waitFor();
    await until('the token', async () => (await quickInput.input.inputValue()).startsWith('cfut_'));
    await person.press('Enter');
    await quickInput.title.filter({ hasText: '(2/2)' }).waitFor();
  });

  it('shows the providers of the account that was picked by its name, and confirms it', async () => {
    await person.type('northw');
    await person.press('Enter');
    await person.status(`Connected to Northwind Engineering`);
    await person.window.row('Workshop SAML').waitFor();
    await person.connectButton.waitFor({ state: 'hidden' });
  });

  it('asks in a modal dialog on Disconnect, and changes nothing where it is cancelled', async () => {
    const { dialog } = person.window;
    await person.window.row('Okta').first().click();
    await person.window.row('Grace Whitfield').dblclick();
    await untilRemembered(person.page, ['"accountName":"Northwind Engineering"']);
    await until('the user', async () => (await person.window.editorText()).includes('"Grace Whitfield"'));
    await person.window.command('SCIM Explorer: Disconnect');
    await dialog.filter({ hasText: `Disconnect from Northwind Engineering?` }).waitFor();
    await dialog.filter({ hasText: 'cannot be read again anywhere' }).waitFor();
    await person.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    assert.equal(await person.tabs.count(), 1);
    assert.equal(await person.window.row('Grace Whitfield').count(), 1);
  });

  it('forgets the account on Disconnect: its tabs are closed, the welcome is back, also after a reload', async () => {
    await person.window.command('SCIM Explorer: Disconnect');
    await person.window.dialog.getByRole('button', { name: 'Disconnect', exact: true }).click();
    await person.status('token removed from this computer');
    await person.connectButton.waitFor();
    await until('no tab', async () => (await person.tabs.count()) === 0);

    // VS Code remembers the title of a tab until it writes down that the tab is closed.
    await untilRemembered(person.page, [], ['"accountName":"Northwind Engineering"', 'Grace Whitfield']);
    await person.window.reload();
    await person.window.activity('SCIM Explorer');
    await person.connectButton.waitFor();
    assert.equal(await person.tabs.count(), 0);
  });

  it('takes an account-owned token with the account id typed by hand, looked at while it is typed', async () => {
    const { quickInput } = person.window;
    const { id } = person.simulator.accounts[0] ?? assert.fail();
    await person.connectButton.click();
    await quickInput.title.filter({ hasText: '(1/2)' }).waitFor();
    await person.paste(person.simulator.issueToken({ kind: 'account', account: id }));
    await person.press('Enter');
    await quickInput.title.filter({ hasText: '(2/2)' }).waitFor();
    await quickInput.message.filter({ hasText: 'Enter the account ID' }).waitFor();

    await person.type('account');
    await quickInput.message.filter({ hasText: 'only the digits 0 to 9 and the letters a to f' }).waitFor();
    await person.press('Control+A');
    await person.type('abc');
    await quickInput.message.filter({ hasText: 'this one has 3.' }).waitFor();
    await person.press('Control+A');
    await person.paste(id);
    await quickInput.message.filter({ hasText: 'An account ID has' }).waitFor({ state: 'hidden' });
    await person.press('Enter');
    await person.window.row('Workshop SAML').waitFor();
    await person.status(`Connected to ${id}`);
    // The view takes the focus then.
    await person.focusedRow.first().waitFor();
  });

  it('shows no notification or dialog that was not expected', () => person.seesNothingElse());
});
