import assert from 'node:assert/strict';
import dns = require('node:dns');
import { createServer, type AddressInfo } from 'node:net';
import * as vscode from 'vscode';
import { type CertificateName, companyHost, type TestCertificates } from '../support/host/certificates.mts';
import { Session, setBaseUrl } from '../support/host/session';
import { until } from '../support/until.mts';
import { startProxy, type TestProxy } from '../support/host/proxy';

const servers = JSON.parse(process.env.TEST_CERTIFICATES ?? '{}') as TestCertificates['servers'];

/** Elsewhere the system's store is no file, and a test does not touch it. */
const itTrusts = process.platform === 'linux' ? it : it.skip;

describe("companies' networks, in the extension host", () => {
  let session: Session;
  let proxy: TestProxy;
  const { lookup } = dns;

  before(() => {
    // The company's name server: in this process alone, the name leads to loopback.
    const companyLookup = (host: string, ...rest: [dns.LookupAllOptions, () => void]) =>
      lookup(host === companyHost ? '127.0.0.1' : host, ...rest);
    dns.lookup = Object.assign(companyLookup, { __promisify__: lookup.__promisify__ }) as typeof dns.lookup;
  });
  after(() => {
    dns.lookup = lookup;
  });
  beforeEach(async () => {
    proxy = await startProxy();
  });
  afterEach(async () => {
    for (const name of ['proxy', 'noProxy', 'proxySupport', 'systemCertificates']) {
      await set(name, undefined);
    }
    await session.end();
    await proxy.close();
  });

  /** Our extension, connected to a Cloudflare with that certificate. */
  async function connected(name: CertificateName = 'trusted'): Promise<void> {
    session = await Session.start({ tls: { ...servers[name], host: companyHost } });
    await session.connect();
  }

  /** What a person reads in the view. */
  async function words(): Promise<string> {
    const rows = await session.rows();
    return rows.map(({ text }) => text).join('\n');
  }

  async function works(): Promise<void> {
    const { requests } = session.simulator;
    const before = requests.length;
    const shown = await words();
    for (const { name } of session.account().identityProviders) {
      assert.ok(shown.includes(name), shown);
    }
    assert.ok(requests.length > before, 'it was asked for');
  }

  /** Started together; no two are the same. */
  async function sixtyRequests(): Promise<void> {
    const { requests, baseUrl } = session.simulator;
    const { id } = session.account();
    const credential = { scheme: 'token', token: session.simulator.issueToken() } as const;
    const before = requests.length;
    const api = await session.internals.client.open({ credential, origin: new URL(baseUrl).origin });
    const reference = { accountId: id, identityProviderId: session.provider('Okta').id };
    await Promise.all(Array.from({ length: 60 }, (_, i) => api.scimUserPage(reference, i + 1)));
    assert.equal(requests.length - before, 60);
  }

  describe('certificates', () => {
    itTrusts('trusts an authority in the file of the system’s store, and keeps connections', async () => {
      await connected();
      await works();
      await sixtyRequests();
      assert.ok(session.simulator.connections <= 16, `${session.simulator.connections} connections`);
    });

    itTrusts('trusts an authority in the folder of the system’s store', async () => {
      await connected('trustedByFolder');
      await works();
    });

    const refused: [CertificateName, RegExp][] = [
      ['untrusted', /certificate .* not trusted \(UNABLE_TO_VERIFY_LEAF_SIGNATURE\).*"http\.systemCertificates"/],
      ['expired', /certificate .* not valid today \(CERT_HAS_EXPIRED\).*clock/],
      ['otherName', /certificate .* another host.*"scimExplorer\.apiBaseUrl"/],
    ];
    for (const [name, said] of refused) {
      (name === 'untrusted' ? it : itTrusts)(`says what is wrong with the certificate: ${name}`, async () => {
        await connected(name);
        const shown = await words();
        assert.match(shown, said);
        assert.doesNotMatch(shown, /fetch failed|proxyStrictSSL/);
        assert.equal(session.simulator.requests.length, 0, 'nothing was sent');
        assert.equal(session.simulator.connections, 1, 'it was not tried again');
      });
    }

    it('says what helps where the system’s certificates are switched off', async () => {
      await set('systemCertificates', false);
      await connected();
      assert.match(await words(), /not trusted .*"http\.systemCertificates" must be on/);
    });

    it('says so through a proxy as well', async () => {
      await set('proxy', `http://${proxy.host}`);
      await connected('untrusted');
      assert.match(await words(), /not trusted .*"http\.systemCertificates"/);
      assert.equal(proxy.connects.length, 1);
    });
  });

  describe('proxies', () => {
    for (const support of ['override', 'fallback', 'on']) {
      for (const credentials of [undefined, 'user:pass word']) {
        itTrusts(`goes through it with ${support}, ${credentials ? 'with' : 'without'} credentials`, async () => {
          proxy.credentials = credentials;
          const userInfo = credentials ? `${credentials.replace(' ', '%20')}@` : '';
          await set('proxySupport', support);
          await set('proxy', `http://${userInfo}${proxy.host}`);
          await connected();
          await works();
          const { host } = new URL(session.simulator.baseUrl);
          assert.ok(proxy.connects.length > 0);
          for (const connect of proxy.connects) {
            assert.deepEqual(connect, { target: host, isOpened: true });
          }
          assert.equal(session.simulator.connections, proxy.connects.length, 'no connection went past it');
        });
      }

      itTrusts(`keeps its tunnels open, with ${support}`, async () => {
        await set('proxySupport', support);
        await set('proxy', `http://${proxy.host}`);
        await connected();
        await sixtyRequests();
        assert.ok(proxy.connects.length <= 16, `${proxy.connects.length} tunnels`);
      });

      itTrusts(`goes past it to what http.noProxy names, with ${support}`, async () => {
        await set('proxySupport', support);
        await set('proxy', `http://${proxy.host}`);
        // VS Code compares the end of the name; to it, `*` in any place is everything.
        await set('noProxy', ['.company.test']);
        await connected();
        await works();
        assert.deepEqual(proxy.connects, []);
      });
    }

    itTrusts('goes past it with off', async () => {
      await set('proxySupport', 'off');
      await set('proxy', `http://${proxy.host}`);
      await connected();
      await works();
      assert.deepEqual(proxy.connects, []);
    });

    it('says that a proxy asks for a password, and asks it once', async () => {
      proxy.credentials = 'user:password';
      await set('proxy', `http://${proxy.host}`);
      await connected();
      assert.match(await words(), /proxy asks for a password.*"http\.proxy"/);
      assert.equal(proxy.connects.length, 1);
    });

    it('says that a proxy refuses', async () => {
      proxy.refusal = 403;
      await set('proxy', `http://${proxy.host}`);
      await connected();
      assert.match(await words(), /proxy refused the connection \(HTTP 403\)/);
    });

    it('says that nobody listens where the proxy should be', async () => {
      await set('proxy', `http://127.0.0.1:${await closedPort()}`);
      await connected();
      assert.match(await words(), /proxy could not be reached \(ECONNREFUSED\).*"http\.proxy"/);
    });

    it('says that nobody knows the name of the proxy', async () => {
      await set('proxy', 'http://proxy.company.invalid:3128');
      await connected();
      assert.match(await words(), /proxy could not be reached \((ENOTFOUND|EAI_AGAIN)\)/);
    });

    itTrusts('works again once the setting is put right, without a new start', async () => {
      await set('proxy', `http://127.0.0.1:${await closedPort()}`);
      await connected();
      assert.match(await words(), /proxy could not be reached/);
      await set('proxy', `http://${proxy.host}`);
      const [failure] = await session.rows();
      await vscode.commands.executeCommand('scimExplorer.retry', failure?.row);
      await until('the identity providers', async () => (await words()).includes('Okta'));
      assert.ok(proxy.connects.length > 0);
    });
  });

  describe('no network', () => {
    it('says that the name of the host is unknown', async () => {
      await connected();
      await moveTo('https://api.company.invalid/client/v4');
      assert.match(await words(), /host of the API was not found \((ENOTFOUND|EAI_AGAIN)\)/);
    });

    it('says that there is no connection', async () => {
      await connected();
      await moveTo(`https://${companyHost}:${await closedPort()}/client/v4`);
      assert.match(await words(), /No connection: .* \(ECONNREFUSED\).*offline/);
    });

    /** Connects the account at another address. */
    async function moveTo(baseUrl: string): Promise<void> {
      const { id, name } = session.account();
      const credential = { scheme: 'token', token: session.simulator.issueToken() } as const;
      const { origin } = new URL(baseUrl);
      await setBaseUrl(baseUrl);
      const account = { accountId: id, accountName: name, credential, origin, expiresOn: undefined };
      assert.ok(await session.internals.store.save(account));
      await session.internals.directory.reload();
    }
  });
});

async function set(name: string, value: unknown): Promise<void> {
  await vscode.workspace.getConfiguration('http').update(name, value, vscode.ConfigurationTarget.Global);
}

/** A port of loopback that nobody listens on. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
