import type { Directory, DirectoryResource } from '../directory';

const mostTexts = 5;
const mostResources = 10;

/** Recent searches, and users and groups that were opened, copied or inserted from them. In memory only; removed with the connection. */
export class SearchHistory {
  /** Latest first. */
  readonly texts: string[] = [];
  readonly resources: DirectoryResource[] = [];

  constructor(private readonly directory: Directory) {
    directory.on('change', this.onChange);
  }

  /** Adds a user or group, and the text by which it was found; empty where no text was typed. */
  add(text: string, resource: DirectoryResource): void {
    toFront(this.resources, resource, ({ path }) => path === resource.path, mostResources);
    if (text !== '') {
      toFront(this.texts, text, (known) => known === text, mostTexts);
    }
  }

  dispose(): void {
    this.directory.off('change', this.onChange);
  }

  /** Removes users and groups of connections that ended, since one keeps its whole list in memory; texts go with the last connection. */
  private readonly onChange = (): void => {
    const { directory, resources, texts } = this;
    const here = resources.filter(({ provider }) => directory.loadedProvider(provider.reference) === provider);
    resources.splice(0, resources.length, ...here);
    texts.splice(directory.accounts.length === 0 ? 0 : mostTexts);
  };
}

function toFront<T>(list: T[], entry: T, isSame: (other: T) => boolean, most: number): void {
  const others = list.filter((other) => !isSame(other));
  list.splice(0, list.length, ...[entry, ...others].slice(0, most));
}
