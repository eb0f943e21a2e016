import assert from 'node:assert/strict';
import { Person, plain } from '../support/browser/person.mts';
import { until } from '../support/until.mts';

describe('searching, in a window', () => {
  let person: Person;

  before(async () => {
    person = await Person.start();
    await person.connect();
    await person.window.row('Okta').first().click();
    await person.window.row('Grace Whitfield').waitFor();
  });
  afterEach(async () => {
    person.simulator.faults.clear();
    await person.press('Escape');
    await person.window.quickInput.widget.waitFor({ state: 'hidden' });
  });
  after(() => person.end());

  const provider = (name: string) =>
    person.simulator.accounts[0]?.identityProviders.find((candidate) => candidate.name === name) ?? assert.fail(name);
  const found = (text: string | RegExp) => person.window.quickInput.row(text).first();

  async function openSearch(): Promise<void> {
    await person.window.command('SCIM Explorer: Search Users…');
    await person.window.quickInput.title.filter({ hasText: 'Search Users' }).waitFor();
  }

  it("opens with the button in the view's title, finds a user nobody loaded by email, and opens it with Enter", async () => {
    const user = provider('Entra ID').user(54_321);
    await person.button(person.sideBar, 'Search Users…');
    await person.window.quickInput.title.filter({ hasText: 'Search Users' }).waitFor();
    await person.type(user.emails?.[0]?.value ?? '');
    await found(user.displayName ?? '').waitFor();
    await person.acceptRow(found(/Entra ID.? · (active|inactive)/));
    await person.activeTab.filter({ hasText: user.displayName ?? '' }).waitFor();
    await until('the user', async () => (await person.window.editorText()).includes(user.id ?? '-'));
  });

  it('says that a username matched, which cannot be seen', async () => {
    await openSearch();
    await person.type(provider('Entra ID').userName(70_000));
    await found('matched by username').waitFor();
  });

  it('finds a pasted id, shows it, and highlights it', async () => {
    const user = provider('Entra ID').user(99_999);
    await openSearch();
    await person.setClipboard(user.id ?? '');
    await person.press('Control+V');
    await found(user.displayName ?? '').waitFor();
    await found('')
      .locator('.highlight')
      .filter({ hasText: user.id ?? '-' })
      .waitFor();
  });

  it('answers from what is loaded, and highlights the part that was typed', async () => {
    await openSearch();
    await person.type('hitfiel');
    await found('Grace Whitfield').waitFor();
    await found('Grace Whitfield')
      .locator('.label-name .highlight')
      .filter({ hasText: /^hitfiel$/ })
      .waitFor();
    await found(/grace\.whitfield@example\.com[^]*Okta.? · active/).waitFor();
  });

  it('says which provider could not be searched while the rows of the others stand, and Enter tries again', async () => {
    person.simulator.faults.add({
      when: { path: provider('Entra ID').id },
      effect: { kind: 'htmlPage', status: 502 },
    });
    await openSearch();
    await person.type('grace.whitfield@example.com');
    await found('Entra ID could not be searched').waitFor();
    await found('Grace Whitfield').waitFor();
    await found(/could not be searched[^]*No answer from the API/).waitFor();
    assert.equal(await found('could not be searched').locator('.codicon-error').count(), 1);

    person.simulator.faults.clear();
    await until('the light on the failure', async () => {
      if ((await found('could not be searched').getAttribute('aria-selected')) === 'true') return true;
      const classes = (await found('could not be searched').getAttribute('class')) ?? '';
      if (classes.split(' ').includes('focused')) return true;
      await person.press('ArrowDown');
      return false;
    });
    await person.press('Enter');
    await found('could not be searched').waitFor({ state: 'hidden' });
    await found('Grace Whitfield').waitFor();
  });

  it('says which fields were compared where nobody is found', async () => {
    await openSearch();
    await person.type('nobody@example.com');
    await found('Cloudflare compared the whole email or username and found nobody').waitFor();
    const rows = plain((await person.window.quickInput.rows().allInnerTexts()).join('\n'));
    assert.match(rows, /Not among the [\d,]+ users loaded; \d director(y is|ies are) not loaded completely/);
    assert.match(rows, /Load the Rest \([\d,]+ requests\)/);
    assert.doesNotMatch(rows, /not exist/);
  });

  it('shows hostile names as text', async () => {
    await person.scrollTo(person.window.row('Workshop SAML'));
    await person.window.row('Workshop SAML').click();
    await until('the list', () =>
      person.simulator.requests.some(({ path }) => path.includes(provider('Workshop SAML').id)),
    );
    await openSearch();
    for (const [typed, shown] of [
      ['zap', '$(zap) Zed'],
      ['[click', '[click](command:workbench.action.quit)'],
      ['gnp', 'Anna [U+202E]gnp.exe'],
      ['onerror', '<img src=x onerror=alert(1)> & "co"'],
    ] as const) {
      await person.press('Control+A');
      await person.type(typed);
      await found(shown).waitFor();
    }
    await person.press('Control+A');
    await person.type('no$(zap)[x](command:y)one');
    await found('Ask Cloudflare for "no$(zap)[x](command:y)one').waitFor();
    const { widget } = person.window.quickInput;
    assert.equal(await widget.locator('.codicon-zap, img, .quick-input-list a[href]').count(), 0);
  });

  it("copies the id with a row's button, and stays open", async () => {
    await openSearch();
    await person.type('lucas.oconnor@example.com');
    await found("Lucas O'Connor").waitFor();
    await found(/Lucas O'Connor[^]*inactive/).waitFor();
    await person.button(found("Lucas O'Connor"), 'Copy User ID (Alt+C)');
    await person.status('Copied user ID (cf_resource_id) of');
    await until('the id', async () => (await person.clipboard()) === provider('Okta').user(5).id);
    assert.ok(await person.window.quickInput.widget.isVisible());
  });

  it('opens no other user on an Enter right after typing', async () => {
    await person.closeEditors();
    await openSearch();
    await person.type('Whitfield');
    await found('Grace Whitfield').waitFor();
    await person.press('Control+A');
    await person.paste(provider('Okta').user(5).externalId ?? '');
    await person.press('Enter');
    await person.activeTab.filter({ hasText: "Lucas O'Connor" }).waitFor();
    assert.equal(await person.tabs.count(), 1);
  });

  it('stops its requests on Escape', async () => {
    person.simulator.faults.add({ when: { path: '/scim/users' }, effect: { kind: 'hang' } });
    person.simulator.requests.length = 0;
    await openSearch();
    await person.type('someone@example.com');
    await until('requests', () => person.simulator.requests.length > 0);
    await person.press('Escape');
    await person.window.quickInput.widget.waitFor({ state: 'hidden' });
    await until('their end', () => person.simulator.requests.every(({ wasCutOff }) => wasCutOff));
  });

  it('does everything with keys: active users only, where to search, copy, reveal, load the rest', async () => {
    const { quickInput } = person.window;
    await openSearch();
    await person.type('lucas');
    await found("Lucas O'Connor").waitFor();
    await person.press('Alt+a');
    await quickInput.title.filter({ hasText: 'active users only' }).waitFor();
    await found("Lucas O'Connor").waitFor({ state: 'hidden' });
    await person.press('Alt+a');
    await found("Lucas O'Connor").waitFor();

    await person.press('Alt+s');
    await quickInput.title.filter({ hasText: 'Filter by Identity Provider' }).waitFor();
    await person.type('okta');
    await quickInput.row('Okta').waitFor();
    await person.press('Enter');
    await quickInput.title.filter({ hasText: /only .?Okta/ }).waitFor();
    await found("Lucas O'Connor").waitFor();

    await person.press('Alt+l');
    await quickInput.message.filter({ hasText: /Okta.?: all 2,000/ }).waitFor();
    await person.setClipboard('');
    await until('the lit row', async () => (await quickInput.widget.locator('.monaco-list-row.focused').count()) === 1);
    await person.press('Alt+c');
    await person.status('Copied user ID (cf_resource_id) of');
    await until('the id', async () => (await person.clipboard()) === provider('Okta').user(5).id);
    await person.press('Alt+v');
    await quickInput.widget.waitFor({ state: 'hidden' });
    await person.focusedRow.filter({ hasText: "Lucas O'Connor" }).waitFor();
  });

  it('repeats a recent search from the empty box', async () => {
    const { quickInput } = person.window;
    await openSearch();
    const past = quickInput.row('lucas').filter({ hasText: 'recent searches' }).first();
    await past.waitFor();
    const lit = quickInput.widget.locator('.monaco-list-row.focused');
    await until('the lit row', async () => (await lit.count()) === 1);
    for (let i = 0; i < 12 && !(await lit.innerText()).includes('recent searches'); i++) {
      await person.press('ArrowDown');
    }
    await person.press('Enter');
    await until('the text', async () => (await quickInput.input.inputValue()) === 'lucas');
    await found("Lucas O'Connor").waitFor();
  });

  it('has the same in the title, with the mouse', async () => {
    const { quickInput } = person.window;
    await openSearch();
    await quickInput.widget.getByRole('button', { name: /Active Users Only: Off/ }).click();
    await quickInput.title.filter({ hasText: 'active users only' }).waitFor();
    await quickInput.widget.getByRole('button', { name: /Filter by Identity Provider/ }).click();
    await quickInput.title.filter({ hasText: 'Filter by Identity Provider' }).waitFor();
    await quickInput.widget.getByRole('button', { name: 'Back' }).click();
    await quickInput.title.filter({ hasText: 'Search Users' }).waitFor();
  });

  it('shows no notification or dialog that was not expected', () => person.seesNothingElse());
});
