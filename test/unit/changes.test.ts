import assert from 'node:assert/strict';
import { changesOf, mostLines } from '../../src/documents/changes';

const patch = (...Operations: unknown[]) => JSON.stringify({ schemas: ['urn:PatchOp'], Operations });

describe('what an update of the identity provider changed', () => {
  const cases: readonly [
    what: string,
    method: string | undefined,
    body: string | undefined,
    kind: string,
    lines: string[],
  ][] = [
    [
      'Okta deactivates',
      'PATCH',
      patch({ op: 'replace', value: { active: false } }),
      'deactivated',
      ['replace active: false'],
    ],
    [
      'Entra ID deactivates, with text for a boolean',
      'PATCH',
      patch({ op: 'Replace', path: 'active', value: 'False' }),
      'deactivated',
      ['replace active: False'],
    ],
    [
      'a user is active again',
      'PATCH',
      patch({ op: 'replace', path: 'active', value: true }),
      'reactivated',
      ['replace active: true'],
    ],
    [
      'the last of several states counts',
      'PATCH',
      patch({ op: 'replace', path: 'active', value: false }, { op: 'replace', path: 'active', value: true }),
      'reactivated',
      ['replace active: false', 'replace active: true'],
    ],
    [
      'a whole user that is inactive is sent',
      'PUT',
      '{"userName":"a@b.example","active":false}',
      'deactivated',
      ['userName: a@b.example', 'active: false'],
    ],
    ['a whole user is sent', 'PUT', '{"active":true}', 'changed', ['active: true']],
    [
      'a user is created, with nested values',
      'POST',
      '{"schemas":["urn:x"],"emails":[{"value":"a@b.example"}],"groups":[]}',
      'created',
      ['emails.0.value: a@b.example', 'groups: []'],
    ],
    ['a user is deleted', 'DELETE', '', 'deleted', []],
    [
      'a member is removed from a group',
      'PATCH',
      patch({ op: 'remove', path: 'members[value eq "1"]' }),
      'changed',
      ['remove members[value eq "1"]'],
    ],
    [
      'members are added',
      'PATCH',
      patch({ op: 'add', path: 'members', value: [{ value: '1' }] }),
      'changed',
      ['add members.0.value: 1'],
    ],
    ['the body is no JSON', 'PATCH', 'not JSON', 'changed', ['not JSON']],
    ['nothing is known', undefined, undefined, 'other', []],
    ['operations are no objects', 'PATCH', patch('x', null), 'changed', ['x', 'null']],
  ];
  for (const [what, method, body, kind, lines] of cases) {
    it(`says so where ${what}`, () => {
      assert.deepEqual(changesOf(method, body), { kind, lines, omitted: 0 });
    });
  }

  it('cuts long values and long lists, and counts what it leaves out', () => {
    const { lines, omitted } = changesOf(
      'PUT',
      JSON.stringify({ a: 'x'.repeat(10_000), list: Array.from({ length: 100 }, (_, i) => i) }),
    );
    assert.equal(lines.length, mostLines);
    assert.equal(omitted, 101 - mostLines);
    assert.ok((lines[0]?.length ?? 0) < 400);
  });

  it('reads deeply nested bodies', () => {
    assert.equal(changesOf('PUT', `${'{"a":'.repeat(500)}1${'}'.repeat(500)}`).lines.length, 1);
  });
});
