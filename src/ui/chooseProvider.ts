import vscode = require('vscode');
import type { Directory, IdentityProviderReference } from '../directory';
import { quickPickDetail, quickPickLabel, shownName } from '../text';
import { ExplainedError } from './explain';
import { identityProviderTargets, type Selection } from './targets';

/**
 * The identity providers that a command was called with or that are selected in the tree; otherwise the one that the user chooses. Empty if
 * the user chose none.
 */
export async function chosenProviders(
  args: readonly unknown[],
  selection: Selection,
  directory: Directory,
  question: string,
  isScimOnly: boolean,
): Promise<readonly IdentityProviderReference[]> {
  const isNamed = args[0] !== undefined || selection().length > 0;
  return (
    (isNamed ? identityProviderTargets(args, selection) : undefined) ?? chooseProvider(directory, question, isScimOnly)
  );
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
