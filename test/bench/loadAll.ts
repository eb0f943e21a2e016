// Load All Users in the extension host, beside loops that do nothing but read: how long it takes, and how long this thread is blocked.
import assert from 'node:assert/strict';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { longLivedAgent } from '../../src/cloudflare/transport';
import { loadAllOf } from '../../src/explorer/loadAll';
import { entriesOf, textsOf } from '../../src/export/texts';
import { writeWhole } from '../../src/export/write';
import type { FormatName } from '../../src/formats/formats';
import { addressOf } from './addresses';
import { bareLoop } from './bareLoop';
import { clientOf, providerOf, unlimited } from './client';
import { inTurn, type Sample } from './sample.mts';

const users = 100_000;
/** Requests of the naive loop that are under way at once. */
const naive = 16;

/** What a load took. */
interface Load {
  readonly seconds: number;
  /** Milliseconds of the longest time in which the thread came to nothing else. */
  readonly longestBlock: number;
}

export async function loadEverything(): Promise<Sample[]> {
  const address = addressOf('near');
  const agent = await longLivedAgent(() => false)();
  const loop = async (atOnce?: number) => {
    const { length } = await bareLoop(address, users, agent, atOnce);
    assert.equal(length, users);
  };

  const loads = await inTurn({
    ours: () => watched(ours),
    bare: () => watched(() => loop()),
    naive: () => watched(() => loop(naive)),
  });
  const exported = await inTurn({
    ours: () => watched(() => exportAll('ndjson')),
    csv: () => watched(() => exportAll('csv')),
    bare: () => watched(() => loop()),
  });
  return [
    { metric: 'load_100k_host_s', value: loads.ours.seconds, peerValue: loads.bare.seconds },
    { metric: 'export_100k_s', value: exported.ours.seconds, peerValue: exported.bare.seconds },
    { metric: 'export_csv_100k_s', value: exported.csv.seconds, peerValue: exported.bare.seconds },
    { metric: 'longest_block_ms', value: loads.ours.longestBlock, peerValue: loads.naive.longestBlock },
  ];
}

/** What the command does, its progress included, by a client that never waits for a limit: the extension's own keeps Cloudflare's. */
async function ours(): Promise<void> {
  const address = addressOf('near');
  const provider = providerOf(clientOf(address, unlimited).api, address);
  await loadAllOf([provider], 'user');
  const { count, state } = provider.users.coverage;
  assert.deepEqual([count, state], [users, 'complete']);
}

/** The same, and writes all users to a file, as *Export…* does. */
async function exportAll(format: FormatName): Promise<void> {
  const address = addressOf('near');
  const provider = providerOf(clientOf(address, unlimited).api, address);
  await loadAllOf([provider], 'user');
  const folder = await mkdtemp(join(tmpdir(), 'scim-bench-'));
  try {
    const target = vscode.Uri.file(join(folder, `users.${format}`));
    const texts = textsOf(entriesOf([provider], 'user'), format, () => undefined);
    await writeWhole(target, texts, new AbortController().signal);
    assert.ok((await stat(target.fsPath)).size > users * 100);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Runs a load while a timer of 1 ms tells when this thread is free. */
async function watched(load: () => Promise<void>): Promise<Load> {
  let longestBlock = 0;
  let last = performance.now();
  const look = () => {
    const now = performance.now();
    longestBlock = Math.max(longestBlock, now - last);
    last = now;
  };
  const timer = setInterval(look, 1);
  const started = performance.now();
  await load().finally(() => clearInterval(timer));
  look();
  return { seconds: (performance.now() - started) / 1_000, longestBlock };
}
