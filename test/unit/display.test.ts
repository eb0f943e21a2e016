import { equal } from 'node:assert/strict';
import * as v from 'valibot';
import { scimUser } from '../../src/cloudflare/schemas';
import { primaryEmail, userName } from '../../src/directory/display';

const user = (json: object) => v.parse(scimUser, json);

describe('primaryEmail', () => {
  it('is the one that is marked, else the first that has a value', () => {
    equal(primaryEmail(user({ emails: [{ value: 'a' }, { value: 'b', primary: true }] })), 'b');
    equal(primaryEmail(user({ emails: [{ value: 'a', primary: false }, { value: 'b' }] })), 'a');
    equal(primaryEmail(user({ emails: [{ primary: true }, { value: 'b' }] })), 'b');
    equal(primaryEmail(user({ emails: [null, { value: 'b', primary: 'true' }, { value: 'c' }] })), 'b');
    equal(primaryEmail(user({ emails: [{}] })), undefined);
    equal(primaryEmail(user({})), undefined);
  });
});

describe('userName', () => {
  it('is the first of display name, email, external id and id that there is', () => {
    const whole = { displayName: 'd', emails: [{ value: 'e' }], externalId: 'x', id: 'i' };
    equal(userName(user(whole)), 'd');
    equal(userName(user({ ...whole, displayName: '' })), 'e');
    equal(userName(user({ ...whole, displayName: null, emails: [] })), 'x');
    equal(userName(user({ id: 'i' })), 'i');
    equal(userName(user({})), undefined);
  });
});
