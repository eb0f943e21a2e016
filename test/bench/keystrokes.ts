// From a keystroke, as the extension is told of it, to the rows that the quick pick is handed.
import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import type * as vscode from 'vscode';
import type { Exchange } from '../../src/cloudflare/request';
import type { FoundActions } from '../../src/search/prompt';
import { until } from '../support/until.mts';
import { addressOf } from './addresses';
import { bareFetch } from './bareLoop';
import { connectedProvider } from './connection';
import { directoryOf, providerName } from './directory.mts';
import { milliseconds } from './expand';
import { signed } from './filledList';
import { internals } from './ours';
import { typedNamesAndEmails } from './queries.mts';
import type { Sample } from './sample.mts';
import { median, percentile } from './statistics.mts';
import { serverDelay } from './table.mts';
import { WatchedPick } from './watchedPick';

/** Milliseconds in which rows have to come: those of users that are here, and those of the server. */
const patience = { local: 250, server: 30_000 };
/** The part of all keystrokes that may leave the rows as they are. */
const mostUnchanged = 0.25;

/** The 99th percentile, with the whole directory loaded: names and emails are typed, key after key. The peer is measured in a browser. */
export async function keystrokesToRows(): Promise<Omit<Sample, 'metric'>> {
  // A credential whose limit is untouched: loading uses up most of it.
  const { users } = await connectedProvider(addressOf('untouched'), providerName);
  assert.ok(await users.whole.read(), String(users.whole.error));
  await signed(users);
  const keystrokes = typedNamesAndEmails();

  const times = await withSearch(async (pick) => {
    const times: number[] = [];
    for (const text of keystrokes) {
      const time = await pick.type(text, () => true, patience.local);
      if (time !== undefined) times.push(time);
    }
    return times;
  });
  const unchanged = keystrokes.length - times.length;
  return {
    value: percentile(times, 0.99),
    problem: unchanged > mostUnchanged * keystrokes.length ? `${unchanged} keystrokes brought no rows` : undefined,
  };
}

/**
 * The median from the last character of an email, of a user that nobody has loaded, to the row that the server brought; beside the time in
 * which no key may follow before the server is asked, and a bare request for the same.
 */
export async function keystrokesToServerRows(server: 'near' | 'far'): Promise<Omit<Sample, 'metric'>> {
  const address = addressOf(server);
  await connectedProvider(address, providerName);
  const directory = directoryOf(100_000);
  const emails = Array.from({ length: 60 }, (_, i) => directory.user(54_321 + 97 * i).emails?.[0]?.value)
    .filter((email) => email !== undefined)
    .slice(0, 6);
  const bareTime = (email: string) => milliseconds(() => bareFetch(address, { filter: { email } }));

  const times: number[] = [];
  const bare: number[] = [];
  await withSearch(async (pick) => {
    // The simulator makes an index at the first question about a field.
    const [first = '', ...others] = emails;
    await typeEmail(pick, first);
    for (const email of others) {
      bare.push(await bareTime(email));
      times.push(await typeEmail(pick, email));
      bare.push(await bareTime(`other.${email}`));
    }
  });
  return { value: median(times), peerValue: serverDelay + median(bare) };
}

/** Milliseconds between two keys. */
const keyMs = 220;

/**
 * Requests with a filter that are sent for an email of 24 characters, typed key after key, of a user that nobody has loaded. Those that load
 * small directories have none.
 */
export async function requestsOfTypedEmail(): Promise<Omit<Sample, 'metric'>> {
  await connectedProvider(addressOf('near'), providerName);
  const email = 'anna.k@northwind.example';
  assert.equal(email.length, 24);
  let requests = 0;
  const count = ({ query }: Exchange) => {
    requests += [...query.keys()].some((key) => key !== 'page' && key !== 'per_page') ? 1 : 0;
  };
  internals().client.on('exchange', count);
  await withSearch(async (pick) => {
    for (let length = 1; length <= email.length; length++) {
      await Promise.all([pick.type(email.slice(0, length), () => true, keyMs), setTimeout(keyMs)]);
    }
    await until('the answers', () => requests > 0 && !pick.pick.busy);
  });
  internals().client.off('exchange', count);
  return { value: requests };
}

async function typeEmail(pick: WatchedPick, email: string): Promise<number> {
  await pick.type(email.slice(0, -1), () => true, 50);
  const hasRow = (items: readonly vscode.QuickPickItem[]) =>
    items.some(({ label, description }) => `${label} ${description ?? ''}`.includes(email) && !label.startsWith('$('));
  const time = await pick.type(email, hasRow, patience.server);
  assert.ok(time !== undefined, 'the server brought the user');
  return time;
}

/** Opens the extension's search. */
async function withSearch<T>(work: (pick: WatchedPick) => Promise<T>): Promise<T> {
  const nothing = () => Promise.resolve();
  const actions: FoundActions = { ...internals().searchActions(), open: nothing, copyId: nothing, insertId: nothing };
  let watched: WatchedPick | undefined;
  const search = await internals().search(
    { title: 'Search Users', initialText: '', actions, onEnter: nothing },
    WatchedPick.window((pick) => (watched = pick)),
  );
  const closed = search.show();
  try {
    assert.ok(watched, 'the search made a quick pick');
    return await work(watched);
  } finally {
    search.dispose();
    await closed;
  }
}
