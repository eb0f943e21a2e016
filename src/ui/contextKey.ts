import vscode = require('vscode');

/** A context key for the `when` clauses of package.json. */
export class ContextKey {
  private value: boolean | undefined;

  constructor(private readonly name: `scimExplorer.${string}`) {}

  /** Sets the value. Returns whether it changed. */
  set(value: boolean): boolean {
    const isNew = value !== this.value;
    if (isNew) {
      this.value = value;
      void vscode.commands.executeCommand('setContext', this.name, value);
    }
    return isNew;
  }
}
