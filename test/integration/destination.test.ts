import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { type Simulator, startSimulator } from '../simulator/simulator.mts';
import { acceptInput, closeInput, inFrontOfPrompts, type Prompts } from '../support/host/prompts';
import { answering } from '../support/host/questions';
import { plain, type Session, setBaseUrl } from '../support/host/session';
import { until } from '../support/until.mts';

describe('where a token goes, in the extension host', () => {
  let session: Session;
  let prompts: Prompts;
  let other: Simulator;

  inFrontOfPrompts((started, opened) => {
    session = started;
    prompts = opened;
  });
  before(async () => {
    other = await startSimulator();
  });
  beforeEach(() => {
    other.requests.length = 0;
  });
  after(() => other.close());

  const signIn = async () => (await session.internals.signIn(prompts.window)).run();
  const warning =
    /Warning: it is sent to (\S+), and not to api\.cloudflare\.com, because the setting "scimExplorer\.apiBaseUrl"/;

  /** What the token box says at an address. */
  async function promptAt(address: string | undefined): Promise<string> {
    await setBaseUrl(address);
    const running = signIn();
    const { prompt = '' } = await prompts.box(/Connect/);
    await closeInput();
    assert.equal(await running, undefined);
    return prompt;
  }

  it('is named by the token box, without a warning where it is Cloudflare', async () => {
    for (const address of [undefined, 'https://API.cloudflare.com:443/client/v4/']) {
      const prompt = await promptAt(address);
      assert.match(prompt, /kept in VS Code's secret storage\. It is sent to api\.cloudflare\.com only\./);
      assert.doesNotMatch(prompt, /Warning/);
    }
    assert.deepEqual(session.simulator.requests, []);
  });

  const elsewhere: readonly (readonly [address: string, named: string])[] = [
    ['https://example.com/client/v4', 'example.com'],
    ['https://api.cloudflare.com:8443', 'api.cloudflare.com:8443'],
    ['https://api.cloudflare.com.', 'api.cloudflare.com.'],
    ['https://api.cloudflare.com.example.com', 'api.cloudflare.com.example.com'],
    ['https://cloudflare.com', 'cloudflare.com'],
    ['https://api.сloudflare.com', 'api.xn--loudflare-u3h.com'],
    ['https://ａｐｉ.example.com', 'api.example.com'],
    ['https://[2001:db8::1]/x', '[2001:db8::1]'],
    ['http://127.0.0.1:9', 'http://127.0.0.1:9'],
    ['http://localhost', 'http://localhost'],
    ['https://$(zap).example.com', '\\$(zap).example.com'],
  ];
  for (const [address, named] of elsewhere) {
    it(`is named with a warning for ${address}`, async () => {
      assert.equal(warning.exec(await promptAt(address))?.[1], named);
    });
  }

  it('is named as far as a host name can be long', async () => {
    const [, named = ''] = warning.exec(await promptAt(`https://${'a.'.repeat(5_000)}example.com`)) ?? [];
    assert.ok(named.length <= 253 && named.endsWith('…'), named);
  });

  it('is none where the setting is refused, and the box says so before anything is typed', async () => {
    for (const address of ['http://127.0.0.2', 'http://example.com', 'https://user@example.com', 'nothing']) {
      assert.match(
        await promptAt(address),
        /Nothing was sent: the setting "scimExplorer\.apiBaseUrl" is refused\. It /,
      );
    }
  });

  it('is named by the boxes for an email and a key as well', async () => {
    const { email, key } = session.simulator.issueApiKey();
    const running = signIn();
    await prompts.enter(await prompts.box(/Connect/), key);
    await until('the box for the email', () => prompts.latestPlaceholder.includes('API email'));
    assert.match(prompts.latestPrompt, warning);
    await prompts.enterLatest(email);
    await until('the box for the key', () => prompts.latestPlaceholder.includes('Global API Key'));
    assert.match(prompts.latestPrompt, warning);

    await setBaseUrl(other.baseUrl);
    await acceptInput();
    assert.match(await prompts.words(await prompts.box(/Connect/)), /^Nothing was sent: .* now says http:/);
    assert.deepEqual([session.simulator.requests, other.requests], [[], []]);
    await closeInput();
    assert.equal(await running, undefined);
  });

  it('is named anew where the setting changes while the box is open, before anything is sent there', async () => {
    const running = signIn();
    const box = await prompts.box(/Connect/);
    await setBaseUrl(other.baseUrl);
    await prompts.enter(box, other.issueToken());
    const { origin } = new URL(other.baseUrl);
    const words = await prompts.words(box);
    assert.ok(words.startsWith('Nothing was sent') && words.includes(`now says ${origin}. Press Enter again`), words);
    assert.deepEqual([session.simulator.requests, other.requests], [[], []]);
    assert.equal(warning.exec(box.prompt ?? '')?.[1], origin);

    await acceptInput();
    await until('the next step', async () => (await prompts.pick(/Connect.* 2/)).enabled);
    assert.ok(other.requests.length > 0);
    assert.deepEqual(session.simulator.requests, []);
    await closeInput();
    assert.equal(await running, undefined);
  });

  describe('when an account is connected again at another one', () => {
    const stored = async () => {
      const [connection] = await session.internals.store.load();
      assert.ok(connection && 'credential' in connection && connection.credential.scheme === 'token');
      return { origin: connection.origin, token: connection.credential.token };
    };
    /** Connects the first account with a token of a simulator, up to the moment that it is proved. */
    async function connectAgain(simulator: Simulator, known: boolean): Promise<{ readonly done: Promise<unknown> }> {
      await setBaseUrl(simulator.baseUrl);
      const account = known ? session.internals.directory.accounts[0] : undefined;
      const running = session.internals.signIn(prompts.window).then((opened) => opened.run(account));
      await prompts.enter(await prompts.box(/Connect/), simulator.issueToken());
      const pick = await prompts.pick(/Connect/);
      await until('a lit row', () => pick.activeItems.length > 0);
      // Connected accounts stand last.
      pick.activeItems = pick.items.filter(({ label }) => label.includes('Northwind'));
      return { done: running };
    }

    for (const known of [true, false]) {
      it(`asks before it replaces the token (${known ? 'Reconnect' : 'Connect'})`, async () => {
        await session.connect(0);
        const before = await stored();
        await connectAgain(other, known).then(async ({ done }) => {
          const pick = await prompts.pick(/Connect/);
          const asked = await answering('cancel', async () => {
            await acceptInput();
            await until('the words', () => pick.items.some(({ label }) => label.includes('was not replaced')));
          });
          assert.deepEqual(
            asked.map(({ message, isModal, actions }) => [plain(message), isModal, actions]),
            [['Replace the token of Northwind Engineering?', true, ['Replace']]],
          );
          const detail = asked[0]?.detail ?? '';
          assert.ok(detail.includes(`connected to ${before.origin}`) && detail.includes(new URL(other.baseUrl).origin));
          assert.match(detail, /cannot be read again anywhere/);
          assert.deepEqual(await stored(), before, 'nothing is replaced');

          assert.equal((await answering('take', async () => (await acceptInput(), done))).length, 1);
        });
        const after = await stored();
        assert.equal(after.origin, new URL(other.baseUrl).origin);
        assert.notEqual(after.token, before.token);
      });
    }

    it('asks nothing at the same one, or for an account that is new or whose token is lost', async () => {
      await session.connect(0);
      const again = await connectAgain(session.simulator, true);
      assert.deepEqual(await answering('cancel', async () => (await acceptInput(), again.done)), []);

      await session.internals.secrets.store(`scimExplorer.connection.${session.account(0).id}`, '{"version":2}');
      await session.internals.directory.reload();
      const anew = await connectAgain(other, true);
      assert.deepEqual(await answering('cancel', async () => (await acceptInput(), anew.done)), []);
      assert.equal((await stored()).origin, new URL(other.baseUrl).origin);
    });

    it('replaces nothing where the box was closed while the question was open', async () => {
      await session.connect(0);
      const before = await stored();
      const { done } = await connectAgain(other, true);
      const { showWarningMessage } = vscode.window;
      const answer = Promise.withResolvers<string>();
      const asked = Promise.withResolvers<undefined>();
      Object.assign(vscode.window, { showWarningMessage: () => (asked.resolve(undefined), answer.promise) });
      try {
        await acceptInput();
        await asked.promise;
        await closeInput();
        assert.equal(await done, undefined);
        answer.resolve('Replace');
        await until('the end of it', async () => (await session.internals.store.load()).length === 1);
        assert.deepEqual(await stored(), before);
      } finally {
        Object.assign(vscode.window, { showWarningMessage });
      }
    });
  });

  it('never receives a text that is too long for a box', async () => {
    const tooLong = /^This is too long: enter 1000 characters at most\./;
    const running = signIn();
    const box = await prompts.box(/Connect/);
    for (const text of ['"'.repeat(20_000), 'Bearer '.repeat(20_000), ' '.repeat(1001), `cfk_${'x'.repeat(2_000)}`]) {
      box.value = '';
      await prompts.enter(box, text);
      assert.match(await prompts.words(box), tooLong);
    }
    const { email, key } = session.simulator.issueApiKey();
    await prompts.enter(box, key);
    await until('the box for the email', () => prompts.latestPlaceholder.includes('API email'));
    const emails = await prompts.box(/Connect/);
    await prompts.enter(emails, '@'.repeat(200_000) + ' ');
    assert.match(await prompts.words(emails), tooLong);
    await prompts.enter(emails, email);
    await until('the box for the key', () => prompts.latestPlaceholder.includes('Global API Key'));
    const keys = await prompts.box(/Connect/);
    await prompts.enter(keys, '`'.repeat(20_000));
    assert.match(await prompts.words(keys), tooLong);
    assert.deepEqual(session.simulator.requests, []);
    await closeInput();
    assert.equal(await running, undefined);

    const again = signIn();
    const { id } = session.account(0);
    await until('another box', () => prompts.latestPlaceholder === 'API token');
    await prompts.enterLatest(session.simulator.issueToken({ kind: 'account', account: id }));
    await until('the box for the id', () => prompts.latestPlaceholder.includes('Account ID'));
    const ids = await prompts.box(/Connect/);
    await prompts.enter(ids, 'a'.repeat(1_000_000));
    assert.match(await prompts.words(ids), tooLong);
    await closeInput();
    assert.equal(await again, undefined);
  });
});
