import vscode = require('vscode');

/** How deep a tab's input is searched for URIs. A tab that compares several files has a list of pairs. */
const maxDepth = 3;

/** The URIs that tabs of any kind show, in all groups and windows of this extension host. Both sides of a comparison count. */
export function urisInTabs(): Set<string> {
  return new Set(
    vscode.window.tabGroups.all.flatMap(({ tabs }) =>
      tabs.flatMap(({ input }) => urisIn(input).map((uri) => uri.toString())),
    ),
  );
}

/** The URIs in a tab's input, whatever its kind: newer versions of VS Code have kinds that the types do not name. */
export function urisIn(input: unknown, depth = maxDepth): vscode.Uri[] {
  if (input instanceof vscode.Uri) {
    return [input];
  }
  return typeof input === 'object' && input !== null && depth > 0
    ? Object.values(input).flatMap((value) => urisIn(value, depth - 1))
    : [];
}
