import { deepEqual, equal, ok } from 'node:assert/strict';
import * as v from 'valibot';
import { account, envelope, identityProvider, scimUser, tokenStatus } from '../../src/cloudflare/schemas';

const nobody = { emails: [], meta: {}, schemas: [] };

function parsedUser(json: string): unknown {
  return JSON.parse(JSON.stringify(v.parse(scimUser, JSON.parse(json))));
}

describe('a SCIM user', () => {
  it('is decoded with the fields that are used', () => {
    const user = {
      id: 'i',
      externalId: 'e',
      displayName: 'd',
      active: false,
      emails: [{ primary: true, type: 'work', value: 'a@example.com' }],
      meta: { created: '2024-01-01T00:00:00Z', lastModified: '2024-01-02T00:00:00Z' },
      schemas: ['urn:x'],
    };
    deepEqual(parsedUser(JSON.stringify({ ...user, groups: [1], userName: 'u' })), user);
  });

  it('may have no fields', () => {
    deepEqual(parsedUser('{}'), nobody);
    deepEqual(
      parsedUser(
        '{"id":null,"externalId":null,"displayName":null,"active":null,"emails":null,"meta":null,"schemas":null}',
      ),
      nobody,
    );
  });

  for (const odd of ['0', '"text"', '[]', '{}', 'true', '[[]]', '-1.5']) {
    it(`leaves out fields that are ${odd}, and keeps the others`, () => {
      const text = `{"id":"i","active":${odd},"emails":${odd},"meta":${odd},"schemas":${odd}}`;
      const user = v.parse(scimUser, JSON.parse(text));
      equal(user.id, 'i');
      equal(user.active, odd === 'true' ? true : undefined);
      ok(user.emails.every(({ value }) => value === undefined));
      deepEqual({ ...user.meta }, {});
      const names = v.parse(
        scimUser,
        JSON.parse(`{"id":${odd},"externalId":${odd},"displayName":${odd},"active":true}`),
      );
      equal(names.id, odd === '"text"' ? 'text' : undefined);
      equal(names.displayName, odd === '"text"' ? 'text' : undefined);
      equal(names.active, true);
    });
  }

  it('reads `active` from the words of Entra ID, and no other words', () => {
    for (const [active, expected] of [
      ['"True"', true],
      ['"False"', false],
      ['"true"', true],
      ['" FALSE "', false],
      ['"yes"', undefined],
      ['""', undefined],
      ['1', undefined],
      ['0', undefined],
    ] as const) {
      equal(v.parse(scimUser, JSON.parse(`{"active":${active}}`)).active, expected, active);
    }
  });

  it('reads an external id that is a number, if JSON keeps it exactly', () => {
    equal(v.parse(scimUser, JSON.parse('{"externalId":100234}')).externalId, '100234');
    equal(v.parse(scimUser, JSON.parse('{"externalId":12345678901234567890}')).externalId, undefined);
    equal(v.parse(scimUser, JSON.parse('{"externalId":1.5}')).externalId, undefined);
  });

  it('has no blank strings', () => {
    deepEqual(parsedUser('{"id":" ","externalId":"\u00a0","displayName":"\u2003","emails":[{"value":" "}]}'), {
      ...nobody,
      emails: [{}],
    });
  });

  it('has no empty strings', () => {
    deepEqual(parsedUser('{"id":"","displayName":"","emails":[{"value":""}]}'), { ...nobody, emails: [{}] });
  });

  it('keeps well-formed emails beside malformed ones, in order', () => {
    const text =
      '{"emails":[null,"x",{"value":1,"primary":"yes"},[],{"value":"a@example.com","primary":true,"type":null}]}';
    deepEqual(parsedUser(text), { ...nobody, emails: [{}, {}, {}, {}, { value: 'a@example.com', primary: true }] });
  });

  it('may be no object', () => {
    for (const text of ['null', '1', '"x"', '[]', 'true']) {
      deepEqual(parsedUser(text), nobody);
    }
  });

  it('ignores __proto__ and constructor', () => {
    const user = v.parse(
      scimUser,
      JSON.parse('{"__proto__":{"id":"evil","polluted":1},"constructor":{"prototype":{"polluted":1}}}'),
    );
    equal(user.id, undefined);
    equal(Object.getPrototypeOf(user), Object.prototype);
    equal(({} as { polluted?: unknown }).polluted, undefined);
  });
});

describe('an identity provider', () => {
  it('is decoded without its config, which holds secrets', () => {
    const json = {
      id: 'i',
      name: 'n',
      type: 'okta',
      config: { client_secret: 's' },
      scim_config: { enabled: true, secret: 's' },
    };
    deepEqual(JSON.parse(JSON.stringify(v.parse(identityProvider, json))), {
      id: 'i',
      name: 'n',
      type: 'okta',
      scim_config: { enabled: true },
    });
  });

  it('has no SCIM if the field is missing or malformed', () => {
    for (const scim of [undefined, null, 'on', [], { enabled: 'yes' }, { enabled: 1 }, {}]) {
      equal(v.parse(identityProvider, { id: 'i', scim_config: scim }).scim_config.enabled, undefined);
    }
    equal(v.parse(identityProvider, null).scim_config.enabled, undefined);
  });
});

describe('an account', () => {
  it('may have no fields, or be no object', () => {
    for (const odd of [{}, null, 1, 'x', [], { id: 1, name: {} }]) {
      deepEqual(
        { ...v.parse(account, odd) },
        typeof odd === 'object' && odd && 'name' in odd ? { id: undefined, name: undefined } : {},
      );
    }
  });
});

describe('a token status', () => {
  it('needs only its status', () => {
    equal(v.parse(tokenStatus, { status: 'active', expires_on: null }).expires_on, undefined);
    ok(!v.safeParse(tokenStatus, {}).success);
    ok(!v.safeParse(tokenStatus, { status: 1 }).success);
    ok(!v.safeParse(tokenStatus, null).success);
  });
});

describe('an envelope', () => {
  it('needs a boolean success', () => {
    for (const odd of [null, [], 'x', {}, { success: 'true' }, { success: 1 }, { success: null }]) {
      ok(!v.safeParse(envelope, odd).success);
    }
    ok(v.safeParse(envelope, { success: true }).success);
  });

  it('leaves out malformed errors and counts', () => {
    const odd = {
      success: false,
      errors: [null, 'x', { code: '10000', message: 5 }, { code: -1, message: 'm' }, { code: 7003, message: 'n' }],
      result_info: { page: '1', per_page: -1, total_count: 1.5 },
    };
    const { errors, result_info: info } = v.parse(envelope, odd);
    deepEqual(
      errors.map(({ code, message }) => [code, message]),
      [
        [undefined, undefined],
        [undefined, undefined],
        [undefined, undefined],
        [undefined, 'm'],
        [7003, 'n'],
      ],
    );
    deepEqual([info.page, info.per_page, info.total_count], [undefined, undefined, undefined]);
    for (const none of [undefined, null, 'x', {}, 3]) {
      deepEqual([...v.parse(envelope, { success: false, errors: none }).errors], []);
    }
  });
});
