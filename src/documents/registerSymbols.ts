import vscode = require('vscode');
import { documentScheme } from '../directory';

/** The language of the documents, which package.json binds to their paths. Not JSON: VS Code's JSON service loads the `$schema` of a text. */
const documentLanguage = 'scim-json';

/** Outline, breadcrumbs and *Go to Symbol* of documents. */
export function registerSymbols(): vscode.Disposable {
  return vscode.languages.registerDocumentSymbolProvider(
    { scheme: documentScheme, language: documentLanguage },
    {
      async provideDocumentSymbols(document) {
        const { symbolsOf } = await import('./symbols');
        return symbolsOf(document.getText());
      },
    },
  );
}
