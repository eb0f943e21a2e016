import assert from 'node:assert/strict';
import { ConnectionStore } from '../../src/connection/connectionStore';
import { startSimulator } from '../simulator/simulator.mts';
import { acceptInput, closeInput, inFrontOfPrompts, type Prompts } from '../support/host/prompts';
import { type Session, setBaseUrl } from '../support/host/session';
import { until } from '../support/until.mts';

describe('connecting, in the extension host', () => {
  let session: Session;
  let prompts: Prompts;

  inFrontOfPrompts((started, opened) => {
    session = started;
    prompts = opened;
  });

  const signIn = async () => (await session.internals.signIn(prompts.window)).run();
  const stored = () => session.internals.store.load();
  const longText = 'x'.repeat(40);

  async function refused(token: string): Promise<string> {
    const running = signIn();
    const box = await prompts.box(/Connect/);
    await prompts.enter(box, token);
    const words = await prompts.words(box);
    assert.equal(box.value, token, 'what was typed stays');
    assert.deepEqual(await stored(), [], 'nothing was stored');
    await closeInput();
    assert.equal(await running, undefined);
    return words;
  }

  it('takes a user token, lists the accounts by name, proves it and stores it', async () => {
    const running = signIn();
    const box = await prompts.box(/Connect/);
    assert.equal(box.password, true);
    assert.match(box.prompt ?? '', /Access: Organizations, Identity Providers, and Groups Read/);
    assert.match(box.prompt ?? '', /\(https:\/\/dash\.cloudflare\.com\/profile\/api-tokens\?permissionGroupKeys=/);
    await prompts.enter(box, `  "Bearer ${session.simulator.issueToken()}"  `);

    const pick = await prompts.pick(/Connect/);
    assert.match(
      pick.items.map(({ label }) => label).join('|'),
      /Northwind Engineering.*Harbour Lane Clinics.*Enter an account ID…/,
    );
    await until('a lit row', () => pick.activeItems.length > 0);
    await acceptInput();
    assert.equal((await running)?.name, 'Northwind Engineering');

    const [connection] = await stored();
    assert.ok(connection && 'credential' in connection);
    assert.equal(connection.accountName, 'Northwind Engineering');
    assert.equal(connection.origin, new URL(session.simulator.baseUrl).origin);
    const paths = session.simulator.requests.map(({ path }) =>
      path.replace(/^.*client\/v4/, '').replaceAll(/[0-9a-f]{32}/g, 'ID'),
    );
    assert.deepEqual(
      [...new Set(paths)].filter((path) => !path.endsWith('/scim/users')),
      ['/user/tokens/verify', '/accounts', '/accounts/ID/access/identity_providers'],
    );
  });

  for (const kind of ['account', 'unprefixed'] as const) {
    it(`checks an account-owned ${kind} token once the account is known, which is typed by hand`, async () => {
      const { id } = session.account();
      const running = signIn();
      await prompts.enter(await prompts.box(/Connect/), session.simulator.issueToken({ kind, account: id }));
      const box = await prompts.box(/Connect.* 2/);
      await until('the second box', () => box.step === 2);

      await prompts.enter(box, 'zz');
      assert.match(await prompts.words(box), /only the digits 0 to 9 and the letters a to f/);
      await prompts.enter(box, 'abc');
      await until('other words', async () => (await prompts.words(box)).includes('has 32 characters; this one has 3'));
      assert.deepEqual(await stored(), []);

      await prompts.enter(box, ` ${id.toUpperCase()} `);
      assert.equal((await running)?.id, id);
      assert.ok(session.simulator.requests.some(({ path }) => path.endsWith(`/accounts/${id}/tokens/verify`)));
      assert.equal((await stored()).length, 1);
    });
  }

  it('refuses an account token in an account that is not its own', async () => {
    const running = signIn();
    const token = session.simulator.issueToken({ kind: 'account', account: session.account(0).id });
    await prompts.enter(await prompts.box(/Connect/), token);
    const box = await prompts.box(/Connect.* 2/);
    await prompts.enter(box, session.account(1).id);
    assert.match(await prompts.words(box), /does not know this token in this account.*account ID/);
    assert.deepEqual(await stored(), []);
    await closeInput();
    assert.equal(await running, undefined);
  });

  const refusals: readonly [what: string, token: () => string, words: RegExp][] = [
    ['an empty box', () => '', /Paste an API token/],
    ['a Global API Key', () => 'ab1'.repeat(12) + '2', /Global API Key.*can do everything/],
    ['a Global API Key with its prefix', () => `cfk_${longText}`, /Global API Key.*can do everything/],
    ['a text with spaces', () => 'two words', /not an API token/],
    ['a part of a token', () => 'x'.repeat(12), /too short/],
    ['a wrong token', () => `cfut_${longText}`, /does not know this token/],
    [
      'an expired token',
      () => session.simulator.issueToken({ status: 'expired', expiresOn: '2026-01-02T00:00:00Z' }),
      /expired on 2026-01-02/,
    ],
    ['a disabled token', () => session.simulator.issueToken({ status: 'disabled' }), /disabled/],
  ];
  for (const [what, token, words] of refusals) {
    it(`refuses ${what} in words, and stores nothing`, async () => {
      assert.match(await refused(token()), words);
    });
  }

  it('sends a Global API Key nowhere', async () => {
    await refused(`cfk_${longText}`);
    assert.deepEqual(session.simulator.requests, []);
  });

  const faults = [
    [
      'a web page',
      { kind: 'htmlPage', status: 502 },
      /No answer from the API \(status 502\).*Cloudflare or a proxy returned an error page/,
    ],
    [
      'a redirect',
      { kind: 'redirect', status: 302, location: 'https://example.com/' },
      /redirect, which is not followed/,
    ],
    [
      'success: false',
      { kind: 'unsuccessful', code: 1234, message: 'no [x](command:y) today' },
      /refused the request.*no \[x\] \(command:y\) today.*code 1234/,
    ],
    ['a reset connection', { kind: 'resetBeforeHeaders' }, /could not be reached/],
    ['deep nesting', { kind: 'nested', depth: 20_000 }, /nested too deeply/],
    ['half an answer', { kind: 'truncatedJson' }, /not complete JSON/],
  ] as const;
  for (const [what, effect, words] of faults) {
    it(`tells of ${what} in the token box, and keeps the token there`, async () => {
      session.simulator.faults.add({ when: { path: '/user/tokens/verify' }, effect });
      assert.match(await refused(session.simulator.issueToken()), words);
    });
  }

  it('tells of a missing permission at the account, and stores nothing', async () => {
    const running = signIn();
    await prompts.enter(await prompts.box(/Connect/), session.simulator.issueToken({ permissions: { access: false } }));
    const pick = await prompts.pick(/Connect/);
    await until('a lit row', () => pick.activeItems.length > 0);
    await acceptInput();
    await until('a row with the problem', () =>
      pick.items.some(({ label }) =>
        label.includes('The token lacks "Access: Organizations, Identity Providers, and Groups Read"'),
      ),
    );
    assert.deepEqual(await stored(), []);
    await closeInput();
    assert.equal(await running, undefined);
  });

  it('says so when the network is away', async () => {
    const away = await startSimulator();
    await away.close();
    await setBaseUrl(away.baseUrl);
    assert.match(await refused(session.simulator.issueToken()), /could not be reached \(ECONNREFUSED\)/);
  });

  it('refuses an API address that is not safe, and sends nothing', async () => {
    await setBaseUrl('http://api.example.com/client/v4');
    assert.match(await refused(session.simulator.issueToken()), /Nothing was sent.*apiBaseUrl.*https:\/\//);
  });

  const broken = () => Promise.reject(new Error('The keyring is locked'));
  const keyrings: readonly [what: string, secrets: object][] = [
    ['the system does not keep', {}],
    ['the system refuses to keep', { store: broken }],
    ['cannot be read back', { get: broken }],
  ];
  for (const [what, secrets] of keyrings) {
    it(`does not store a token that ${what}, and says so with what to do`, async () => {
      const forgetful = {
        get: () => Promise.resolve(undefined),
        store: () => Promise.resolve(),
        delete: () => Promise.resolve(),
        onDidChange: () => ({ dispose: () => undefined }) as never,
        ...secrets,
      };
      const state = new Map<string, unknown>();
      const store = new ConnectionStore(forgetful, {
        get: (key: string) => state.get(key) as undefined,
        update: (key, value) => Promise.resolve(void state.set(key, value)),
      });
      const running = session.internals.signIn(prompts.window, store).then((signIn) => signIn.run());
      await prompts.enter(await prompts.box(/Connect/), session.simulator.issueToken());
      const pick = await prompts.pick(/Connect/);
      await until('a lit row', () => pick.activeItems.length > 0);
      await acceptInput();
      const told = await until('words', () => pick.items.find(({ label }) => label.includes('did not store it')));
      assert.match(told.detail ?? '', /keyring.*--password-store/);
      assert.deepEqual(
        [...state.values()].filter((value) => value !== undefined),
        [],
        'nothing is remembered',
      );
      await closeInput();
      assert.equal(await running, undefined);
    });
  }

  it('asks again with what was typed when one goes back, and cancels what is under way when the box is closed', async () => {
    session.simulator.faults.add({ effect: { kind: 'hang' } });
    const running = signIn();
    await prompts.enter(await prompts.box(/Connect/), session.simulator.issueToken());
    await until('the request', () => session.simulator.requests.length > 0);
    await closeInput();
    assert.equal(await running, undefined);
    await until('the end of the connection', () => session.simulator.requests.every(({ wasCutOff }) => wasCutOff));
  });
});
