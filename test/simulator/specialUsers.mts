import type { ScimUser, UserRecord } from './users.mts';

/**
 * The hand-made users of the small SAML provider: the page's own example first, what a list may hold but rarely does
 * near the end (no ids, null fields, values that try to be markup or commands, numbers and keys that JSON.parse loses).
 */
type SpecialUser = (record: UserRecord) => UserRecord;

const longName = `${'Maximiliana '.repeat(416)}Longname`;

/** Changes fields; `undefined` takes the field away. */
function change(fields: ScimUser): SpecialUser {
  return (record) => {
    const user: ScimUser = { ...record.user, ...fields };
    for (const [field, value] of Object.entries(fields)) {
      if (value === undefined) {
        Reflect.deleteProperty(user, field);
      }
    }
    return { ...record, user };
  };
}

function only(...fields: readonly (keyof ScimUser)[]): SpecialUser {
  return (record) => ({
    ...record,
    user: Object.fromEntries(Object.entries(record.user).filter(([field]) => fields.includes(field))),
  });
}

const specialUsers: Readonly<Record<number, SpecialUser>> = {
  0: () => ({
    userName: 'john.smith',
    user: {
      id: 'bd97ef8d-7986-43e3-9ee0-c25dda33e4b0',
      active: true,
      displayName: 'John Smith',
      emails: [{ primary: true, type: 'work', value: 'john.smith@example.com' }],
      externalId: 'john_smith',
      meta: { created: '2025-01-01T00:00:00Z', lastModified: '2025-01-02T00:00:00Z' },
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    },
  }),
  20: change({ displayName: undefined }),
  21: change({ emails: null }),
  22: change({ emails: [] }),
  23: change({ externalId: null, active: undefined }),
  24: change({ meta: undefined, schemas: undefined }),
  25: change({ id: undefined }),
  26: only('id'),
  27: only('externalId'),
  28: change({ displayName: '$(zap) Zed' }),
  29: change({ displayName: '[click](command:workbench.action.quit)' }),
  30: change({ displayName: 'Anna \u202Egnp.exe' }),
  31: change({ displayName: 'First line\nSecond line' }),
  32: change({ displayName: longName }),
  33: (record) => ({
    ...record,
    rawMembers: '"employeeNumber":12345678901234567890,"fullTimeShare":1.0,"costCentre":"A1","costCentre":"B2"',
  }),
  34: change({ displayName: '', emails: [{}], meta: {} }),
  35: change({ displayName: '<img src=x onerror=alert(1)> & "co"', emails: [{ value: 'not an address' }] }),
};

/** The hand-made user at an index, or the ordinary one. */
export function specialUserAt(index: number, record: UserRecord): UserRecord {
  return specialUsers[index]?.(record) ?? record;
}
