import { deepEqual, equal, rejects } from 'node:assert/strict';
import { OpenedDocuments } from '../../src/documents/openedDocuments';

describe('which documents the network may be asked for', () => {
  const [user, group] = ['scim-explorer:/accounts/a/users/u.json', 'other-scheme:/g'];

  /** The tabs of some groups, which a test changes, and the rule over them. */
  function withTabs(...groups: string[][]) {
    const rule = new OpenedDocuments(() => new Set(groups.flat()));
    return { rule, groups };
  }

  it('is none without a tab, however often it is read', () => {
    const { rule } = withTabs(['file:///readme.md'], []);
    deepEqual([rule.mayAsk(user), rule.mayAsk(user), rule.mayAsk('')], [false, false, false]);
  });

  it('are those that a tab of any group shows, for as long as one does', () => {
    const { rule, groups } = withTabs([group], [user]);
    deepEqual([rule.mayAsk(user), rule.mayAsk(group)], [true, true]);
    groups[0] = [user];
    groups[1] = [];
    deepEqual([rule.mayAsk(user), rule.mayAsk(group)], [true, false]);
    groups[0] = [];
    equal(rule.mayAsk(user), false);
  });

  it('are not those that only look like one in a tab', () => {
    const { rule } = withTabs([user]);
    for (const other of [`${user}?1`, `${user}#1`, user.toUpperCase(), user.replace(':/', '://host/'), `${user}/`]) {
      equal(rule.mayAsk(other), false, other);
    }
  });

  it('are those that a command is opening, until it has ended', async () => {
    const { rule } = withTabs();
    const { promise, resolve } = Promise.withResolvers<string>();
    const opening = rule.whileOpening(user, () => promise);
    deepEqual([rule.mayAsk(user), rule.mayAsk(group)], [true, false]);
    resolve('the result');
    equal(await opening, 'the result');
    equal(rule.mayAsk(user), false);
  });

  it('are those that two commands are opening, until both have ended', async () => {
    const { rule } = withTabs();
    const [first, second] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    const opening = [first, second].map(({ promise }) => rule.whileOpening(user, () => promise));
    first.resolve(undefined);
    await opening[0];
    equal(rule.mayAsk(user), true);
    second.resolve(undefined);
    await opening[1];
    equal(rule.mayAsk(user), false);
  });

  it('are not those that could not be opened', async () => {
    const { rule } = withTabs();
    const fails = () => Promise.reject(new Error('no editor'));
    await rejects(rule.whileOpening(user, fails), /no editor/);
    equal(rule.mayAsk(user), false);
  });

  describe('of those that were read too early', () => {
    const unanswered = () => false;

    it('is none before a tab shows it', () => {
      const { rule } = withTabs([]);
      deepEqual(rule.toReadAgain([user, group], unanswered), []);
    });

    it('are those that a tab came to, whichever came first', () => {
      const { rule, groups } = withTabs([]);
      groups[0] = [user];
      // The tab's event comes before VS Code has made the document, and then after.
      deepEqual(rule.toReadAgain([], unanswered), []);
      deepEqual(rule.toReadAgain([user, group], unanswered), [user]);
    });

    it('is none that was answered, and none whose tab was closed again', () => {
      const { rule, groups } = withTabs([user, group]);
      deepEqual(
        rule.toReadAgain([user, group], (uri) => uri === user),
        [group],
      );
      groups[0] = [];
      deepEqual(rule.toReadAgain([user, group], unanswered), []);
    });

    it('is none that a command is opening: its own read is on the way', () => {
      const { rule } = withTabs([]);
      const { promise, resolve } = Promise.withResolvers<undefined>();
      const opening = rule.whileOpening(user, () => promise);
      deepEqual(rule.toReadAgain([user], unanswered), []);
      resolve(undefined);
      return opening;
    });
  });
});
