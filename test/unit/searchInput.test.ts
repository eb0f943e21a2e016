import assert from 'node:assert/strict';
import fc from 'fast-check';
import { inquiries } from '../../src/lookup/serverSearch';
import { serverPlan } from '../../src/lookup/serverPlan';
import { mostTerms, parseQuery } from '../../src/matching/query';
import { rankOf } from '../../src/matching/rankOf';
import { type SearchableUser, UserIndex } from '../../src/matching/userIndex';
import { plainSearch } from '../support/plainScan';
import { holds, patienceMs } from '../support/properties';
import { all, jane, SearchWorld, uuid } from '../support/searchWorld';

const numbered = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}${i}`).join(' ');
const termsOf = (typed: string) => parseQuery(typed).terms.map(({ text, field }) => `${field ?? ''}:${text}`);

describe('What is typed again and again', () => {
  it('counts once, however it is written', () => {
    assert.deepEqual(termsOf('anna Anna ÁNNA "anna" anna'), [':anna']);
    assert.deepEqual(termsOf('ext:0x EXT:0X ext:"0x"'), ['externalId:0x']);
    assert.deepEqual(termsOf('user:a user:A'), ['username:a']);
    assert.deepEqual(parseQuery('idp:okta IDP:Ökta idp:okta').providers, ['okta']);
    assert.equal(parseQuery(Array(90).fill('a').join(' ')).isCut, false);
  });

  it('counts apart in different fields', () => {
    assert.deepEqual(termsOf('a name:a email:a id:a ext:a user:a'), [
      ':a',
      'name:a',
      'email:a',
      'id:a',
      'externalId:a',
      'username:a',
    ]);
  });

  it('goes to the server as it was typed', () => {
    assert.equal(parseQuery('Anna anna').text, 'Anna anna');
  });
});

describe('What is typed beyond twelve terms', () => {
  it('does not count, and is said to be cut', () => {
    assert.equal(mostTerms, 12);
    for (const prefix of ['w', 'ext:0x', 'user:u', 'name:n', 'foo:b', 'is:b']) {
      const [twelve, thirteen] = [parseQuery(numbered(prefix, 12)), parseQuery(numbered(prefix, 13))];
      assert.deepEqual([twelve.terms.length, twelve.isCut], [12, false], prefix);
      assert.deepEqual([thirteen.terms, thirteen.isCut], [twelve.terms, true], prefix);
    }
    const providers = parseQuery(numbered('idp:p', 13));
    assert.deepEqual([providers.providers.length, providers.isCut], [12, true]);
  });

  it('is not cut by what counts for nothing', () => {
    const typed = `${numbered('w', 12)} w0 w1 \u0301 email: is:active is:inactive idp: ""`;
    assert.deepEqual([parseQuery(typed).terms.length, parseQuery(typed).isCut], [12, false]);
  });
});

describe('The server', () => {
  const typed: Readonly<Record<string, string>> = {
    'sixty external ids': numbered('ext:0x', 60),
    'sixty usernames': numbered('user:login', 60),
    'a word and sixty emails': `anna ${numbered('email:a', 60)}`,
    'every prefix at once': `anna email:bb user:cc name:dd ext:ee id:${uuid(7)}`,
    'a word, twice with prefixes': 'anna email:anna user:anna name:anna ext:anna',
    'a UUID and others': `${uuid(1)} ext:${uuid(1)} id:${uuid(1)} email:bb`,
    'ninety words': numbered('word', 90),
    'one word': 'anna',
  };
  for (const partial of ['ignore', 'honour'] as const) {
    for (const [what, text] of Object.entries(typed)) {
      it(`is asked at most four questions a provider for ${what}, with filters for a part: ${partial}`, async () => {
        const world = new SearchWorld({ one: [jane], two: [jane] });
        world.partial = partial;
        await world.load('one', 'two');
        // The first search finds out what the server can do.
        await all(world, 'somebody else');
        world.fake.requests.length = 0;

        const questions = serverPlan(parseQuery(text)).questions;
        assert.ok(questions.length >= 1 && questions.length <= 4);
        assert.equal(new Set(questions.map(({ field, text: sought }) => `${field}=${sought}`)).size, questions.length);
        await all(world, text);
        for (const provider of ['one', 'two']) {
          assert.ok(world.requestsTo(provider) <= 4, `${world.requestsTo(provider)} requests`);
        }
        assert.ok(
          inquiries(world.directory, serverPlan(parseQuery(text)), world.provider('one'), 'requested').length <= 4,
        );
      });
    }
  }
});

describe('The order in which terms are looked for', () => {
  const index = new UserIndex();
  const user = (i: number): SearchableUser => ({
    displayName: `Anna Common ${i}`,
    emails: [{ value: `anna.${i}@example.com` }],
    ...(i % 100 === 7 && { externalId: 'zq-rare' }),
  });
  for (let i = 0; i < 5000; i++) {
    index.add(user(i));
  }
  index.sign(() => false);
  const order = (typed: string) => index.rarestFirst(parseQuery(typed).terms).map(({ folded }) => folded);

  it('begins with the term that the fewest users have', () => {
    assert.deepEqual(order('anna common zq-rare'), ['zq-rare', 'common', 'anna']);
    assert.deepEqual(order('zq-rare anna'), ['zq-rare', 'anna']);
    assert.equal(order('a n o nobody@elsewhere.example')[0], 'nobody@elsewhere.example');
    assert.equal(order('email:anna ext:zq a')[0], 'zq');
  });

  it('takes the longest of those that as many have', () => {
    assert.deepEqual(order('a anna ann an'), ['anna', 'ann', 'an', 'a']);
  });

  it('leaves one or none as they are, and knows what to do without users', () => {
    assert.deepEqual([order(''), order('anna')], [[], ['anna']]);
    assert.deepEqual(new UserIndex().rarestFirst(parseQuery('a bb').terms).length, 2);
  });

  it('changes nothing of what is found, in any order and with terms that come again', () =>
    holds(
      fc.property(
        fc.array(
          fc.constantFrom(
            'a',
            'b',
            'ab',
            'ba',
            'name:a',
            'ext:b',
            'email:ab',
            '"a b"',
            'é',
            'is:active',
            'user:x',
            'c1',
            'c2',
          ),
          { maxLength: 20 },
        ),
        fc.array(
          fc.record({
            displayName: fc.constantFrom('a', 'ab c1', 'b a', 'xéab c2 c1', 'c1c2 ba'),
            emails: fc.array(fc.record({ value: fc.constantFrom('ab@b', 'b.a', 'é') }), { maxLength: 2 }),
            externalId: fc.constantFrom('b', 'ab', undefined),
            active: fc.constantFrom(true, false),
          }),
          { maxLength: 40 },
        ),
        fc.integer({ min: 1, max: 20 }),
        (words, users, limit) => {
          const some = new UserIndex();
          users.forEach((one) => some.add(one));
          const query = parseQuery(words.join(' '));
          assert.deepEqual(some.search(query, limit), plainSearch(users, query, limit));
          for (const one of users) {
            const [alone] = plainSearch([one], query, 1);
            assert.equal(rankOf(one, query), alone?.rank);
          }
        },
      ),
    )).timeout(patienceMs);
});
