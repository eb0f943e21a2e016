// Load All Users in the extension host, beside loops that do nothing but read: how long it takes, and how long this thread is blocked.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { longLivedAgent } from '../../src/cloudflare/agent';
import { bareLoop } from './bareLoop';
import { bareAddress, connectedProvider } from './connection';
import { providerName } from './directory.mts';
import { liftLimits } from './limits';
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
  const provider = await connectedProvider(providerName);
  liftLimits();
  const address = bareAddress(provider);
  const agent = await longLivedAgent(() => false)();

  const loop = async (atOnce?: number) => {
    const loaded = await bareLoop(address, users, agent, atOnce);
    assert.equal(loaded.length, users);
  };
  const ours = async () => {
    await vscode.commands.executeCommand('scimExplorer.loadAll', provider);
    const { count, isComplete } = provider.users.coverage;
    assert.deepEqual([count, isComplete], [users, true], String(provider.users.readingError));
  };

  const loads = new Map<unknown, Load>();
  const contestants = { ours, bare: () => loop(), naive: () => loop(naive) };
  for (const load of inTurn(Object.values(contestants))) loads.set(load, await watched(load));
  const of = (load: unknown) => loads.get(load) ?? { seconds: NaN, longestBlock: NaN };
  return [
    { metric: 'load_100k_host_s', value: of(ours).seconds, peerValue: of(contestants.bare).seconds },
    { metric: 'longest_block_ms', value: of(ours).longestBlock, peerValue: of(contestants.naive).longestBlock },
  ];
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
