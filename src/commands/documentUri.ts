import vscode = require('vscode');
import { documentScheme, scimUserPath, type ScimUserReference } from '../directory/reference';

/** The document that shows a user: `scim-explorer:/accounts/…/users/<id>.json`, with ids only. */
export function documentUri(reference: ScimUserReference): vscode.Uri {
  return vscode.Uri.from({ scheme: documentScheme, path: `${scimUserPath(reference)}.json` });
}
