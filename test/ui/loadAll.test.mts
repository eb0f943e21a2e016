import assert from 'node:assert/strict';
import { Person } from '../support/browser/person.mts';
import { until } from '../support/until.mts';

describe('loading all users, in a window', () => {
  let person: Person;

  before(async () => {
    person = await Person.start();
    await person.connect();
  });
  after(() => person.end());

  const row = (text: string) => person.window.row(text).first();
  const entra = () =>
    person.simulator.accounts[0]?.identityProviders.find(({ name }) => name === 'Entra ID') ?? assert.fail();
  const toast = () => person.page.locator('.notification-toast').filter({ hasText: 'Loading all users of' });
  const asked = () =>
    person.simulator.requests.filter(({ path }) => path.includes(entra().id)).map(({ query }) => query);

  async function openSearch(): Promise<void> {
    await person.window.command('SCIM Explorer: Search Users…');
    await person.window.quickInput.title.filter({ hasText: 'Search Users' }).waitFor();
  }

  it('shows how far it is, and keeps what came when it is cancelled', async () => {
    person.simulator.latencyMs = 100;
    await person.chooseFromContextMenu(row('Entra ID'), 'Load All Users');
    await toast()
      .filter({ hasText: /[\d,]+ of 100,000 · [\d,]+ a second · \d+ s left/ })
      .waitFor();
    await toast().getByRole('button', { name: 'Cancel' }).click();
    await person.status(/[\d,]+ users of .?Entra ID.? are loaded; the next load continues there/);
    const pages = asked().length;
    assert.ok(pages > 1 && pages < 900, `${pages} pages`);
  });

  it('goes on there, and leaves the tree as it was', async () => {
    person.simulator.latencyMs = 0;
    const before = asked().length;
    await person.chooseFromContextMenu(row('Entra ID'), 'Load All Users');
    await person.status(/Loaded all 100,000 users of .?Entra ID/);
    const pages = asked().map((query) => Number(query.get('page')));
    assert.ok(
      pages.slice(before).every((page) => page > 1),
      'nothing that came is asked for again',
    );
    await row('Entra ID').click();
    await row(entra().user(0).displayName ?? '-').waitFor();
    assert.equal(asked().length, pages.length, 'the first page is here already');
  });

  it('then finds anyone by a part of the name or email', async () => {
    const { displayName, emails } = entra().user(98_765);
    const part = emails?.[0]?.value?.split('@')[0]?.slice(1) ?? '';
    await openSearch();
    await person.type(part);
    await person.window.quickInput
      .row(displayName ?? '-')
      .first()
      .waitFor();
    await person.window.quickInput.message.filter({ hasText: /Entra ID.?: all 100,000 \(\d\d:\d\d\)/ }).waitFor();
    const rows = await person.window.quickInput.rows().count();
    assert.ok(rows > 0);
    await person.press('Escape');
  });

  it('shows a hundred rows of very many, and says so', async () => {
    await openSearch();
    await person.type('example');
    const last = person.window.quickInput.row('1,000+ match: type more to narrow it down');
    await until('the last row', async () => {
      // Up from the first row, which new rows make the focused one.
      await person.press('Home', 'ArrowUp');
      return (await last.count()) > 0;
    });
    await person.press('Escape');
  });

  it('reads well to a screen reader: each row says name, email, identity provider and status', async () => {
    await openSearch();
    await person.type('grace whitfield');
    const first = person.window.quickInput.row('Grace Whitfield').first();
    await first.waitFor();
    const label = await until('a label', () => first.getAttribute('aria-label'));
    assert.match(label, /Grace Whitfield.*grace\.whitfield@example\.com.*Entra ID.*active/);
    await person.press('Escape');
  });

  it('shows no notification or dialog that was not expected', () => person.seesNothingElse());
});

describe('loading more than a window of the rate limit allows, in a window', () => {
  let person: Person;

  before(async () => {
    person = await Person.start({ settings: { 'scimExplorer.rateLimitReserve': 90 } });
    person.simulator.rateLimits = 'cloudflare';
    await person.connect();
  });
  after(() => person.end());

  it('says beforehand how long it will take, and sends nothing where that is declined', async () => {
    const { id } = person.simulator.accounts[0]?.identityProviders[1] ?? assert.fail();
    await person.chooseFromContextMenu(person.window.row('Entra ID').first(), 'Load All Users');
    await person.window.dialog
      .filter({ hasText: /Load all users of .?Entra ID.?: [\d,]+ now, the rest in about \d+ minutes\?/ })
      .waitFor();
    assert.equal(await person.page.locator('.notification-toast').count(), 0, 'no toast is behind the dialog');
    await person.window.dialog.getByRole('button', { name: 'Cancel' }).click();
    await person.window.dialog.waitFor({ state: 'hidden' });
    assert.equal(
      person.simulator.requests.filter(({ path }) => path.includes(id)).length,
      1,
      'the first page, to know',
    );
  });

  it('shows no notification or dialog that was not expected', () => person.seesNothingElse());
});
