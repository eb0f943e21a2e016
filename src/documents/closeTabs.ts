import vscode = require('vscode');
import { documentScheme } from '../directory';
import { urisIn } from './tabs';

/** Closes every tab that shows a document of an account, also as a side of a comparison. */
export async function closeTabsOf(accountId: string): Promise<void> {
  const tabs = vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter(({ input }) => urisIn(input).some((uri) => accountIn(uri) === accountId));
  if (tabs.length > 0) {
    await vscode.window.tabGroups.close(tabs, true);
  }
}

/** The account id in the URI of a document of this extension; undefined for other URIs. */
function accountIn({ scheme, path }: vscode.Uri): string | undefined {
  const [, encoded] = /^\/accounts\/([^/]+)\//.exec(scheme === documentScheme ? path : '') ?? [];
  try {
    return encoded && decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}
