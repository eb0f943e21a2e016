import { deepEqual, equal, ok } from 'node:assert/strict';
import { quota, RateLimits, windowSeconds } from '../simulator/rateLimits.mts';

describe("the simulator's rate limits", () => {
  it('refuse the request past the quota and every one in the next five minutes', () => {
    let now = 0;
    const limits = new RateLimits(() => now);
    for (let request = 1; request <= quota; request += 1) {
      equal(limits.count('a').refusal, undefined);
    }

    now = 60_000;
    const { refusal, headers } = limits.count('a');
    equal(refusal?.status, 429);
    equal(refusal.headers['retry-after'], String(windowSeconds));
    deepEqual(headers, { ratelimit: '"default";r=0;t=300', 'ratelimit-policy': '"default";q=1200;w=300' });

    now += windowSeconds * 1000 - 1;
    ok(limits.count('a').refusal, 'still refused');
    now += 1;
    equal(limits.count('a').refusal, undefined);
  });

  it('count each credential by itself, and begin anew when the window is over', () => {
    let now = 0;
    const limits = new RateLimits(() => now);
    for (let request = 1; request <= quota; request += 1) {
      limits.count('a');
    }
    equal(limits.count('b').headers.ratelimit, '"default";r=1199;t=300');

    now = windowSeconds * 1000;
    equal(limits.count('a').headers.ratelimit, '"default";r=1199;t=300');
  });

  it('let each request leave a sliding window after its length, and say so in the headers', () => {
    let now = 0;
    const limits = new RateLimits(() => now);
    limits.count('a', 'sliding');
    now = 1000;
    for (let request = 2; request <= quota; request += 1) {
      equal(limits.count('a', 'sliding').refusal, undefined);
    }
    now = windowSeconds * 1000;
    equal(limits.count('a', 'sliding').headers.ratelimit, '"default";r=0;t=300');
    equal(limits.count('a', 'sliding').refusal?.status, 429);
  });

  it('say something consistent while they are off', () => {
    let now = 0;
    const limits = new RateLimits(() => now);
    equal(limits.count('a', 'off').headers.ratelimit, '"default";r=999999;t=300');
    now = 10_000;
    equal(limits.count('a', 'off').headers.ratelimit, '"default";r=999998;t=290');
  });
});
