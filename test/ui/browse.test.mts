import assert from 'node:assert/strict';
import { calm, Person, plain } from '../support/browser/person.mts';
import { until } from '../support/until.mts';

describe('browsing, in a window', () => {
  let person: Person;

  before(async () => {
    person = await Person.start();
    await person.connect();
    person.simulator.requests.length = 0;
  });
  after(() => person.end());

  const pagesRead = () =>
    person.simulator.requests.filter(({ path }) => path.includes('/scim/users')).map((r) => r.page);
  const row = (text: string) => person.window.row(text).first();

  /** Up from the end of the tree, as one does who knows that the row is near it. */
  async function goUpTo(text: string): Promise<void> {
    await person.press('End');
    await until(`the focus on ${text}`, async () => {
      if ((await person.focusedRow.innerText()).includes(text)) return true;
      await person.press('ArrowUp');
      return false;
    });
  }

  it('shows every provider with its type, in the order of the account, with SCIM off as a leaf', async () => {
    await row('Legacy SAML').waitFor();
    await calm('the rows', async () => (await person.rows()).join());
    assert.deepEqual(await person.rows(), [
      'Okta | SCIM',
      'Entra ID | SCIM',
      'Workshop SAML | SCIM',
      'Partner OpenID | OpenID Connect · SCIM',
      'One-time PIN | SCIM off',
      'Legacy SAML | SCIM off',
    ]);
    const account = person.simulator.accounts[0]?.name ?? '';
    await person.sideBar.locator('.message').filter({ hasText: account }).waitFor();
    assert.equal(await row('Okta').getAttribute('aria-expanded'), 'false');
    assert.equal(await row('Legacy SAML').getAttribute('aria-expanded'), null);
    await row('Legacy SAML').click();
    assert.deepEqual(pagesRead(), []);
  });

  it('reads the first page only when a provider is unfolded', async () => {
    await row('Okta').click();
    await row('Grace Whitfield').waitFor();
    assert.deepEqual(pagesRead(), [1]);
    const first = 'Grace Whitfield | grace.whitfield@example.com';
    await until('the folder and her below the provider', async () => {
      const [, folder, user] = await person.rows();
      return folder?.startsWith('Groups') && user === first;
    });
    const counted = 'Okta | SCIM · 2,000 users · 100 loaded';
    await until('the counts of the provider', async () => (await person.rows())[0] === counted);
  });

  it('says inactive in words', async () => {
    await row("Lucas O'Connor").waitFor();
    const shown = "Lucas O'Connor | inactive · lucas.oconnor@example.com";
    await until('him as inactive', async () => (await person.rows()).includes(shown));
    assert.match((await row("Lucas O'Connor").getAttribute('aria-label')) ?? '', /inactive/);
  });

  it('names every id by its kind when the mouse rests on a row, and holds no link', async () => {
    await row('Grace Whitfield').hover();
    const hover = person.hover.filter({ hasText: 'Name:' });
    await hover.waitFor();
    const user = person.simulator.accounts[0]?.identityProviders[0]?.user(0);
    const lines = plain(await hover.innerText()).split('\n');
    assert.ok(lines.includes(`User ID (Cloudflare, cf_resource_id): ${user?.id ?? ''}`));
    assert.ok(lines.includes(`External ID (identity provider, idp_resource_id): ${user?.externalId ?? ''}`));
    assert.equal(await hover.locator('a').count(), 0);
    await person.page.mouse.move(700, 400);
    await hover.waitFor({ state: 'hidden' });
  });

  it('loads the next page on Enter and puts the focus on its first row; the rest of the tree stays as it was', async () => {
    await row('Entra ID').waitFor({ state: 'hidden' });
    await goUpTo('Partner OpenID');
    await person.press('ArrowRight');
    await row('No users synced yet').waitFor();

    await goUpTo('Load more… (100 of 2,000)');
    await person.press('Enter');
    const first = person.simulator.accounts[0]?.identityProviders[0]?.user(100).displayName ?? '';
    await person.focusedRow.filter({ hasText: first }).waitFor();
    assert.ok(await person.focusedRow.isVisible());
    await until('it in sight', async () => {
      const [seen, tree] = [await person.focusedRow.boundingBox(), await person.sideBar.boundingBox()];
      return seen && tree && seen.y >= tree.y && seen.y + seen.height <= tree.y + tree.height;
    });
    assert.deepEqual(pagesRead().filter((page) => page === 2).length, 1);

    await goUpTo('Load more… (200 of 2,000)');
    await row('No users synced yet').waitFor();
  });

  it('leads to the search after 1,000 users', async () => {
    for (let loaded = 200; loaded < 1000; loaded += 100) {
      await goUpTo(`(${loaded} of 2,000)`);
      await person.press('Enter');
      await until('the focus on a user', async () => !(await person.focusedRow.innerText()).includes('Load'));
    }
    await goUpTo('Search all 2,000…');
    await person.press('Enter');
    await person.window.quickInput.title.filter({ hasText: 'Search Users' }).waitFor();
    await person.press('Escape');
    await person.window.quickInput.widget.waitFor({ state: 'hidden' });
  });

  it('folds everything away with one button', async () => {
    await person.button(person.sideBar, 'Collapse All');
    await until('six rows', async () => (await person.rows()).length === 6);
  });

  it('shows what a user lacks in words, and opens nothing for a user without an id', async () => {
    await person.expand('Workshop SAML', 'John Smith');
    const withoutId = person.window.row('no ID').first();
    await person.scrollTo(withoutId);
    await withoutId.click();
    await person.focusedRow.filter({ hasText: 'no ID' }).waitFor();
    assert.equal(await person.tabs.count(), 0);
    assert.equal(await withoutId.getByRole('button', { name: 'Copy User ID' }).count(), 0);
  });

  it('shows hostile names as text', async () => {
    await person.scrollTo(row('<img src=x'));
    const shown = await calm('the rows', async () => (await person.rows()).join('\n'));
    assert.match(shown, /\$\(zap\) Zed/);
    assert.match(shown, /\[click\]\(command:workbench\.action\.quit\)/);
    assert.match(shown, /Anna \[U\+202E\]gnp\.exe/);
    assert.match(shown, /First line\[U\+000A\]Second line/);
    assert.equal(await person.sideBar.locator('.codicon-zap, img, a[href]').count(), 0);

    await row('[click]').hover();
    const hover = person.hover.filter({ hasText: 'Name:' });
    await hover.filter({ hasText: '[click](command:workbench.action.quit)' }).waitFor();
    assert.equal(await hover.locator('a').count(), 0);
    await person.page.mouse.move(700, 400);
    await hover.waitFor({ state: 'hidden' });
  });

  it('shows no notification or dialog that was not expected', () => person.seesNothingElse());
});
