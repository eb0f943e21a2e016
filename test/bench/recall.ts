// node recall.js <users>: compares the first rows of every query with those of a plain scan that shares no code with the product. One line
// of JSON has the sample.
import { parseQuery } from '../../src/matching/query';
import { type PlainUser, plainSearch, plainUser } from '../support/plainScan';
import { directoryOf, pageText } from './directory.mts';
import { listOver, loadAll } from './filledList';
import { parsedUsers, searchable } from './parsedUsers';
import { readQueries, rows } from './queries.mts';
import type { Sample } from './sample.mts';

const users = Number(process.argv[2]);

async function main(): Promise<void> {
  const directory = directoryOf(users);
  const everyone: PlainUser[] = [];
  const list = listOver((page) => {
    const text = pageText(directory, page);
    parsedUsers(text).forEach((user) => everyone.push(plainUser(searchable(user))));
    return text;
  });
  await loadAll(list, users);

  const queries = [...new Set(readQueries())];
  const different = queries.filter((typed) => {
    const expected = plainSearch(everyone, typed, rows).map(({ index }) => directory.user(index).id);
    const found = list.search(parseQuery(typed), rows).map(({ item }) => item.id);
    return expected.length !== found.length || expected.some((id, i) => id !== found[i]);
  });
  const sample: Sample = {
    metric: 'search_recall',
    value: (queries.length - different.length) / queries.length,
    peerValue: 1,
    problem:
      different.length > 0 ? `${different.length} queries differ, first ${JSON.stringify(different[0])}` : undefined,
  };
  console.log(JSON.stringify([sample]));
}

void main();
