import assert from 'node:assert/strict';
import { CloudflareApi } from '../../src/cloudflare/endpoints';
import { CloudflareError, type FailureReason } from '../../src/cloudflare/errors';
import { Sender } from '../../src/cloudflare/sender';
import { type Fetch, Transport } from '../../src/cloudflare/transport';
import { DirectoryAccount } from '../../src/directory/account';
import { Directory } from '../../src/directory/directory';
import { ProvidersTree } from '../../src/explorer/providersTree';
import { explainInOne } from '../../src/ui/explain';
import { documentationLink } from '../../src/ui/notify';
import { startSimulator } from '../simulator/simulator.mts';
import { plain } from '../support/host/session';

describe('errors in words, in the extension host', () => {
  const words: Record<FailureReason, RegExp> = {
    network: /could not be reached \(ENOTFOUND\).*Check the network/,
    timeout: /did not answer in time.*retry/,
    redirect: /redirect, which is not followed. It points to gateway\.example.*sign-in.*apiBaseUrl/,
    tooLarge: /larger than 32 MB.*GET \/x, status 500.*Ray ID: ray/,
    notJson: /not complete JSON.*Retry/,
    tooDeep: /nested too deeply.*Retry/,
    tooMany: /too many values.*Retry/,
    unexpectedShape: /is not a response of the Cloudflare API.*Retry/,
    edge: /No answer from the API \(status 500\).*error page.*Ray ID: ray/,
    unauthorized: /Token no longer works.*connect again/,
    location: /does not accept this token from your IP address.*Cloudflare says: told \(code 7\)/,
    notEnabled: /Zero Trust is not set up.*dashboard.*Cloudflare says: told/,
    forbidden: /lacks "Access: Organizations, Identity Providers, and Groups Read".*dashboard/,
    notFound: /no longer exists in Cloudflare.*refresh/,
    rateLimited: /rate limit is reached.*Retry in 24 s/,
    server: /Cloudflare has a problem \(status 500\).*Cloudflare says: told/,
    refused: /refused the request \(status 500\).*Cloudflare says: told \(code 7\)/,
    otherOrigin: /Nothing was sent.*another address.*Connect again/,
  };
  for (const [reason, expected] of Object.entries(words)) {
    it(`says what happened and what to do for ${reason}`, () => {
      const error = new CloudflareError({
        reason: reason as FailureReason,
        endpoint: 'GET /x',
        status: 500,
        ray: 'ray',
        code: reason === 'forbidden' ? 10_000 : 7,
        apiMessage: 'told',
        networkCode: 'ENOTFOUND',
        redirectHost: 'gateway.example',
        retryAfterSeconds: 24,
      });
      assert.match(plain(explainInOne(error)), expected);
    });
  }

  it('says that the extension was updated if a file of the running version is missing', () => {
    const error = Object.assign(new Error("Cannot find module 'x.mjs'"), { code: 'ERR_MODULE_NOT_FOUND' });
    assert.equal(explainInOne(error), 'SCIM Explorer was updated. Reload the window to use the new version.');
  });

  it('offers links to the developer documentation, and to nowhere else', () => {
    const linked = (documentationUrl: string) =>
      documentationLink(new CloudflareError({ reason: 'refused', endpoint: 'GET /x', documentationUrl }))?.authority;
    assert.equal(linked('https://developers.cloudflare.com/api/'), 'developers.cloudflare.com');
    for (const elsewhere of [
      'https://developers.cloudflare.com.example.com/',
      'http://developers.cloudflare.com/',
      'https://developers.cloudflare.com@example.com/',
      'command:workbench.action.quit',
      'documentation_url',
    ]) {
      assert.equal(linked(elsewhere), undefined, elsewhere);
    }
  });

  it('ends a body that never ends, and says so in its row', async () => {
    const simulator = await startSimulator();
    simulator.faults.add({ when: { path: '/identity_providers' }, effect: { kind: 'endlessDrip' } });
    const origin = new URL(simulator.baseUrl);
    const transport = new Transport({
      fetch: globalThis.fetch as Fetch,
      dispatcher: () => Promise.resolve(undefined),
      deadlineMs: 200,
    });
    const sender = new Sender(transport, () => origin, { maxRetries: 0 });
    const credential = { scheme: 'token', token: simulator.issueToken() } as const;
    const id = simulator.accounts[0]?.id ?? '';
    const account = new DirectoryAccount(id, '', new CloudflareApi(sender, { credential, origin: origin.origin }));
    const tree = new ProvidersTree(new Directory({ load: () => Promise.resolve([account]) }));
    const [row] = await tree.getChildren();
    assert.ok(row);
    assert.match(plain(tree.getTreeItem(row).label), /did not answer in time/);
    tree.dispose();
    await simulator.close();
  });
});
