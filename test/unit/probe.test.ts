import { deepEqual, doesNotMatch, equal, match, ok } from 'node:assert/strict';
import { ProbeClient } from '../../tools/probe/client.mts';
import { findings } from '../../tools/probe/findings.mts';
import { startSimulator, type Simulator, type SimulatorOptions } from '../simulator/simulator.mts';

/** The report of the probe in front of a simulator, by question. */
async function report(options: SimulatorOptions, prepare?: (simulator: Simulator) => void) {
  let now = Date.now();
  const simulator = await startSimulator({ ...options, now: () => now });
  try {
    prepare?.(simulator);
    const token = simulator.issueToken();
    const client = new ProbeClient(simulator.baseUrl, token);
    const [account] = simulator.accounts;
    const pause = () => Promise.resolve((now += 4000));
    const answers = new Map<string, string>();
    for await (const { question, answer } of findings(client, account?.id, { pause, random: () => 'no-such-text' })) {
      ok(!answers.has(question), question);
      answers.set(question, answer);
    }
    const text = [...answers].flat().join('\n');
    ok(!text.includes(token));
    const secrets = (account?.identityProviders ?? []).flatMap(({ id, name }) => [id, name]);
    ok(secrets.every((secret) => !text.includes(secret)));
    for (const i of [0, 1, 2, 3, 4]) {
      const { id, displayName, emails } = account?.identityProviders[1]?.user(i) ?? {};
      const personal = [id, displayName, ...(emails ?? []).map(({ value }) => value)].flatMap((secret) => secret ?? []);
      ok(personal.every((secret) => !text.includes(secret)));
    }
    ok(client.sent <= 50, `${client.sent} requests`);
    equal(simulator.requests.length, client.sent);
    ok(simulator.requests.every(({ method }) => method === 'GET'));
    return answers;
  } finally {
    await simulator.close();
  }
}

describe('npm run probe', () => {
  it('reports pages, filters and ids of a server without personal data', async () => {
    const answers = await report({});
    equal(answers.get('First page with per_page=1000')?.includes('per_page 100'), true);
    match(answers.get('The page behind the last one') ?? '', /^status 200, 0 results/);
    match(answers.get('Filter email, whole text') ?? '', /^finds the user/);
    match(answers.get('Filter email, other case') ?? '', /^finds the user/);
    match(answers.get('Filter email, inner part') ?? '', /^does not find the user/);
    match(answers.get('Filter cf_resource_id') ?? '', /^finds the user/);
    match(answers.get('Filters email and name in one request') ?? '', /^status 200, 0 results/);
  });

  it('tells whether filters regard the case', async () => {
    const answers = await report({ filterCase: 'sensitive' });
    match(answers.get('Filter email, other case') ?? '', /^does not find the user/);
  });

  for (const [partialMatch, expected] of [
    ['honour', [/^status 200, 0 results/, /^finds the user/]],
    ['ignore', [/^status 200, 100 results/, /^finds the user/]],
    ['refuse', [/^status 400/, /^does not find the user; status 400/]],
    ['nobody', [/^status 200, 0 results/, /^does not find the user/]],
  ] as const) {
    it(`tells what a server does with filters for a part: ${partialMatch}`, async () => {
      const answers = await report({ partialMatch });
      match(answers.get('Filter search_contains, random text') ?? '', expected[0]);
      match(answers.get('Filter search_contains, part of an email') ?? '', expected[1]);
    });
  }

  it('tells a fixed window of the rate limit from a sliding one', async () => {
    match((await report({ rateLimits: 'cloudflare' })).get('Window of the rate limit') ?? '', /^fixed/);
    match((await report({ rateLimits: 'sliding' })).get('Window of the rate limit') ?? '', /^sliding/);
  });

  it('names a null list and an error behind the end', async () => {
    for (const [effect, expected] of [
      [{ kind: 'rewriteJson', rewrite: (value: object) => ({ ...value, result: null }) }, /result null/],
      [{ kind: 'unsuccessful', status: 404, code: 12135 }, /^status 404, .*error 12135/],
    ] as const) {
      const answers = await report({}, (simulator) =>
        simulator.faults.add({ when: { query: { page: '21' } }, effect: effect as never }),
      );
      match(answers.get('The page behind the last one') ?? '', expected);
    }
  });

  it('stops at its budget', async () => {
    const simulator = await startSimulator();
    const client = new ProbeClient(simulator.baseUrl, simulator.issueToken());
    for (let i = 0; i < client.most; i++) {
      await client.get('/accounts');
    }
    const refused = await client.get('/accounts').then(
      () => '',
      (error: unknown) => (error as Error).message,
    );
    match(refused, /budget of 50 requests/);
    equal(simulator.requests.length, 50);
    doesNotMatch(refused, /Bearer/);
    deepEqual(client.sent, 50);
    await simulator.close();
  });
});
