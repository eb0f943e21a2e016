import { CloudflareError } from '../../../src/cloudflare/errors';
import { ResourceNotFoundError } from '../../../src/directory/errors';
import { searchOnServer } from '../../../src/lookup/serverSearch';
import { serverPlan } from '../../../src/lookup/serverPlan';
import { parseQuery } from '../../../src/matching/query';
import { until } from '../../support/until.mts';
import type { Place } from './types';
import type { World } from './world';

/** What came of asking at a place; `ok` where no error came. */
export type Outcome = 'ok' | 'cancelled' | { readonly error: unknown };

const givenUp = new Error('Given up');

/** Asks at a place; gives up, where it is to, once nothing happens to the request any more. */
export async function ask(world: World, place: Place, giveUp: boolean): Promise<Outcome> {
  const abort = new AbortController();
  const asked = world.clock.run(asking[place](world, abort.signal));
  if (giveUp) {
    await until('a request that nothing happens to', () => world.isStuck);
    abort.abort(givenUp);
    world.struck.users.shown.cancel();
  }
  return asked;
}

const asking: Record<Place, (world: World, signal: AbortSignal) => Promise<Outcome>> = {
  'first page': page,
  'later page': page,
  search: async (world, signal) => {
    const query = world.struck.users.shown.item(3).emails[0]?.value ?? '';
    const answered = new Map<string, Outcome>();
    try {
      for await (const update of searchOnServer(world.directory, serverPlan(parseQuery(query)), 'requested', {
        signal,
      })) {
        const id = update.provider?.reference.identityProviderId ?? '';
        answered.set(id, 'error' in update ? { error: update.error } : 'ok');
      }
    } catch (error) {
      return error === givenUp ? 'cancelled' : { error };
    }
    const { identityProviderId: struck } = world.struck.reference;
    const others = [...answered].filter(([id, outcome]) => id !== struck && outcome === 'ok');
    const isRefused = nameOf(answered.get(struck) ?? 'ok') === 'unauthorized';
    return others.length === 2 || isRefused
      ? (answered.get(struck) ?? { error: new Error('The struck identity provider said nothing') })
      : { error: new Error(`Only ${others.length} of the 2 other identity providers found something out`) };
  },
  document: async (world, signal) => {
    const userId = world.struck.users.shown.item(3).id ?? '';
    try {
      const found = await world.directory.fetchResource({ ...world.struck.reference, userId }, signal);
      return found.data.id === userId ? 'ok' : { error: new Error('It is another user') };
    } catch (error) {
      return error === givenUp ? 'cancelled' : { error };
    }
  },
};

async function page({ struck: { users } }: World): Promise<Outcome> {
  const before = users.shown.count;
  await users.shown.loadMore();
  if (users.shown.failure) {
    return { error: users.shown.failure.error };
  }
  const isLonger = users.shown.count > before || users.shown.isComplete;
  return isLonger ? 'ok' : 'cancelled';
}

/** One word for an outcome, as the tables have it. */
export function nameOf(outcome: Outcome): string {
  if (typeof outcome === 'string') {
    return outcome;
  }
  const { error } = outcome;
  if (error instanceof ResourceNotFoundError) {
    return 'noSuchUser';
  }
  return error instanceof CloudflareError ? error.reason : `not an error of ours: ${String(error)}`;
}
