import { deepEqual, equal } from 'node:assert/strict';
import { DirectoryAccount } from '../../src/directory/account';
import { Directory } from '../../src/directory/directory';
import { settled } from '../support/fakes';

const account = (id: string) => new DirectoryAccount(id, id, 'secretMissing');

describe('a directory that is read again', () => {
  it('has the accounts of the newest reading when any reading is done, also one that began before', async () => {
    const readings: PromiseWithResolvers<readonly DirectoryAccount[]>[] = [];
    const directory = new Directory({
      load: () => {
        const reading = Promise.withResolvers<readonly DirectoryAccount[]>();
        readings.push(reading);
        return reading.promise;
      },
    });
    const answer = (i: number, ...ids: string[]) => readings[i]?.resolve(ids.map(account));
    const ids = () => directory.accounts.map(({ id }) => id);
    const first = directory.ensureAccounts();
    answer(0, 'a', 'b');
    await first;

    const seen: string[][] = [];
    let changes = 0;
    directory.on('change', () => changes++);
    const older = directory.reload().then(() => seen.push(ids()));
    const newer = directory.reload().then(() => seen.push(ids()));
    answer(1, 'a', 'b');
    await settled();
    deepEqual(seen, [], 'the older one waits for the newer one');
    answer(2, 'a');
    await Promise.all([older, newer]);
    deepEqual(seen, [['a'], ['a']]);
    equal(
      changes,
      1,
      'one change, however many readings: a second one would draw the whole view again under the hand of the user',
    );
  });

  it('is told of a newer reading that fails, and reads anew after it', async () => {
    let reading = Promise.withResolvers<readonly DirectoryAccount[]>();
    const directory = new Directory({ load: () => reading.promise });
    const older = directory.reload();
    const first = reading;
    reading = Promise.withResolvers();
    const failing = directory.reload();
    first.resolve([account('a')]);
    reading.reject(new Error('The storage failed'));
    const results = await Promise.allSettled([older, failing]);
    deepEqual(
      results.map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    reading = Promise.withResolvers();
    reading.resolve([account('a')]);
    equal((await directory.ensureAccounts()).length, 1);
  });
});
