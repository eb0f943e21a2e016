import vscode = require('vscode');
import { documentScheme, scimUserPath, type ScimUserReference } from '../directory';
import { shownName, tabTitle } from '../text';

/** The URI of a user document: `scim-explorer:/accounts/…/users/<id>.json`. It contains IDs only, no names. */
export function documentUri(reference: ScimUserReference): vscode.Uri {
  return vscode.Uri.from({ scheme: documentScheme, path: `${scimUserPath(reference)}.json` });
}

/** Maximum characters of the user's name in a tab title. */
const maxTitleLength = 60;

/** The tab title of a user document: the user's name and `.json`. */
export function documentTitle(name: string): string {
  return tabTitle(`${shownName(name, maxTitleLength)}.json`);
}
