// How long the rows of an identity provider take, beside one bare request for the same page of users.
import assert from 'node:assert/strict';
import { addressOf } from './addresses';
import { bareFetch, usersUrl } from './bareLoop';
import { connectedProvider } from './connection';
import { pageSize } from './directory.mts';
import { internals } from './ours';

/** Milliseconds from asking the tree for an identity provider's rows, for the first time, until they are there. */
export async function expand(): Promise<{ value: number; peerValue: number }> {
  const { tree } = internals().view;
  const near = addressOf('near');
  const provider = await connectedProvider(near, 'Okta');
  const address = { ...near, provider: provider.reference.identityProviderId };

  // Opens its connection; ours is open since the identity providers were listed.
  await bareFetch(address);
  const before = await milliseconds(() => bareFetch(address));
  const asked: string[] = [];
  const restore = watchFetch(asked);
  const value = await milliseconds(async () => {
    const rows = await tree.getChildren(provider);
    assert.ok(rows.length >= pageSize, `${rows.length} rows`);
  }).finally(restore);
  const after = await milliseconds(() => bareFetch(address));
  assert.deepEqual(asked, [usersUrl(address)], 'one request, the same as the bare one');
  return { value, peerValue: (before + after) / 2 };
}

/** Notes the URLs that are asked for. @returns A function that ends it. */
function watchFetch(asked: string[]): () => void {
  const hostFetch = globalThis.fetch;
  globalThis.fetch = (input, init) => {
    asked.push(input instanceof Request ? input.url : String(input));
    return hostFetch(input, init);
  };
  return () => void (globalThis.fetch = hostFetch);
}

export async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
