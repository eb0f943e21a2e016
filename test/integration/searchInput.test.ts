import assert from 'node:assert/strict';
import { inFrontOfPrompts, type Prompts } from '../support/host/prompts';
import { notedActions, seen, type } from '../support/host/searchBox';
import { type Session } from '../support/host/session';
import { until } from '../support/until.mts';

describe('a search text with more words than are searched, in the extension host', () => {
  let session: Session;
  let prompts: Prompts;

  inFrontOfPrompts(async (started, fresh) => {
    session = started;
    prompts = fresh;
    await session.connect();
  });

  it('is explained below the rows at once; twelve words and a repeated word are not', async () => {
    const actions = notedActions([]);
    const prompt = { title: 'Search Users', initialText: '', actions, onEnter: actions.open };
    const search = await session.internals.search(prompt, prompts.window);
    void search.show();
    const pick = await prompts.pick(/Search/);
    const words = (count: number) => Array.from({ length: count }, (_, i) => `w${i}`).join(' ');
    const isSaid = () => seen(pick).some((row) => row.includes('Only the first 12 different words are searched for'));

    await type(pick, words(12));
    assert.equal(isSaid(), false);
    await type(pick, words(13));
    assert.equal(isSaid(), true);
    await type(pick, `${words(12)} w1 w2`);
    await until('the older words to go with the older rows', () => !isSaid());
  });
});
