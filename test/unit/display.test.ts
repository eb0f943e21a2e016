import { equal } from 'node:assert/strict';
import * as v from 'valibot';
import { scimUser } from '../../src/cloudflare/schemas';
import { primaryEmail, resourceName } from '../../src/directory/display';

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

describe('resourceName', () => {
  it('is the first of display name, email, external id and id that there is', () => {
    const whole = { displayName: 'd', emails: [{ value: 'e' }], externalId: 'x', id: 'i' };
    equal(resourceName(user(whole)), 'd');
    equal(resourceName(user({ ...whole, displayName: '' })), 'e');
    equal(resourceName(user({ ...whole, displayName: null, emails: [] })), 'x');
    equal(resourceName(user({ id: 'i' })), 'i');
    equal(resourceName(user({})), undefined);
  });
});
