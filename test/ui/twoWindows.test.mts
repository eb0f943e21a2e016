import assert from 'node:assert/strict';
import { Person } from '../support/browser/person.mts';
import { until } from '../support/until.mts';

describe('two windows with one token', () => {
  let first: Person;
  let second: Person;
  let token: string;

  before(async () => {
    first = await Person.start();
    second = await Person.startBeside(first);
    first.simulator.rateLimits = 'cloudflare';
    token = first.simulator.issueToken();
    await first.connect(undefined, token);
    await second.connect(undefined, token);
  });
  after(async () => {
    await second.window.close();
    await first.end();
  });

  /** Sends requests as Terraform does, with the same token. */
  async function useByOthers(requests: number): Promise<void> {
    const { baseUrl } = first.simulator;
    for (let sent = 0; sent < requests; sent += 50) {
      await Promise.all(
        Array.from({ length: 50 }, async () => {
          const response = await fetch(`${baseUrl}/accounts`, { headers: { Authorization: `Bearer ${token}` } });
          await response.arrayBuffer();
        }),
      );
    }
  }

  it('wait for the rate limit with what loads in the background, go on with what the user opens, and get no 429', async () => {
    await useByOthers(1100);
    for (const person of [first, second]) {
      await person.chooseFromContextMenu(person.window.row('Okta').first(), 'Load All Users');
      await person.window.dialog.filter({ hasText: /Load all users of .?Okta.?: [\d,]+ now/ }).waitFor();
      await person.window.dialog.getByRole('button', { name: 'Load All' }).click();
      await person.page
        .locator('.notification-toast')
        .filter({ hasText: /waiting \d:\d\d for the rate limit/ })
        .waitFor();
    }
    for (const person of [first, second]) {
      await person.window.row('Workshop SAML').click();
      await person.window.row('John Smith').waitFor();
    }
    const statuses = () => new Set(first.simulator.requests.map(({ status }) => status));
    assert.deepEqual(statuses(), new Set([200]));

    for (const person of [first, second]) {
      await person.page.locator('.notification-toast').getByRole('button', { name: 'Cancel' }).click();
      await until('the end of the load', async () => (await person.page.locator('.notification-toast').count()) === 0);
    }
  });
});
