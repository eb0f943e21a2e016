import vscode = require('vscode');
import { symbolText } from '../text';
import { outline, type OutlineEntry, type ValueKind } from './outline';

/** The symbol kinds that VS Code uses for JSON. */
const kinds: Record<ValueKind, vscode.SymbolKind> = {
  object: vscode.SymbolKind.Module,
  array: vscode.SymbolKind.Array,
  string: vscode.SymbolKind.String,
  number: vscode.SymbolKind.Number,
  boolean: vscode.SymbolKind.Boolean,
  null: vscode.SymbolKind.Variable,
};

/** The symbols of a document, for the outline, breadcrumbs and *Go to Symbol*. */
export function symbolsOf(text: string): vscode.DocumentSymbol[] {
  return outline(text).map(toSymbol);
}

function toSymbol({ name, kind, detail, start, nameEnd, end, children }: OutlineEntry): vscode.DocumentSymbol {
  const range = new vscode.Range(start.line, start.character, end.line, end.character);
  const nameRange = new vscode.Range(start.line, start.character, nameEnd.line, nameEnd.character);
  const symbol = new vscode.DocumentSymbol(symbolText(name) || '""', symbolText(detail), kinds[kind], range, nameRange);
  symbol.children = children.map(toSymbol);
  return symbol;
}
