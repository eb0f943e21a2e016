import vscode = require('vscode');
import { registerCommand } from '../commands/commands';
import { identityProviderTargets, type Selection } from '../commands/targets';
import type { Directory } from '../directory/directory';
import { ExplainedError } from '../messages/explain';
import { confirm, notifyOfError } from '../messages/notify';

/** *Load All Users*: from then on a search finds everyone by any part of a name. What the tree shows stays as it is. */
export function registerLoadAll(directory: Directory, selection: Selection): vscode.Disposable {
  return registerCommand('scimExplorer.loadAll', async (...args) => {
    const named = identityProviderTargets(args, selection).map((reference) => directory.provider(reference));
    const providers = (await Promise.all(named)).flatMap((provider) =>
      provider?.identityProvider.scimEnabled ? [provider] : [],
    );
    if (providers.length === 0) {
      throw new ExplainedError(
        vscode.l10n.t('Select an identity provider with SCIM in the SCIM Explorer view, then run the command again.'),
      );
    }
    const { loadAllOf } = await import('./loadAll.js');
    await loadAllOf(providers, { notifyOfError, confirm });
  });
}
