import vscode = require('vscode');
import { DirectoryProvider, isActive, primaryEmail, productName, resourceName } from '../directory';
import type { Known } from '../lookup';
import { shownName } from '../text';

/** What is said of a user, a group or an identity provider, in parts. */
export interface Description {
  /** As the network gave it. */
  readonly name: string;
  /** The kind, and the state of a user or the type of an identity provider. */
  readonly kinds: readonly string[];
  /** The email and the identity provider of a user or group; whether an identity provider has SCIM. */
  readonly details: readonly string[];
  readonly account: string;
}

export function described(known: Known): Description {
  const provider = known instanceof DirectoryProvider ? known : known.provider;
  const account = shownName(provider.account.name || provider.account.id);
  if (known instanceof DirectoryProvider) {
    const { type, scimEnabled } = known.identityProvider;
    return {
      name: known.name,
      kinds: [vscode.l10n.t('identity provider'), shownName(productName(type))],
      details: [scimEnabled ? vscode.l10n.t('SCIM on') : vscode.l10n.t('SCIM off')],
      account,
    };
  }
  const { data, kind } = known;
  const state = { true: vscode.l10n.t('active'), false: vscode.l10n.t('inactive') };
  const active = isActive(data);
  const email = primaryEmail(data);
  return {
    name: resourceName(data) ?? vscode.l10n.t('(no name)'),
    kinds: [
      kind === 'user' ? vscode.l10n.t('SCIM user') : vscode.l10n.t('SCIM group'),
      ...(active === undefined ? [] : [state[`${active}`]]),
    ],
    details: [...(email === undefined ? [] : [shownName(email)]), shownName(provider.name)],
    account,
  };
}
