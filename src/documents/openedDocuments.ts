/**
 * Decides which documents may cause a request. VS Code reads documents for reasons that the user did not intend: a `$schema` or `$ref` in any
 * JSON file, a setting such as `json.schemas`, the peek of a definition, another extension. So only a document that a command of this
 * extension is opening, or that a tab shows, may cause a request.
 *
 * URIs are strings here.
 */
export class OpenedDocuments {
  /** The number of commands that are opening each document now. */
  private readonly opening = new Map<string, number>();

  /** @param inTabs The URIs that tabs show now, in all groups; a tab that compares two documents shows both. */
  constructor(private readonly inTabs: () => ReadonlySet<string>) {}

  /** Whether a document may cause a request. */
  mayAsk(uri: string): boolean {
    return this.opening.has(uri) || this.inTabs().has(uri);
  }

  /** Runs a function that opens a document. While it runs, the document counts as opened, although no tab may show it yet. */
  async whileOpening<T>(uri: string, open: () => PromiseLike<T>): Promise<T> {
    this.opening.set(uri, (this.opening.get(uri) ?? 0) + 1);
    try {
      return await open();
    } finally {
      const others = (this.opening.get(uri) ?? 1) - 1;
      if (others > 0) {
        this.opening.set(uri, others);
      } else {
        this.opening.delete(uri);
      }
    }
  }

  /**
   * The documents that must be read again, because VS Code read them before a tab showed them and got a placeholder. Call it after each change
   * of the tabs and after each opening of a document, since either may happen first.
   */
  toReadAgain(documents: Iterable<string>, isAnswered: (uri: string) => boolean): string[] {
    const inTabs = this.inTabs();
    return [...documents].filter((uri) => inTabs.has(uri) && !isAnswered(uri));
  }
}
