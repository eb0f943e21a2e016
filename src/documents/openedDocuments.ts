/**
 * Decides for which documents the network may be asked. VS Code reads a document for many reasons that are no intent of the
 * user: a `$schema` or `$ref` in any JSON file, a setting such as `json.schemas`, the peek of a definition, another extension.
 * So only a document that a command of this extension is opening, or that a tab shows, may cost a request.
 *
 * It knows URIs as text only.
 */
export class OpenedDocuments {
  /** How many commands are opening a document at this moment. */
  private readonly opening = new Map<string, number>();

  /** @param inTabs The URIs that tabs show now, in all groups; a tab that compares two documents shows both. */
  constructor(private readonly inTabs: () => ReadonlySet<string>) {}

  /** Whether the network may be asked for a document. */
  mayAsk(uri: string): boolean {
    return this.opening.has(uri) || this.inTabs().has(uri);
  }

  /** Runs what opens a document. Until that ends, the document counts as opened, although no tab may show it yet. */
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
   * The documents that must be read again: VS Code read them before a tab showed them, and was given no answer of the server.
   * To be asked after each change of the tabs, and after each opening of a document, since either may come first.
   */
  toReadAgain(documents: Iterable<string>, isAnswered: (uri: string) => boolean): string[] {
    const inTabs = this.inTabs();
    return [...documents].filter((uri) => inTabs.has(uri) && !isAnswered(uri));
  }
}
