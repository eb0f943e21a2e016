import vscode = require('vscode');
import {
  documentScheme,
  historyPath,
  identityProviderPath,
  type IdentityProviderReference,
  type ResourceReference,
  scimPath,
  type ScimReference,
} from '../directory';
import { shownName, tabTitle } from '../text';

/** The URI of the document of a user or group: `scim-explorer:/accounts/…/users/<id>.json`. It contains IDs only, no names. */
export function scimUri(reference: ScimReference): vscode.Uri {
  return documentUri(`${scimPath(reference)}.json`);
}

/** The URI of an identity provider's document: `scim-explorer:/accounts/…/identity_providers/<id>.json`. */
export function providerUri(reference: IdentityProviderReference): vscode.Uri {
  return documentUri(`${identityProviderPath(reference)}.json`);
}

/** The URI of a provisioning history: `scim-explorer:/accounts/…/provisioning_history.log`. */
export function historyUri(reference: ResourceReference): vscode.Uri {
  return documentUri(historyPath(reference));
}

function documentUri(path: string): vscode.Uri {
  return vscode.Uri.from({ scheme: documentScheme, path });
}

/** Maximum characters of a name in a tab title. */
const maxTitleLength = 60;

/** The tab title of the document of a user, a group or an identity provider: the name and `.json`. */
export function documentTitle(name: string): string {
  return tabTitle(`${shownName(name, maxTitleLength)}.json`);
}

/** The tab title of a provisioning history. */
export function historyTitle(name: string): string {
  return tabTitle(vscode.l10n.t('Provisioning History of {0}', shownName(name, maxTitleLength)));
}
