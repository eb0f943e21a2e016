import { deepEqual } from 'node:assert/strict';
import { logLoads } from '../../src/log/loads';
import { jane, SearchWorld } from '../support/searchWorld';

describe('the log of loads', () => {
  it('has one line for each reading of a whole list, without a name', async () => {
    const world = new SearchWorld({ a: [jane] });
    await world.load('a');
    const lines: string[] = [];
    const follow = logLoads(world.directory, (line) => lines.push(line));
    follow();
    follow();
    await world.provider('a').loadAll();
    await world.provider('a').loadAll();
    const line = 'Loading ended: 1 of 1 users of an identity provider (complete)';
    deepEqual(lines, [line, line]);
  });
});
