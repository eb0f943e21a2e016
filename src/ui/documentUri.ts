import vscode = require('vscode');
import { documentScheme, scimUserPath, type ScimUserReference } from '../directory';
import { shownName, tabTitle } from '../text';

/** The document that shows a user: `scim-explorer:/accounts/…/users/<id>.json`, with ids only. */
export function documentUri(reference: ScimUserReference): vscode.Uri {
  return vscode.Uri.from({ scheme: documentScheme, path: `${scimUserPath(reference)}.json` });
}

/** Characters of a name in a tab's title. */
const maxTitleLength = 60;

/** The title of a user's document: the name, and the ending that says what it is. */
export function documentTitle(name: string): string {
  return tabTitle(`${shownName(name, maxTitleLength)}.json`);
}
