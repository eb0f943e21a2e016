import vscode = require('vscode');
import type { Directory, IdentityProviderReference } from '../directory';
import { quickPickDetail, quickPickLabel, shownName } from '../text';
import { ExplainedError } from './explain';
import { identityProviderTargets, selectedProviders, type Selection } from './targets';

/**
 * The identity providers of `identityProviderTargets`; if the command was run without arguments and there are none, the one that the user
 * chooses. Empty if the user chose none.
 */
export async function chosenProviders(
  args: readonly unknown[],
  selection: Selection,
  directory: Directory,
  question: string,
  isScimOnly: boolean,
): Promise<readonly IdentityProviderReference[]> {
  return args[0] === undefined && selectedProviders(args, selection).length === 0
    ? chooseProvider(directory, question, isScimOnly)
    : identityProviderTargets(args, selection);
}

async function chooseProvider(
  directory: Directory,
  placeHolder: string,
  isScimOnly: boolean,
): Promise<readonly IdentityProviderReference[]> {
  const accounts = await directory.ensureAccounts();
  await Promise.all(accounts.map((account) => account.ensureProviders()));
  const items = accounts.flatMap(({ name, providers = [] }) =>
    providers
      .filter(({ identityProvider }) => identityProvider.scimEnabled || !isScimOnly)
      .map((provider) => ({
        label: quickPickLabel(shownName(provider.name)),
        description: quickPickDetail(shownName(name)),
        reference: provider.reference,
      })),
  );
  if (items.length === 0) {
    throw new ExplainedError(
      accounts.length === 0
        ? vscode.l10n.t('No account is connected. Run "SCIM Explorer: Connect to a Cloudflare Account…" first.')
        : vscode.l10n.t('No identity provider is known. Refresh the SCIM Explorer view to see why.'),
    );
  }
  const chosen = items.length === 1 ? items[0] : await vscode.window.showQuickPick(items, { placeHolder });
  return chosen ? [chosen.reference] : [];
}
