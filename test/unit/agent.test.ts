import { equal, notEqual } from 'node:assert/strict';
import { longLivedAgent } from '../../src/cloudflare/transport';

describe('longLivedAgent', () => {
  it('is one agent for all requests', async () => {
    const agent = longLivedAgent(() => false);
    const [first, second] = await Promise.all([agent(), agent()]);
    notEqual(first, undefined);
    equal(first, second);
    equal(await agent(), first);
  });

  it('is undefined if it is left out, which is asked for each request', async () => {
    let isLeftOut = true;
    const agent = longLivedAgent(() => isLeftOut);
    equal(await agent(), undefined);
    isLeftOut = false;
    const made = await agent();
    notEqual(made, undefined);
    isLeftOut = true;
    equal(await agent(), undefined);
    isLeftOut = false;
    equal(await agent(), made);
  });
});
