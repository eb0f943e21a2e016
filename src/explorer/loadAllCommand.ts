import vscode = require('vscode');
import type { Directory, DirectoryProvider } from '../directory';
import type { ScimKind } from '../matching';
import { chosenProviders, ExplainedError, registerCommand, type Selection } from '../ui';

/** Loads all users, or all groups, of identity providers, one provider after the other, with progress that can be cancelled. */
export async function loadAll(providers: readonly DirectoryProvider[], kind: ScimKind): Promise<void> {
  const { loadAllOf } = await import('./loadAll');
  await loadAllOf(providers, kind);
}

/** *Load All Users*: afterwards a search finds users by any part of a name. The rows of the tree stay as they are. */
export function registerLoadAll(directory: Directory, selection: Selection): vscode.Disposable {
  return registerCommand('scimExplorer.loadAll', async (...args) => {
    const question = vscode.l10n.t('Select the identity provider whose users to load');
    const references = await chosenProviders(args, selection, directory, question, true);
    const named = references.map((reference) => directory.provider(reference));
    const providers = (await Promise.all(named)).flatMap((provider) =>
      provider?.identityProvider.scimEnabled ? [provider] : [],
    );
    if (providers.length === 0 && references.length > 0) {
      throw new ExplainedError(
        vscode.l10n.t('This identity provider has no SCIM, so it has no users to load. Select one with SCIM.'),
      );
    }
    await loadAll(providers, 'user');
  });
}
