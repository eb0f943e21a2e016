import vscode = require('vscode');
import { documentScheme } from '../directory/reference';
import { shownName, withoutIsolates } from '../text/untrusted';
import type { OutlineEntry, ValueKind } from './outline';

/** The language of documents, bound to their paths in package.json. */
export const documentLanguage = 'scim-json';

/** As VS Code shows JSON. */
const kinds: Record<ValueKind, vscode.SymbolKind> = {
  object: vscode.SymbolKind.Module,
  array: vscode.SymbolKind.Array,
  string: vscode.SymbolKind.String,
  number: vscode.SymbolKind.Number,
  boolean: vscode.SymbolKind.Boolean,
  null: vscode.SymbolKind.Variable,
};

/** Outline, breadcrumbs and *Go to Symbol* of documents, which VS Code's JSON service must not touch: it acts on what they hold. */
export function registerSymbols(): vscode.Disposable {
  return vscode.languages.registerDocumentSymbolProvider(
    { scheme: documentScheme, language: documentLanguage },
    {
      async provideDocumentSymbols(document) {
        const { outline } = await import('./format.js');
        return outline(document.getText()).map(toSymbol);
      },
    },
  );
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
