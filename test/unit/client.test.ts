import { deepEqual, equal, notEqual, rejects, throws } from 'node:assert/strict';
import { InvalidBaseUrlError, parseBaseUrl } from '../../src/cloudflare/baseUrl';
import { CloudflareClient, type ClientOptions } from '../../src/cloudflare/client';
import { CloudflareError } from '../../src/cloudflare/errors';
import type { Exchange } from '../../src/cloudflare/request';
import { authorization, baseUrl, FakeFetch, listResponse, reference, settled } from '../support/fakes';
import { VirtualClock } from '../support/virtualClock';

const limits = (remaining: number) => ({
  headers: { ratelimit: `"default";r=${remaining};t=59`, 'ratelimit-policy': '"default";q=100;w=60' },
});

function clientOver(fake: FakeFetch, options: Partial<ClientOptions> = {}): CloudflareClient {
  return new CloudflareClient({
    fetch: fake.fetch,
    isAgentLeftOut: () => true,
    baseUrl: () => parseBaseUrl(baseUrl),
    reservedPercent: () => undefined,
    clock: new VirtualClock(),
    random: () => 0,
    ...options,
  });
}

describe('CloudflareClient', () => {
  it('opens the API with a credential, and sends nothing for that', async () => {
    const fake = new FakeFetch(() => listResponse([]));
    const api = await clientOver(fake).open(authorization);
    equal(fake.requests.length, 0);
    await api.listAccounts();
    deepEqual(
      fake.requests.map(({ headers }) => headers.Authorization),
      ['Bearer the-token'],
    );
  });

  it('has the origin of the address in force, and throws for an invalid one', () => {
    let address = baseUrl;
    const client = clientOver(new FakeFetch(() => listResponse([])), { baseUrl: () => parseBaseUrl(address) });
    equal(client.origin, 'https://api.test');
    address = 'https://other.test/v4';
    equal(client.origin, 'https://other.test');
    address = 'http://other.test';
    throws(() => client.origin, InvalidBaseUrlError);
  });

  it('sends nothing once the address in force has another origin', async () => {
    const fake = new FakeFetch(() => listResponse([]));
    let address = baseUrl;
    const client = clientOver(fake, { baseUrl: () => parseBaseUrl(address) });
    const api = await client.open(authorization);
    address = 'https://other.test/client/v4';
    await rejects(api.listAccounts(), (error) => error instanceof CloudflareError && error.reason === 'otherOrigin');
    equal(fake.requests.length, 0);
  });

  it('lets all credentials share the eight requests in flight', async () => {
    const fake = new FakeFetch(() => Promise.withResolvers<Response>().promise);
    const client = clientOver(fake);
    const other = { ...authorization, credential: { scheme: 'token', token: 'another-token' } as const };
    const [first, second] = await Promise.all([client.open(authorization), client.open(other)]);
    const pages = [1, 2, 3, 4, 5, 6, 7, 8];
    const asked = pages.flatMap((page) => [first, second].map((api) => api.scimUserPage(reference, page)));
    const ended = Promise.allSettled(asked);
    await settled();
    equal(fake.requests.length, 8);
    first.close(new Error('closed'));
    second.close(new Error('closed'));
    await ended;
  });

  it('emits each exchange, and each wait for the rate limit', async () => {
    const clock = new VirtualClock();
    const fake = new FakeFetch(() => listResponse([], undefined));
    const client = clientOver(fake, { clock });
    const exchanges: Exchange[] = [];
    const waits: number[] = [];
    client.on('exchange', (exchange) => exchanges.push(exchange));
    client.on('heldBack', (_credential, waitMs) => waits.push(waitMs));
    const api = await client.open(authorization);
    fake.respond = () => new Response('{"success":true,"result":[]}', limits(0));
    await clock.run(api.scimUserPage(reference, 1));
    await clock.run(api.scimUserPage(reference, 2));
    deepEqual(
      exchanges.map(({ outcome, remaining }) => [outcome, remaining]),
      [
        ['200', 0],
        ['200', 0],
      ],
    );
    deepEqual(waits, [60_000, 0]);
  });

  it('leaves the part of a rate-limit window unused by bulk requests that the setting says at that moment', async () => {
    const clock = new VirtualClock();
    let percent: unknown = 50;
    const client = clientOver(new FakeFetch(() => new Response('{"success":true,"result":[]}', limits(99))), {
      clock,
      reservedPercent: () => percent,
    });
    const api = await client.open(authorization);
    await clock.run(api.scimUserPage(reference, 1));
    const fits = (requests: number) => api.bulkDuration(requests).waitMs === 0;
    deepEqual([fits(49), fits(50)], [true, false]);
    percent = 0;
    deepEqual([fits(99), fits(100)], [true, false]);
    for (percent of [undefined, '50', -1, 91, NaN]) {
      deepEqual([fits(89), fits(90)], [true, false], `${String(percent)} means 10`);
    }
  });

  it('asks before each request whether to send it with its own agent', async () => {
    const dispatchers: unknown[] = [];
    let isAgentLeftOut = true;
    const client = clientOver(new FakeFetch(() => listResponse([])), {
      isAgentLeftOut: () => isAgentLeftOut,
      fetch: (_url, { dispatcher }) => {
        dispatchers.push(dispatcher);
        return Promise.resolve(listResponse([]));
      },
    });
    const api = await client.open(authorization);
    await api.scimUserPage(reference, 1);
    isAgentLeftOut = false;
    await api.scimUserPage(reference, 2);
    await api.scimUserPage(reference, 3);
    equal(dispatchers[0], undefined);
    notEqual(dispatchers[1], undefined);
    equal(dispatchers[2], dispatchers[1]);
  });
});
