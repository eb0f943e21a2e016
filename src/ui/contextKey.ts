import vscode = require('vscode');

/** A context key, which `when` clauses of package.json read. */
export class ContextKey {
  private value: boolean | undefined;

  constructor(private readonly name: `scimExplorer.${string}`) {}

  /** Sets the value; returns whether it was another one before. */
  set(value: boolean): boolean {
    const isNew = value !== this.value;
    if (isNew) {
      this.value = value;
      void vscode.commands.executeCommand('setContext', this.name, value);
    }
    return isNew;
  }
}
