import { deepEqual, ok } from 'node:assert/strict';
import { isLongEnough, serverPlan } from '../../src/lookup/serverPlan';
import { parseQuery } from '../../src/matching/query';
import { uuid } from '../support/searchWorld';

function questions(text: string): string[] {
  return serverPlan(parseQuery(text)).questions.map(({ field, text: sought }) => `${field}=${sought}`);
}

describe('serverQuestions', () => {
  const asked: Record<string, string[]> = {
    anna: ['email=anna', 'username=anna', 'name=anna', 'idp_resource_id=anna'],
    'Änna Müller': ['name=Änna Müller', 'username=Änna Müller'],
    '"Änna  Müller"': ['name=Änna  Müller', 'username=Änna  Müller'],
    'Anna.M+x@Example.com': ['email=Anna.M+x@Example.com', 'username=Anna.M+x@Example.com'],
    'anna@': ['email=anna@', 'username=anna@', 'name=anna@', 'idp_resource_id=anna@'],
    'anna@example.': [
      'email=anna@example.',
      'username=anna@example.',
      'name=anna@example.',
      'idp_resource_id=anna@example.',
    ],
    [uuid(7)]: [`cf_resource_id=${uuid(7)}`, `idp_resource_id=${uuid(7)}`],
    [uuid(7).slice(1)]: ['email', 'username', 'name', 'idp_resource_id'].map((field) => `${field}=${uuid(7).slice(1)}`),
    'email:a@b.cc': ['email=a@b.cc'],
    'user:login': ['username=login'],
    'name:"Anna M"': ['name=Anna M'],
    'ext:00u1': ['idp_resource_id=00u1'],
    [`id:${uuid(7)}`]: [`cf_resource_id=${uuid(7)}`],
    'id:00000000-0000': [],
    'anna is:inactive idp:okta': ['email=anna', 'username=anna', 'name=anna', 'idp_resource_id=anna'],
    'anna user:login': ['username=login', 'email=anna', 'username=anna', 'name=anna'],
    'is:inactive': [],
    'idp:okta': [],
    '': [],
    'Jane Doe <jane@x.example>': ['email=jane@x.example', 'username=jane@x.example'],
    [`"id": "${uuid(7)}",`]: [`cf_resource_id=${uuid(7)}`, `idp_resource_id=${uuid(7)}`],
    [`00u${'a1'.repeat(8)}b`]: [`idp_resource_id=00u${'a1'.repeat(8)}b`],
    'Doe, Jane': ['name=Doe, Jane', 'username=Doe, Jane'],
    "'jane',": ['email=jane', 'username=jane', 'name=jane', 'idp_resource_id=jane'],
    a: [],
    '𠮷': [],
    'name:a': [],
    山田: ['email=山田', 'username=山田', 'name=山田', 'idp_resource_id=山田'],
  };
  for (const [text, expected] of Object.entries(asked)) {
    it(`asks for ${JSON.stringify(text)} as typed, in ${expected.length} ways`, () =>
      deepEqual(questions(text), expected));
  }
});

describe('the occasion of a question', () => {
  const occasions = (text: string) => serverPlan(parseQuery(text)).questions.map(({ occasion }) => occasion);

  it('is `whole` for a text that names one user', () => {
    for (const text of [uuid(1), uuid(1).toUpperCase(), 'jane.doe+x@mail.example.com', 'a b@c.dd', 'email:a@b.cc']) {
      ok(
        occasions(text).every((occasion) => occasion === 'whole'),
        text,
      );
    }
  });

  it('is `username` for one word as a username, and `request` for everything else', () => {
    deepEqual(occasions('petersen'), ['request', 'username', 'request', 'request']);
    for (const text of ['a@b', 'a@b.c', '@b.cc', 'a@b@c.dd', 'jane doe', 'name:jane', uuid(1).slice(1) + ' x']) {
      ok(
        occasions(text).every((occasion) => occasion === 'request'),
        text,
      );
    }
  });
});

describe('isLongEnough', () => {
  it('counts characters, not their halves', () => {
    deepEqual(['', 'a', '😀', 'ab', '😀😀'].map(isLongEnough), [false, false, false, true, true]);
  });
});
