// The extension in front of the simulator that the runner has started.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { DirectoryProvider } from '../../src/directory/account';
import type { LoadAddress } from './loadServer.mts';
import { extensionId, internals } from './ours';
import { variables } from './sample.mts';

let connected: Promise<readonly DirectoryProvider[]> | undefined;

/** An identity provider of the simulator's first account, listed but not expanded yet. */
export async function connectedProvider(name: string): Promise<DirectoryProvider> {
  connected ??= connect();
  const provider = (await connected).find(({ identityProvider }) => identityProvider.name === name);
  assert.ok(provider, name);
  return provider;
}

/** Where the provider is, for requests that pass the extension by. */
export function bareAddress({ reference }: DirectoryProvider): LoadAddress {
  const { accountId: account, identityProviderId: provider } = reference;
  const { [variables.baseUrl]: baseUrl = '', [variables.token]: token = '' } = process.env;
  return { baseUrl, token, account, provider };
}

/** Connects past the prompts. @returns The account's identity providers. */
async function connect(): Promise<readonly DirectoryProvider[]> {
  await vscode.extensions.getExtension(extensionId)?.activate();
  const { directory, store, view } = internals();
  const { [variables.baseUrl]: baseUrl, [variables.token]: token } = process.env;
  assert.ok(baseUrl && token, 'the runner names a simulator');
  await vscode.workspace
    .getConfiguration()
    .update('scimExplorer.apiBaseUrl', baseUrl, vscode.ConfigurationTarget.Global);

  const response = await fetch(`${baseUrl}/accounts`, { headers: { authorization: `Bearer ${token}` } });
  const { result } = (await response.json()) as { result: { id: string; name: string }[] };
  const [account] = result;
  assert.ok(account, 'the simulator has an account');
  const credential = { scheme: 'token', token } as const;
  const { origin } = new URL(baseUrl);
  assert.ok(await store.save({ accountId: account.id, accountName: account.name, credential, origin }));
  await directory.reload();
  await view.tree.getChildren();
  return directory.accounts[0]?.providers ?? [];
}
