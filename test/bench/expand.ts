// How long the rows of an identity provider take, beside one bare request for the same page of users.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { DirectoryProvider } from '../../src/directory/account';
import type { Row } from '../../src/explorer/rows';
import { connectedProvider } from './connection';
import { internals } from './ours';
import { variables } from './sample.mts';

/** A page of users, which is what an expansion reads. */
const pageSize = 100;

/** Milliseconds from asking the tree for an identity provider's rows until they are there. */
export async function expand(): Promise<{ value: number; peerValue: number }> {
  const { tree } = internals().view;
  return besideBareFetch(await connectedProvider('Okta'), async (provider) => {
    const rows = await tree.getChildren(provider);
    assert.ok(rows.length >= pageSize, `${rows.length} rows`);
  });
}

/** Milliseconds from expanding the row in the side bar until the window has been given its rows. */
export async function expandUntilShown(): Promise<{ value: number; peerValue: number }> {
  const provider = await connectedProvider('Entra ID');
  await vscode.commands.executeCommand('scimExplorer.providers.focus');
  const view = treeView();
  await untilListed(() => view.reveal(provider, { focus: true }));

  return besideBareFetch(provider, async () => {
    await view.reveal(provider, { expand: true });
    assert.equal(provider.users.count, pageSize);
  });
}

/** The side bar's view, which the extension keeps to itself. */
function treeView(): vscode.TreeView<Row> {
  return (internals().view as unknown as { readonly view: vscode.TreeView<Row> }).view;
}

/** The view may still be drawing its rows, and rejects to reveal them then; it is given 10 seconds. */
async function untilListed(reveal: () => Thenable<void>): Promise<void> {
  for (const deadline = Date.now() + 10_000; ;) {
    try {
      await reveal();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** Times the first expansion of a provider, and the bare request just before and just after it, averaged. */
async function besideBareFetch(
  provider: DirectoryProvider,
  expansion: (provider: DirectoryProvider) => Promise<void>,
): Promise<{ value: number; peerValue: number }> {
  const { accountId, identityProviderId } = provider.reference;
  const url =
    `${process.env[variables.baseUrl]}/accounts/${accountId}/access/identity_providers/${identityProviderId}` +
    `/scim/users?page=1&per_page=${pageSize}`;
  const headers = { authorization: `Bearer ${process.env[variables.token]}` };
  const bareFetch = async (): Promise<void> => {
    const response = await fetch(url, { headers });
    await response.text();
    assert.equal(response.status, 200);
  };

  // Opens its connection; ours is open since the identity providers were listed.
  await bareFetch();
  const before = await milliseconds(bareFetch);
  const asked: string[] = [];
  const restore = watchFetch(asked);
  const value = await milliseconds(() => expansion(provider)).finally(restore);
  const after = await milliseconds(bareFetch);
  assert.deepEqual(asked, [url], 'one request, the same as the bare one');
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

async function milliseconds(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
