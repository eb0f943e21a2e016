import { deepEqual, ok, rejects } from 'node:assert/strict';
import Module from 'node:module';
import { baseUrl, credential, FakeFetch, unhandledRejections } from '../support/fakes';

/** How Node loads what a bundle requires; not part of its types. */
interface Loading {
  _load: (request: string, ...rest: unknown[]) => unknown;
}

describe('without the libraries of the network', () => {
  // A file of its own: what a bundle has loaded once it does not load again.
  it('a request fails, nothing hangs, and every rejection is handled', async () => {
    const loading = Module as unknown as Loading;
    const load = loading._load;
    let missed = 0;
    loading._load = function (request, ...rest) {
      if (request === 'structured-headers') {
        missed++;
        throw new Error('Cannot find module');
      }
      return load.call(this, request, ...rest);
    };
    try {
      const fake = new FakeFetch(() => new Response('{}'));
      const authorization = { credential, origin: new URL(baseUrl).origin };
      const request = { endpoint: 'GET /x', path: '/x', query: new URLSearchParams(), authorization };
      const unhandled = await unhandledRejections(() => rejects(fake.gate().send(request), /Cannot find module/));
      deepEqual([unhandled, fake.asked], [[], []]);
      ok(missed > 0);
    } finally {
      loading._load = load;
    }
  });
});
