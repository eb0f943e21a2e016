import vscode = require('vscode');

/** Tabs hold the URIs of their editors at most so deep: in the list of a tab that compares several files. */
const maxDepth = 3;

/** The URIs that tabs of any kind show, in all groups and windows of this extension host. Both sides of a comparison count. */
export function urisInTabs(): Set<string> {
  return new Set(
    vscode.window.tabGroups.all.flatMap(({ tabs }) =>
      tabs.flatMap(({ input }) => urisIn(input).map((uri) => uri.toString())),
    ),
  );
}

/** The URIs in the input of a tab. Looks for URIs, and not for known kinds of tabs: newer versions of VS Code have kinds that the types here do not name. */
export function urisIn(input: unknown, depth = maxDepth): vscode.Uri[] {
  if (input instanceof vscode.Uri) {
    return [input];
  }
  return typeof input === 'object' && input !== null && depth > 0
    ? Object.values(input).flatMap((value) => urisIn(value, depth - 1))
    : [];
}
