// The extension in front of a simulator that the runner has started.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { DirectoryProvider } from '../../src/directory/provider';
import { accountName } from './directory.mts';
import { extensionId, internals } from './ours';
import type { Address } from './servers.mts';

/**
 * Connects past the prompts, in the place of what was connected before. @returns An identity provider of the account; with another token or
 * simulator than before nothing of it is read yet.
 */
export async function connectedProvider(address: Address, name: string): Promise<DirectoryProvider> {
  await vscode.extensions.getExtension(extensionId)?.activate();
  const { directory, store, view } = internals();
  const { baseUrl, token, account } = address;
  await vscode.workspace
    .getConfiguration()
    .update('scimExplorer.apiBaseUrl', baseUrl, vscode.ConfigurationTarget.Global);

  const credential = { scheme: 'token', token } as const;
  const { origin } = new URL(baseUrl);
  assert.ok(await store.save({ accountId: account, accountName, credential, origin }));
  await directory.reload();
  await view.tree.getChildren();
  const provider = directory.accounts[0]?.providers?.find(({ identityProvider }) => identityProvider.name === name);
  assert.ok(provider, name);
  return provider;
}
