import vscode = require('vscode');
import { shownName, withoutIsolates } from '../text/untrusted';
import { outline, type OutlineEntry, type ValueKind } from './outline';

/** As VS Code shows JSON. */
const kinds: Record<ValueKind, vscode.SymbolKind> = {
  object: vscode.SymbolKind.Module,
  array: vscode.SymbolKind.Array,
  string: vscode.SymbolKind.String,
  number: vscode.SymbolKind.Number,
  boolean: vscode.SymbolKind.Boolean,
  null: vscode.SymbolKind.Variable,
};

/**
 * What a document holds, for outline, breadcrumbs and *Go to Symbol*. Bundled into a file of its own, `dist/symbols.js`, and loaded
 * when one of them is shown.
 */
export function symbolsOf(text: string): vscode.DocumentSymbol[] {
  return outline(text).map(toSymbol);
}

function toSymbol({ name, kind, detail, start, nameEnd, end, children }: OutlineEntry): vscode.DocumentSymbol {
  const range = new vscode.Range(start.line, start.character, end.line, end.character);
  const nameRange = new vscode.Range(start.line, start.character, nameEnd.line, nameEnd.character);
  const symbol = new vscode.DocumentSymbol(shown(name) || '""', shown(detail), kinds[kind], range, nameRange);
  symbol.children = children.map(toSymbol);
  return symbol;
}

/** *Go to Symbol* draws icons, the outline and breadcrumbs show the same text literally: so no escape, but a space. */
function shown(text: string): string {
  return withoutIsolates(shownName(text)).replaceAll('$(', '$ (');
}
