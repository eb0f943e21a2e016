// Everything that can go wrong goes wrong, and then every place is searched where a secret could have been left.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { type TemporaryFolder, temporaryFolder } from '../../tools/children.mts';
import { stateFolder } from '../../tools/project.mts';
import { type Fault, type Simulator, startSimulator } from '../simulator/simulator.mts';
import { Person, plain } from '../support/browser/person.mts';
import { until } from '../support/until.mts';
import { untilRemembered } from '../support/browser/remembered.mts';
import { disguises, filesBelow, tracesIn } from '../support/browser/secret-traces.mts';
import { writtenLogs } from '../support/browser/written-logs.mts';

describe('a secret, after everything that can go wrong', () => {
  let person: Person;
  let stranger: Simulator;
  let profile: TemporaryFolder;
  /** What the person has in hand, by what it is. */
  const secrets = new Map<string, string>();
  /** What has been written to the console, and every address that a page asked for. */
  const console: string[] = [];
  const addresses: string[] = [];

  before(async () => {
    stranger = await startSimulator();
    profile = await temporaryFolder(join(stateFolder, 'workbench-secrets-'));
    person = await Person.start({ profile: profile.path, env: writtenLogs });
    person.page.on('console', (message) => console.push(message.text()));
    person.page.context().on('request', (request) => addresses.push(request.url()));
  });
  after(async () => {
    await person.end();
    await stranger.close();
    profile.remove();
  });

  // After each step, since what is shown goes away again.
  afterEach(async () => {
    if (!person.page.isClosed()) await lookAround();
  });

  async function lookAround(): Promise<void> {
    const { page } = person;
    assert.deepEqual(tracesIn(Buffer.from(await page.evaluate<string>(shownText)), secrets), [], 'in the page');
    assert.deepEqual(tracesIn(Buffer.from(await person.clipboard()), secrets), [], 'in the clipboard');
    const urls = page
      .context()
      .pages()
      .map((tab: Page) => tab.url());
    assert.deepEqual(tracesIn(Buffer.from([...addresses, ...urls].join('\n')), secrets), [], 'in an address');
    assert.deepEqual(tracesIn(Buffer.from(console.join('\n')), secrets), [], 'in the console');
    const told = person.simulator.requests.map(
      ({ path, query, userAgent }) => `${path}?${query.toString()} ${userAgent}`,
    );
    assert.deepEqual(tracesIn(Buffer.from(told.join('\n')), secrets), [], 'in a request, beside its header');
  }

  /** Waits until the log has a line with this; the panel shows its end. */
  async function untilLogged(text: string): Promise<void> {
    const lines = person.page.locator('.part.panel .view-lines');
    await until(`a log line with ${text}`, async () =>
      // The editor wraps long lines.
      plain(await lines.innerText())
        .replaceAll(/\s+/g, ' ')
        .includes(text),
    );
  }

  const provider = (name: string) =>
    person.simulator.accounts[0]?.identityProviders.find((candidate) => candidate.name === name) ?? assert.fail(name);
  const row = (text: string | RegExp) => person.window.row(text).first();

  function have(what: string, secret: string): string {
    secrets.set(what, secret);
    return secret;
  }

  async function offer(secret: string): Promise<void> {
    await person.press('Control+A');
    await person.paste(secret);
    await person.press('Enter');
  }

  it('would be found in any encoding', () => {
    const token = person.simulator.issueToken();
    const found = new Map([['a token', token]]);
    const places = [
      `token=${token}&x`,
      JSON.stringify({ token }),
      Array.from(token).reverse().join(''),
      token.slice(0, 40),
    ];
    const encoded = ['', 'x', 'xy', 'xyz'].flatMap((before) => {
      const bytes = Buffer.from(`${before}${token}:z`);
      return [bytes.toString('base64'), bytes.toString('base64url'), bytes.toString('hex')];
    });
    for (const text of [...places, ...encoded]) assert.equal(tracesIn(Buffer.from(text), found).length, 1, text);
    assert.equal(tracesIn(Buffer.from(token, 'utf16le'), found).length, 1);
    assert.equal(tracesIn(Buffer.from(person.simulator.issueToken()), found).length, 0);
    assert.equal(disguises(token).size, 7);
  });

  it('is not leaked by a sign-in with a wrong token, and with faults', async () => {
    const { quickInput } = person.window;
    await person.window.activity('SCIM Explorer');
    await person.connectButton.click();
    await quickInput.title.filter({ hasText: '(1/2)' }).waitFor();
    const wrong = have('a wrong token', person.simulator.issueToken());
    person.simulator.revokeToken(wrong);
    await offer(wrong);
    await quickInput.message.filter({ hasText: 'Cloudflare does not know this token.' }).waitFor();

    const { faults } = person.simulator;
    faults.add({ effect: { kind: 'redirect', status: 307, location: stranger.baseUrl } });
    await offer(have('a token', person.simulator.issueToken()));
    await quickInput.message.filter({ hasText: 'answered with a redirect' }).waitFor();
    faults.clear();
    faults.add({ effect: { kind: 'nested', depth: 100_000 } });
    await person.press('Enter');
    await quickInput.message.filter({ hasText: 'nested too deeply' }).waitFor();
    faults.clear();
    await person.press('Enter');
    await quickInput.row('Northwind Engineering').click();
    await person.status(`Connected to Northwind Engineering`);
    assert.deepEqual(stranger.requests, []);
  });

  it('is not leaked by the log at its most talkative', async () => {
    const { quickInput } = person.window;
    await person.window.command('SCIM Explorer: Show Log');
    // It takes the focus when it comes, which closes any question: a click makes sure that it has it.
    await person.page.locator('.part.panel .view-lines').click();
    await person.page.locator('.part.panel .monaco-editor.focused').waitFor();
    await person.window.command('Developer: Set Log Level...');
    await quickInput.row('SCIM Explorer').click();
    await quickInput.row('Trace').click();
    await row('Okta').click();
    await row('Grace Whitfield').waitFor();
    await untilLogged('GET /accounts/{account_id}');
  });

  it('is not leaked by a Global API Key, first put where a token belongs', async () => {
    const { quickInput } = person.window;
    const { email, key } = person.simulator.issueApiKey();
    have('a Global API Key', key);
    await person.window.command('SCIM Explorer: Connect to a Cloudflare Account…');
    await quickInput.title.filter({ hasText: '(1/2)' }).waitFor();
    await person.paste(key);
    await quickInput.message.filter({ hasText: 'This is a Global API Key' }).waitFor();
    await person.press('Enter');
    await quickInput.title.filter({ hasText: '(1/3)' }).waitFor();
    await offer('somebody.else@example.com');
    await quickInput.title.filter({ hasText: '(2/3)' }).waitFor();
    await person.press('Enter');
    await quickInput.message.filter({ hasText: 'Unknown X-Auth-Key' }).waitFor();
    await quickInput.button('Back').click();
    await quickInput.title.filter({ hasText: '(1/3)' }).waitFor();
    await offer(email);
    await quickInput.title.filter({ hasText: '(2/3)' }).waitFor();
    await person.press('Enter');
    // VS Code keeps texts of earlier rows in the page, hidden.
    await quickInput.row('Harbour Lane Clinics').first().click();
    await person.status(`Connected to Harbour Lane Clinics`);
  });

  const faults: readonly (readonly [string, () => Fault['effect']])[] = [
    ['No answer from the API', () => ({ kind: 'htmlPage', status: 502 })],
    ['The token lacks', () => ({ kind: 'unsuccessful', status: 403, code: 10_000, message: 'Authentication error' })],
    ['redirect, which is not followed', () => ({ kind: 'redirect', status: 302, location: stranger.baseUrl })],
    ['nested too deeply', () => ({ kind: 'nested', depth: 100_000 })],
    ['not complete JSON', () => ({ kind: 'truncatedJson' })],
    ['Cloudflare could not be reached', () => ({ kind: 'resetBeforeHeaders' })],
  ];
  it('is not leaked by lists that fail, in any way', async () => {
    await row('Northwind Engineering').click();
    await row('Partner OpenID').click();
    await row('No users synced yet').waitFor();
    for (const [words, effect] of faults) {
      person.simulator.faults.clear();
      person.simulator.faults.add({ when: { path: provider('Partner OpenID').id }, effect: effect() });
      await person.chooseFromContextMenu(row('Partner OpenID'), 'Refresh');
      await row(words).waitFor();
      await lookAround();
    }
    person.simulator.faults.clear();
    assert.deepEqual(stranger.requests, []);
  });

  it('is not leaked by the details of an error, which stand at the end of the log with what support asks for', async () => {
    person.simulator.faults.add({
      when: { path: provider('Partner OpenID').id },
      effect: { kind: 'htmlPage', status: 502 },
    });
    await person.chooseFromContextMenu(row('Partner OpenID'), 'Refresh');
    await row('No answer from the API').waitFor();
    await person.chooseFromContextMenu(row('No answer from the API'), 'Show Details');
    await untilLogged('Details of the error: GET /accounts/{account_id}/access/identity_providers/');
    await untilLogged('(status 502), cf-ray ');
    person.simulator.faults.clear();
  });

  it('is not leaked by a document, a copy, a search that fails and a notification', async () => {
    const { quickInput } = person.window;
    await row('Okta').click();
    await row('Grace Whitfield').click();
    await until('the user', async () => (await person.window.editorText()).includes('"Grace Whitfield"'));
    await person.button(row('Grace Whitfield'), 'Copy User ID');
    await person.status('Copied user ID (cf_resource_id) of');
    await lookAround();

    person.simulator.faults.add({ when: { path: '/scim/users' }, effect: { kind: 'htmlPage', status: 403 } });
    await person.window.command('SCIM Explorer: Search Users…');
    await quickInput.title.filter({ hasText: 'Search Users' }).waitFor();
    await person.type('grace.whitfield@example.com');
    await quickInput.row('could not be searched').first().waitFor();
    await lookAround();
    await person.press('Escape');
    person.simulator.faults.clear();

    await person.window.command('SCIM Explorer: Insert User ID…');
    await person.window.toast('There is no text editor to insert into').waitFor();
  });

  it('is not leaked while a rate limit is waited for', async () => {
    const where = { path: provider('Workshop SAML').id, times: 1 };
    person.simulator.faults.add({ when: where, effect: { kind: 'tooManyRequests', retryAfter: 2 } });
    await person.scrollTo(row('Workshop SAML'));
    await row('Workshop SAML').click();
    await person.sideBar.getByText(/Waiting \d+ s for Cloudflare's rate limit…/).waitFor();
    await lookAround();
    await row('Anna').waitFor();
  });

  it('is not leaked by what is left of a connection whose token was revoked', async () => {
    person.simulator.revokeToken(secrets.get('a token') ?? assert.fail());
    await person.button(person.sideBar, 'Refresh All');
    await row('Token no longer works — Reconnect').waitFor();
    await untilLogged('→ 401');
  });

  it('is back after a reload, so it was kept, and is in none of the files that VS Code has written', async () => {
    await untilRemembered(person.page, ['Northwind Engineering', 'Harbour Lane Clinics']);
    await person.window.reload();
    await person.window.activity('SCIM Explorer');
    await row('Harbour Lane Clinics').click();
    await row('Clinic sign-in').waitFor();
    assert.match(await person.page.evaluate<string>('localStorage.getItem("secrets.provider")'), /./);
    await lookAround();
    const workspace = await filesBelow(person.window.folder);
    await person.window.close();

    const files = new Map([...(await filesBelow(profile.path)), ...workspace]);
    // What is looked for could be found: these are other things that were shown, logged and kept.
    for (const [name, text] of [
      [/SCIM Explorer\.log$/, 'GET /accounts/{account_id}'],
      [/IndexedDB/, 'Northwind Engineering'],
      [/Local Storage/, 'secrets.provider'],
      [/settings\.json$/, person.simulator.baseUrl],
    ] as const) {
      const holds = [...files].some(([file, bytes]) => name.test(file) && bytes.includes(text));
      assert.ok(holds, `${text} in ${name.source}`);
    }
    const traces = [...files].flatMap(([file, bytes]) => tracesIn(bytes, secrets).map((trace) => `${file}: ${trace}`));
    assert.deepEqual(traces, []);
  });
});

/** Runs in the page: all of its text and attributes, what stands in its fields, and what it keeps in plain sight. */
const shownText = `(() => {
  const isAsking = document.querySelector('.quick-input-widget input[type=password]')?.offsetParent != null;
  const fields = isAsking ? [] : [...document.querySelectorAll('input, textarea')].map(({ value }) => value);
  const kept = [localStorage, sessionStorage].map((storage) => JSON.stringify({ ...storage }));
  return [document.documentElement.outerHTML, document.title, location.href, ...fields, ...kept].join('\\n');
})()`;
