// From a keystroke, as the extension is told of it, to the rows that the quick pick is handed.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { UserActions } from '../../src/search/userSearch';
import { bareAddress, connectedProvider } from './connection';
import { directoryOf, pageSize, providerName } from './directory.mts';
import { liftLimits } from './limits';
import { internals } from './ours';
import { readQueries } from './queries.mts';
import { median, percentile } from './report.mts';
import type { Sample } from './sample.mts';
import { WatchedPick } from './watchedPick';

type Figures = Pick<Sample, 'value' | 'peerValue' | 'problem'>;

const rows = 100;
/** Milliseconds in which rows have to come: those of users that are here, and those of the server. */
const patience = { local: 250, server: 5_000 };
/** The part of all keystrokes that may leave the rows as they are. */
const mostUnchanged = 0.25;

/** The 99th percentile, with the whole directory loaded: names and emails are typed, key after key. */
export async function keystrokesToRows(): Promise<Figures> {
  const provider = await connectedProvider(providerName);
  liftLimits();
  if (!provider.users.coverage.isComplete) await provider.users.loadAll();
  const typed = readQueries().typed.filter((texts) => !/^[0-9a-f]{8}-/.test(texts.at(-1) ?? ''));
  const keystrokes = typed.flat();

  const times = await withSearch((pick) => timesOf(pick, keystrokes));
  const bare = await withBarePick((pick) => timesOf(pick, keystrokes));
  const unchanged = keystrokes.length - times.length;
  return {
    value: percentile(times, 0.99),
    peerValue: percentile(bare, 0.99),
    problem: unchanged > mostUnchanged * keystrokes.length ? `${unchanged} keystrokes brought no rows` : undefined,
  };
}

async function timesOf(pick: WatchedPick, keystrokes: readonly string[]): Promise<number[]> {
  const times: number[] = [];
  for (const text of keystrokes) {
    const milliseconds = await pick.type(text, () => true, patience.local);
    if (milliseconds !== undefined) times.push(milliseconds);
  }
  return times;
}

/** The median from the last character of an email, of a user that nobody has loaded, to the row that the server brought. */
export async function keystrokesToServerRows(): Promise<Figures> {
  const provider = await connectedProvider(providerName);
  liftLimits();
  const directory = directoryOf(100_000);
  const emails = Array.from({ length: 60 }, (_, i) => directory.user(54_321 + 97 * i).emails?.[0]?.value)
    .filter((email) => email !== undefined)
    .slice(0, 6);

  const times: number[] = [];
  const bare: number[] = [];
  await withSearch(async (pick) => {
    // The simulator makes an index at the first question about a field.
    const [first = '', ...others] = emails;
    await typeEmail(pick, first);
    for (const email of others) {
      bare.push(await bareFetch(provider, email));
      times.push(await typeEmail(pick, email));
      bare.push(await bareFetch(provider, `other.${email}`));
    }
  });
  return { value: median(times), peerValue: median(bare) };
}

async function typeEmail(pick: WatchedPick, email: string): Promise<number> {
  await pick.type(email.slice(0, -1), () => true, 50);
  const hasRow = (items: readonly vscode.QuickPickItem[]) =>
    items.some(({ label, description }) => `${label} ${description ?? ''}`.includes(email) && !label.startsWith('$('));
  const milliseconds = await pick.type(email, hasRow, patience.server);
  assert.ok(milliseconds !== undefined, 'the server brought the user');
  return milliseconds;
}

async function bareFetch(...[provider, email]: [Parameters<typeof bareAddress>[0], string]): Promise<number> {
  const { baseUrl, account, provider: id, token } = bareAddress(provider);
  const query = new URLSearchParams({ email, page: '1', per_page: String(pageSize) });
  const url = `${baseUrl}/accounts/${account}/access/identity_providers/${id}/scim/users?${query.toString()}`;
  const started = performance.now();
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  await response.text();
  assert.equal(response.status, 200);
  return performance.now() - started;
}

/** Opens the extension's search. */
async function withSearch<T>(work: (pick: WatchedPick) => Promise<T>): Promise<T> {
  const nothing = () => Promise.resolve();
  const actions: UserActions = { ...internals().searchActions(), open: nothing, copyId: nothing, insertId: nothing };
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

/** Opens a quick pick that does nothing but set as many rows as it is given keys. */
async function withBarePick<T>(work: (pick: WatchedPick) => Promise<T>): Promise<T> {
  let watched: WatchedPick | undefined;
  const pick = WatchedPick.window((made) => (watched = made)).createQuickPick();
  pick.onDidChangeValue((value) => (pick.items = bareRows(value)));
  pick.show();
  try {
    assert.ok(watched);
    return await work(watched);
  } finally {
    pick.dispose();
  }
}

function bareRows(value: string): vscode.QuickPickItem[] {
  return Array.from({ length: rows }, (_, i) => ({
    label: `${value} ${i}`,
    description: `${value}.${i}@example.com`,
    detail: 'Entra ID · active',
    iconPath: new vscode.ThemeIcon('account'),
    alwaysShow: true,
    buttons: [{ iconPath: new vscode.ThemeIcon('copy'), tooltip: 'Copy User ID' }],
  }));
}
