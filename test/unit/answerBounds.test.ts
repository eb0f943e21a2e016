import assert from 'node:assert/strict';
import * as v from 'valibot';
import { openEnvelope } from '../../src/cloudflare/envelope';
import { CloudflareError } from '../../src/cloudflare/errors';
import { JsonLimitError, maxJsonStructure, maxPageElements, scanEnvelope } from '../../src/cloudflare/json';
import { account, envelope, identityProvider, scimUser, tokenStatus } from '../../src/cloudflare/schemas';
import { answer, FakeFetch, listResponse } from '../support/fakes';

const tooMany = new JsonLimitError('tooMany');

function reasonFor(text: string, status = 200): string {
  try {
    openEnvelope(answer(text, { status }), 'GET /x');
    return 'ok';
  } catch (error) {
    assert.ok(error instanceof CloudflareError);
    return error.reason;
  }
}

describe('A response with too many values', () => {
  const list = (element: string, count: number) =>
    `{"success":true,"result":[${Array(count).fill(element).join(',')}]}`;

  for (const element of ['{}', '[]', '1', '""', 'null', '{"a":[1,{}]}', ' {} ', '"],["', '[[],[]]', '-1.5e3']) {
    it(`is refused with 1,001 elements ${element}, and read with 1,000`, () => {
      assert.equal(maxPageElements, 1000);
      assert.equal(reasonFor(list(element, 1000)), 'ok');
      assert.equal(reasonFor(list(element, 1001)), 'tooMany');
      // An error response is refused for the same reason.
      assert.equal(reasonFor(list(element, 1001), 500), 'tooMany');
    });
  }

  it('is refused however the key of the list is written and wherever the response breaks off', () => {
    const thousand = Array(1001).fill('{}').join(',');
    for (const text of [
      `{"success":true,"r\\u0065sult":[${thousand}]}`,
      `{"success":true,"result":[1],"result":[${thousand}]}`,
      `{"success":true,"result":[${thousand}],"result":[1]}`,
      `{"success":true,"result":[${thousand},`,
    ]) {
      assert.throws(() => scanEnvelope(text), tooMany, text.slice(0, 40));
    }
  });

  const half = maxJsonStructure / 2;
  const structures: Record<string, string> = {
    'empty objects': `[${'{}'.repeat(half - 1)}]`,
    'empty lists': `{"x":[${'[]'.repeat(half - 4)}]`.padEnd(maxJsonStructure, ','),
    commas: ','.repeat(maxJsonStructure),
    colons: ':'.repeat(maxJsonStructure),
    'closing brackets': '}'.repeat(maxJsonStructure),
  };
  for (const [what, text] of Object.entries(structures)) {
    it(`is refused with more than five million structural characters: ${what}`, () => {
      const counted = text.replace(/"[^"]*"/g, '').replace(/[^{}[\],:]/g, '').length;
      const most = text + ','.repeat(maxJsonStructure - counted);
      assert.doesNotThrow(() => scanEnvelope(most));
      for (const one of ['{', '}', '[', ']', ',', ':']) {
        assert.throws(() => scanEnvelope(most + one), tooMany);
      }
    }).timeout(20_000);
  }

  it('does not count characters inside strings', () => {
    assert.equal(reasonFor(`{"success":true,"result":["${'[{,:}]'.repeat(1_000_000)}"]}`), 'ok');
  }).timeout(20_000);

  it('is refused at 20 MiB of empty users in one list, in lists of lists, and beside the list', () => {
    const objects = '{},'.repeat(7_000_000);
    for (const text of [
      `{"success":true,"result":[${objects}{}]}`,
      `{"success":true,"result":[[${objects}{}]]}`,
      `{"success":true,"result":[],"messages":[${objects}{}]}`,
      `{"success":false,"errors":[${objects}{}]}`,
      `[${objects}{}]`,
    ]) {
      assert.equal(reasonFor(text), 'tooMany');
    }
  }).timeout(30_000);

  it('throws tooMany for every list of the API', async () => {
    const fake = new FakeFetch(() => listResponse(Array.from({ length: 1001 }, (_, i) => ({ id: `id-${i}` }))));
    const api = fake.api();
    const isTooMany = (error: unknown) => error instanceof CloudflareError && error.reason === 'tooMany';
    await assert.rejects(api.listAccounts(), isTooMany);
    await assert.rejects(api.listIdentityProviders('acc'), isTooMany);
    await assert.rejects(api.scimUserPage({ accountId: 'acc', identityProviderId: 'idp' }, 1), isTooMany);
    assert.equal(fake.requests.length, 3);
  });
});

describe('Long lists in a response', () => {
  it('end at 5,000 accounts or identity providers', async () => {
    const fake = new FakeFetch(({ url }) => {
      const page = url.searchParams.get('page') ?? '';
      return listResponse(Array.from({ length: 1000 }, (_, i) => ({ id: `${page}-${i}`, name: 'n' })));
    });
    assert.equal((await fake.api().listAccounts()).length, 5000);
    assert.equal((await fake.api().listIdentityProviders('acc')).length, 5000);
    assert.equal(fake.requests.length, 10);
  });

  it('are cut after 100 elements within an object', () => {
    const user = v.parse(scimUser, {
      emails: Array.from({ length: 5000 }, (_, i) => ({ value: `${i}@example.com` })),
      schemas: Array(5000).fill('urn:x'),
    });
    assert.deepEqual([user.emails.length, user.schemas.length, user.emails[99]?.value], [100, 100, '99@example.com']);
    const { errors } = v.parse(envelope, { success: false, errors: Array(5000).fill({ code: 7 }) });
    assert.deepEqual([errors.length, errors[0]?.code], [100, 7]);
    assert.deepEqual(v.parse(scimUser, { emails: { length: 5 }, schemas: 'x' }).emails, []);
  });
});

describe('Long strings in a response', () => {
  const long = 'x'.repeat(5 << 20);

  it('are no ids beyond 256 characters', () => {
    for (const schema of [scimUser, identityProvider, account]) {
      assert.equal(v.parse(schema, { id: 'x'.repeat(256) }).id?.length, 256);
      assert.equal(v.parse(schema, { id: 'x'.repeat(257) }).id, undefined);
      assert.equal(v.parse(schema, { id: long }).id, undefined);
    }
  });

  it('are cut in names and types, but in no field that can be copied', () => {
    const { name, type } = v.parse(identityProvider, { id: 'a', name: long, type: `${'x'.repeat(999)}😀` });
    assert.deepEqual([name?.length, type?.length, type?.isWellFormed()], [1000, 999, true]);
    assert.equal(v.parse(account, { id: 'a', name: long }).name?.length, 1000);
    const user = v.parse(scimUser, { externalId: long, displayName: long, emails: [{ value: long }] });
    assert.deepEqual([user.externalId, user.displayName, user.emails[0]?.value], [long, long, long]);
  });

  it('count as missing in dates and URLs', () => {
    const status = v.parse(tokenStatus, { status: 'active', expires_on: long, not_before: long });
    assert.deepEqual([status.expires_on, status.not_before], [undefined, undefined]);
    const { errors } = v.parse(envelope, { success: false, errors: [{ code: 1, documentation_url: long }] });
    assert.equal(errors[0]?.documentation_url, undefined);
  });
});
