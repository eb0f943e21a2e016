import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { SearchPrompt } from '../../src/search/prompt';
import type { SearchBox } from '../../src/search/searchBox';
import { acceptInput, inFrontOfPrompts, type Prompts } from '../support/host/prompts';
import { coverage, idle, light, notedActions, row, seen, type, users } from '../support/host/searchBox';
import { loadSmallDirectories, type Session } from '../support/host/session';
import { until } from '../support/until.mts';

describe('searching, in the extension host', () => {
  let session: Session;
  let prompts: Prompts;
  let done: string[];
  let search: SearchBox;

  inFrontOfPrompts(async (started, opened) => {
    session = started;
    prompts = opened;
    done = [];
    await session.connect();
  });

  async function open(initialText = '', more: Partial<SearchPrompt> = {}) {
    const actions = notedActions(done);
    search = await session.internals.search(
      { title: 'Search Users', initialText, actions, onEnter: actions.open, ...more },
      prompts.window,
    );
    void search.show();
    return prompts.pick(/Search/);
  }

  const filters = () =>
    session.simulator.requests
      .filter(({ path }) => path.includes('/scim/users'))
      .map(({ query }) => [...query.keys()].filter((key) => key !== 'page' && key !== 'per_page').join());

  it('finds by email across all providers without one being opened, and says which it is and whether it is active', async () => {
    const { emails } = session.provider('Entra ID').user(54_321);
    const pick = await open();
    pick.value = emails?.[0]?.value ?? '';
    assert.match(await row(pick, /\| Entra ID/), /\| Entra ID · (active|inactive)$/);
    await idle(pick);
    assert.equal(users(pick).length, 1);
  });

  it('finds by username, and says that the match cannot be seen', async () => {
    const pick = await open();
    pick.value = session.provider('Entra ID').userName(70_000);
    assert.match(await row(pick, /matched by username/), /Entra ID/);
  });

  it('finds a pasted id by cf_resource_id, and asks for idp_resource_id only where that finds nobody', async () => {
    const { id, externalId } = session.provider('Entra ID').user(99_999);
    const pick = await open();
    session.simulator.requests.length = 0;
    pick.value = id ?? '';
    await row(pick, /\| Entra ID/);
    await idle(pick);
    const asked = session.simulator.requests.filter(({ path }) => path.includes(session.provider('Entra ID').id));
    assert.deepEqual(
      asked.map(({ query }) => query.has('cf_resource_id')),
      [true],
    );

    pick.value = externalId ?? '';
    await row(pick, /\| Entra ID/);
    await until('the external id in the row, where VS Code can highlight it', () =>
      seen(pick)[0]?.includes(externalId ?? '-'),
    );
  });

  it('finds an external id that is no UUID', async () => {
    const { externalId, displayName } = session.provider('Okta').user(1234);
    const pick = await open();
    pick.value = externalId ?? '';
    await row(pick, new RegExp(`${displayName ?? 'no name'} .*Okta · `));
  });

  it('answers at once from what is loaded, by any part of name, email and ids, without a request', async () => {
    const { row: okta } = await session.row('Okta');
    await session.rows(okta);
    session.simulator.requests.length = 0;
    session.simulator.faults.add({ effect: { kind: 'hang' } });
    const pick = await open();
    pick.value = 'hitfiel';
    assert.match(await row(pick, /Grace Whitfield/), /grace\.whitfield@example\.com \| Okta · active/);
    pick.value = session.provider('Okta').user(0).id?.slice(9, 23) ?? '';
    await until('one row', () => users(pick).length === 1);
  });

  it('never lets the results of an older text replace those of a newer one', async () => {
    const held = Promise.withResolvers<undefined>();
    session.simulator.faults.add({
      when: { query: { email: 'grace.whitfield@example.com' } },
      effect: { kind: 'hold', until: held.promise },
    });
    const pick = await open();
    pick.value = 'grace.whitfield@example.com';
    await until('the slow request', () => filters().includes('email'));
    pick.value = 'jurgen.muller@example.com';
    await row(pick, /Jürgen Müller/);
    await idle(pick);
    await until('the end of the older request', () => session.simulator.requests.some(({ wasCutOff }) => wasCutOff));
    held.resolve(undefined);
    assert.deepEqual(
      seen(pick).filter((line) => line.includes('Grace')),
      [],
    );
  });

  it('says which provider could not be searched while the rows of the others stand', async () => {
    session.simulator.faults.add({
      when: { path: session.provider('Entra ID').id },
      effect: { kind: 'htmlPage', status: 502 },
    });
    const pick = await open();
    pick.value = 'grace.whitfield@example.com';
    await row(pick, /Grace Whitfield/);
    await row(pick, /Entra ID could not be searched.*No answer from the API/);
    // The rows of a slower identity provider would come between.
    await idle(pick);
    // For 150 ms the first of new rows stays selected: the user aimed at the old ones.
    const { clock } = session.internals;
    const since = clock.now();
    await until('rows that the user has seen', () => clock.now() - since > 150);
    session.simulator.faults.clear();
    // Enter is ignored, and has to be pressed again, where the rows change in that moment.
    await until('the failure to go', async () => {
      await idle(pick);
      const failed = pick.items.findIndex(({ label }) => label.includes('could not be searched'));
      if (failed === -1) return true;
      await light(pick, failed);
      await acceptInput();
      return false;
    });
  });

  it('says which fields were compared when nobody is found, and never that someone does not exist', async () => {
    const pick = await open();
    pick.value = 'Nobody $(zap)';
    await row(pick, /Ask Cloudflare for "Nobody \\\$\(zap\)" \| 8 requests \| compares the whole username or name/);
    await until('the row to be selected', () => pick.activeItems[0]?.label.includes('Ask Cloudflare'));
    assert.match(seen(pick)[0] ?? '', /Not among the 0 users loaded; 4 directories are not loaded completely/);
    await row(pick, /Load the Rest \(at least 4 requests\)/);
    pick.value = 'nobody@example.com';
    await row(pick, /Cloudflare compared the whole email or username and found nobody/);
    assert.deepEqual(
      seen(pick).filter((line) => line.includes('Ask Cloudflare')),
      [],
      'there is nothing more to ask',
    );
  });

  it('keeps the selected row when rows are added below it', async () => {
    const { row: okta } = await session.row('Okta');
    await session.rows(okta);
    const held = Promise.withResolvers<undefined>();
    session.simulator.faults.add({
      when: { path: session.provider('Entra ID').id },
      effect: { kind: 'hold', until: held.promise },
    });
    const pick = await open();
    pick.value = 'lucas.oconnor@example.com';
    await row(pick, /\| Okta · /);
    const before = users(pick).length;
    const lit = await light(pick, 0);
    held.resolve(undefined);
    await row(pick, /\| Entra ID · /);
    assert.ok(users(pick).length > before, 'a row came below');
    assert.equal(pick.activeItems[0], lit);
  });

  it('opens the selected row with Enter', async () => {
    const pick = await open();
    pick.value = 'jurgen.muller@example.com';
    await row(pick, /Jürgen Müller/);
    await until('a lit row', () => pick.activeItems.length > 0);
    await acceptInput();
    await until('the action', () => done.length > 0);
    assert.deepEqual(done, ['open Jürgen Müller']);
  });

  it('keeps an Enter that came before the rows, and opens the only user that is found', async () => {
    const { row: okta } = await session.row('Okta');
    await session.rows(okta);
    const pick = await open();
    pick.value = 'Whitfield';
    await until('rows', () => pick.items.length > 1);
    pick.value = session.provider('Okta').user(5).externalId ?? '';
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    await until('the action', () => done.length > 0);
    assert.deepEqual(done, ["open Lucas O'Connor"]);
  });

  it('opens nobody on an early Enter that finds two users', async () => {
    const { row: okta } = await session.row('Okta');
    await session.rows(okta);
    const pick = await open();
    pick.value = 'Whitfield';
    await until('rows', () => pick.items.length > 1);
    pick.value = 'lucas.oconnor@example.com';
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    await until('both', () => users(pick).length === 2 && !pick.busy);
    assert.deepEqual(done, []);
  });

  it('sends nothing for a single character, and nothing for none', async () => {
    const pick = await open();
    pick.value = 'q';
    await row(pick, /Type one more character/);
    assert.deepEqual(filters(), []);
  });

  it('asks only once for a text that is typed quickly', async () => {
    const text = 'jurgen.muller@example.com';
    await session.rows();
    const clock = session.stopClock();
    const pick = await open();
    for (let i = 1; i <= text.length; i++) {
      await type(pick, text.slice(0, i));
      await clock.move(100);
    }
    assert.deepEqual(filters(), [], 'nothing is sent between two keys');
    await clock.move(400);
    await row(pick, /Jürgen/);
    await idle(pick);
    const asked = session.simulator.requests.flatMap(({ query }) => [...query.values()]);
    assert.ok(asked.includes(text));
    assert.deepEqual(
      asked.filter((value) => value.includes('@') && value !== text),
      [],
    );
  });

  it('keeps the order of rows in a VS Code that sorts them by label', async () => {
    const withoutSwitch = {
      ...prompts.window,
      createQuickPick: <T extends vscode.QuickPickItem>() => {
        const pick = prompts.window.createQuickPick<T>();
        return new Proxy(pick, {
          has: (target, key) => key !== 'sortByLabel' && key in target,
          get: (target, key) => Reflect.get(target, key, target) as unknown,
          set: (target, key, value) => key !== 'sortByLabel' && Reflect.set(target, key, value, target),
        });
      },
    };
    const actions = notedActions(done);
    const search = await session.internals.search(
      { title: 'Search Users', initialText: '', actions, onEnter: actions.open },
      withoutSwitch,
    );
    void search.show();
    const pick = await prompts.pick(/Search/);
    pick.value = 'jurgen.muller@example.com';
    await row(pick, /Jürgen Müller/);
    await until('a lit row', () => pick.activeItems.length > 0);
    await acceptInput();
    await until('the action', () => done.length > 0);
    assert.deepEqual(done, ['open Jürgen Müller']);
  });

  describe('asking Cloudflare', () => {
    const values = () => session.simulator.requests.flatMap(({ query }) => [...query.values()]);
    const pressEnter = () => vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');

    it('sends nothing of a text that was selected in the editor before Enter', async () => {
      const clock = session.stopClock();
      const pick = await open('hunter2-swordfish');
      await row(pick, /Ask Cloudflare for "hunter2-swordfish"/);
      await clock.move(60_000);
      await type(pick, 'hunter2-swordfis');
      await clock.move(60_000);
      search.toggleActiveOnly();
      await clock.move(60_000);
      assert.deepEqual(
        values().filter((value) => value.includes('hunter')),
        [],
      );
      await until('the row to be selected', () => pick.activeItems[0]?.label.includes('Ask Cloudflare'));
      await clock.move(200);
      await acceptInput();
      await until('the requests', () => filters().includes('username'));
      assert.ok(values().includes('hunter2-swordfis'));
    });

    it('asks for a word as a username only, after 800 ms of rest', async () => {
      await session.rows();
      const clock = session.stopClock();
      const pick = await open();
      await type(pick, 'petersen');
      await clock.move(799);
      assert.deepEqual(filters(), []);
      await clock.move(1);
      await until('the requests', () => filters().length === 4);
      assert.deepEqual(new Set(filters()), new Set(['username']));
      await row(pick, /Ask Cloudflare for "petersen" \| 12 requests \| compares the whole email, name, or external ID/);
    });

    it('asks everything on Enter, and says that it is asking', async () => {
      const held = Promise.withResolvers<undefined>();
      session.simulator.faults.add({
        when: { path: '/scim/users' },
        effect: { kind: 'hold', until: held.promise },
      });
      const pick = await open();
      await type(pick, 'Jane Petersen');
      await until('the row to be selected', () => pick.activeItems[0]?.label.includes('Ask Cloudflare'));
      await acceptInput();
      await row(pick, /Asking Cloudflare…/);
      held.resolve(undefined);
      await row(pick, /Cloudflare compared the whole username or name and found nobody/);
    });

    it('explains in the title why an early Enter did nothing', async () => {
      const { row: okta } = await session.row('Okta');
      await session.rows(okta);
      const clock = session.stopClock();
      const pick = await open();
      await type(pick, 'Whitfield');
      assert.ok(users(pick).length > 1);
      await pressEnter();
      await until('the explanation', () => (pick.title ?? '').includes('opens the result if exactly one is found'));
      await until('the end', () => {
        void clock.move(1000);
        return (pick.title ?? '').includes('the rows have just changed: press Enter again');
      });
      assert.deepEqual(done, []);
      await type(pick, 'Whitfiel');
      assert.doesNotMatch(pick.title ?? '', /press Enter again/);
    });

    it('replaces the rows of an older text in the same turn, whatever the server does', async () => {
      const { row: okta } = await session.row('Okta');
      await session.rows(okta);
      session.simulator.faults.add({ when: { path: '/scim/users' }, effect: { kind: 'hang' } });
      const pick = await open();
      await type(pick, 'whitfield');
      assert.ok(users(pick).length > 0);
      await type(pick, 'nobody@example.com');
      assert.equal(users(pick).length, 0);
      assert.match(seen(pick)[0] ?? '', /Not among the 100 users loaded; 4 directories are not loaded completely/);
    });

    it('selects the first user that the server finds', async () => {
      const pick = await open();
      pick.value = 'jurgen.muller@example.com';
      await row(pick, /Jürgen Müller/);
      await until('the selected row', () => pick.activeItems[0]?.label.includes('Jürgen Müller'));
    });

    it('needs at most 12 requests for an email that is typed with pauses of 220 ms', async () => {
      const text = 'anna.k@northwind.example';
      await session.rows();
      const clock = session.stopClock();
      const pick = await open();
      for (let i = 1; i <= text.length; i++) {
        await type(pick, text.slice(0, i));
        await clock.move(220);
      }
      await clock.move(180);
      await idle(pick);
      assert.equal(filters().length, 8, 'two for each of the four identity providers');
      assert.ok(values().every((value) => !value.includes('@') || value === text));
    });

    it('loads small directories once when a search finds nothing, and then finds any part', async () => {
      await loadSmallDirectories(true);
      try {
        await session.rows();
        const clock = session.stopClock();
        const pick = await open();
        const okta = session.provider('Okta').user(1500).displayName ?? '';
        await type(pick, okta.slice(1));
        assert.equal(users(pick).length, 0);
        await clock.move(399);
        assert.deepEqual(filters(), []);
        await clock.move(1);
        await row(pick, /Loading small directories/);
        await until('the user', async () => {
          await clock.move(250);
          return users(pick).length > 0;
        });
        await until('all users', async () => {
          await clock.move(250);
          return !pick.busy && coverage(pick).includes('Okta: all 2,000');
        });
        const asked = session.simulator.requests.filter(({ path }) => path.endsWith('/scim/users'));
        assert.ok(asked.length <= 40, `${asked.length} requests`);
        assert.ok(
          values().every((value) => !okta.includes(value) || /^\d+$/.test(value)),
          'the text is not sent for it',
        );
        assert.match(coverage(pick), /Entra ID: 100 of 100,000/);
        session.simulator.requests.length = 0;
        await type(pick, 'zzzqqq xx');
        await clock.move(1000);
        await idle(pick);
        assert.deepEqual(filters(), [], 'each directory is tried once');
      } finally {
        await loadSmallDirectories(false);
      }
    });

    it('says that a text has no such field', async () => {
      const pick = await open();
      await type(pick, 'department:eng');
      await row(pick, /There is no field "department": this is searched as plain text/);
    });
  });
});
