import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Person } from '../support/browser/person.mts';
import { until } from '../support/until.mts';
import { untilRemembered } from '../support/browser/remembered.mts';

describe('several accounts, in a window', () => {
  let person: Person;
  let token: string;
  /** One that nobody knows. */
  const environmentToken = randomBytes(20).toString('hex');

  before(async () => {
    person = await Person.start({ env: { CLOUDFLARE_API_TOKEN: environmentToken } });
    token = person.simulator.issueToken();
  });
  after(() => person.end());

  const row = (text: string | RegExp) => person.window.row(text).first();
  const user = (account: number, provider: number, i: number) =>
    person.simulator.accounts[account]?.identityProviders[provider]?.user(i) ?? assert.fail();

  /** After connecting the view takes the focus, which closes menus. */
  async function untilInView(first: string): Promise<void> {
    await person.focusedRow.filter({ hasText: first }).waitFor();
  }

  async function beginConnecting(): Promise<void> {
    await person.window.command('SCIM Explorer: Connect to a Cloudflare Account…');
    await step('(1/2)');
  }

  async function step(count: string): Promise<void> {
    await person.window.quickInput.title.filter({ hasText: count }).waitFor();
  }

  async function untilTyped(text: string): Promise<void> {
    const { input } = person.window.quickInput;
    await until('what was typed in the box', async () => (await input.inputValue()) === text);
  }

  /** Presses the button of the question that this is asked in. */
  async function confirmDisconnecting(question: string): Promise<void> {
    const { dialog } = person.window;
    await dialog.filter({ hasText: question }).filter({ hasText: 'cannot be read again anywhere' }).waitFor();
    await dialog.getByRole('button', { name: 'Disconnect', exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
  }

  /** Whether the palette has a command. */
  async function paletteHas(title: string): Promise<boolean> {
    const { quickInput } = person.window;
    await person.press('F1');
    // A command that is always there, so that an empty answer is no early one.
    await quickInput.input.fill('>SCIM Explorer: Disconnect');
    await quickInput.row('SCIM Explorer: Disconnect').first().waitFor();
    const titles = await quickInput.rows().allInnerTexts();
    await person.press('Escape');
    return titles.some((text) => text.includes(title));
  }

  it('offers the token of the environment, and takes it only when asked to', async () => {
    const { quickInput } = person.window;
    await person.window.activity('SCIM Explorer');
    await person.connectButton.click();
    await step('(1/2)');
    assert.equal(await quickInput.input.inputValue(), '');
    await quickInput.button('Use CLOUDFLARE_API_TOKEN from the environment').click();
    await untilTyped(environmentToken);
    assert.deepEqual(person.simulator.requests, [], 'nothing is sent before Enter');

    await quickInput.input.focus();
    await person.press('Control+A');
    await person.paste(token);
    await person.press('Enter');
    await quickInput.row('Northwind Engineering').click();
    await person.status(`Connected to Northwind Engineering`);
    await row('Legacy SAML').waitFor();
    await person.focusedRow.first().waitFor();
    assert.equal(await paletteHas('SCIM Explorer: Disconnect All'), false, 'with one account');
  });

  it('takes an API email and key by keyboard alone, and Back keeps what was typed', async () => {
    const { quickInput } = person.window;
    const { email, key } = person.simulator.issueApiKey();
    await beginConnecting();
    await quickInput.row('Use the token of').filter({ hasText: 'Northwind Engineering' }).waitFor();
    await quickInput.row('Use another token…').click();
    await quickInput.message.filter({ hasText: 'Paste an API token' }).waitFor();
    await person.paste(key);
    await person.press('Enter');
    await step('(1/3)');
    await person.type('admin');
    await quickInput.message.filter({ hasText: 'This is not an email address.' }).waitFor();
    await person.press('Control+A');
    await person.type(email);
    await person.press('Enter');
    await step('(2/3)');
    await until('hidden text', async () => (await quickInput.input.getAttribute('type')) === 'password');
    await untilTyped(key);

    // VS Code's own key for Back, on Linux.
    await person.press('Control+Alt+Minus');
    await step('(1/3)');
    await untilTyped(email);
    await person.press('Enter');
    await step('(2/3)');
    await untilTyped(key);
    await person.press('Enter');
    await step('(3/3)');
    // VS Code keeps texts of earlier rows in the page, hidden.
    await quickInput.row('Harbour Lane Clinics').first().waitFor();
    await person.type('harbour');
    await person.press('Enter');
    await person.status(`Connected to Harbour Lane Clinics`);
    await row('Harbour Lane Clinics').waitFor();
    await until('both accounts, in the order they were connected', async () => {
      const labels = (await person.rows()).map((text) => text.split(' | ')[0] ?? '');
      return (
        labels.filter((label) => /^(Northwind|Harbour)/.test(label)).join() ===
        'Northwind Engineering,Harbour Lane Clinics'
      );
    });
    await untilInView('Harbour Lane Clinics');
    await row('Clinic sign-in').waitFor();
    assert.equal(await paletteHas('SCIM Explorer: Disconnect All'), true, 'with two accounts');
  });

  it('gives an account the name that the person wants', async () => {
    await untilInView('Harbour Lane Clinics');
    await person.chooseFromContextMenu(row('Harbour Lane Clinics'), 'Rename Account…');
    await person.window.quickInput.title.filter({ hasText: 'Rename Account' }).waitFor();
    await untilTyped('Harbour Lane Clinics');
    await person.press('Control+A');
    await person.type('Clinics (production)');
    await person.press('Enter');
    await row('Clinics (production)').waitFor();
    await row('Harbour Lane Clinics').waitFor({ state: 'hidden' });
  });

  it('searches all of them at once', async () => {
    const { quickInput } = person.window;
    const title = quickInput.title.filter({ hasText: 'Search Users' });
    for (const sought of [user(0, 1, 777), user(1, 0, 200)]) {
      await person.window.command('SCIM Explorer: Search Users…');
      await title.waitFor();
      await person.type(sought.emails?.[0]?.value ?? '-');
      await quickInput
        .row(sought.displayName ?? '-')
        .first()
        .waitFor();
      await person.press('Escape');
      // Until then, the key may close what the next round opens.
      await quickInput.widget.waitFor({ state: 'hidden' });
    }
  });

  it('has all of it again after the window is loaded anew', async () => {
    await untilRemembered(person.page, ['Northwind Engineering', 'Clinics (production)']);
    await person.window.reload();
    await person.window.activity('SCIM Explorer');
    await person.unfold(row('Clinics (production)'), row('Device directory'));
  });

  it('keeps what was loaded when a token is revoked, and connects that account again, and no other', async () => {
    const { quickInput } = person.window;
    await person.unfold(row('Northwind Engineering'), row('Legacy SAML'));
    person.simulator.revokeToken(token);
    await person.button(person.sideBar, 'Refresh All');
    const rejected = row('Northwind Engineering').filter({ hasText: 'Token no longer works — Reconnect' });
    await rejected.waitFor();
    assert.equal(await row('Legacy SAML').count(), 1, 'still there');
    assert.equal(await person.page.locator('.notification-toast').count(), 0);

    await rejected.click();
    await step('(1/2)');
    token = person.simulator.issueToken();
    await person.paste(token);
    await person.press('Enter');
    await step('(2/2)');
    await quickInput.row('Northwind Engineering').waitFor();
    assert.equal(await quickInput.rows().count(), 1);
    await person.press('Enter');
    await person.status(`Connected to Northwind Engineering`);
    await rejected.waitFor({ state: 'hidden' });
  });

  it('disconnects one, then all', async () => {
    await beginConnecting();
    await person.window.quickInput.row('Use the token of').filter({ hasText: 'Northwind Engineering' }).click();
    await step('(2/2)');
    await person.window.quickInput.row('Quiet Meadow Studio').first().click();
    await person.status(`Connected to Quiet Meadow Studio`);
    await untilInView('Quiet Meadow Studio');
    await person.scrollTo(row('Quiet Meadow Studio'));
    await person.chooseFromContextMenu(row('Quiet Meadow Studio'), 'Disconnect');
    await confirmDisconnecting(`Disconnect from Quiet Meadow Studio?`);
    await person.status(`Disconnected from Quiet Meadow Studio; token removed from this computer`);
    await row('Quiet Meadow Studio').waitFor({ state: 'hidden' });
    assert.equal(await person.window.row('Clinics (production)').count(), 1);

    await person.window.command('SCIM Explorer: Disconnect All');
    await confirmDisconnecting('Disconnect from all 2 accounts?');
    await person.status('Disconnected from 2 accounts; tokens removed from this computer');
    await person.connectButton.waitFor();
    await person.sideBar.filter({ hasText: 'You need an API token' }).waitFor();
  });

  it('shows no notification or dialog that was not expected', () => person.seesNothingElse());
});
