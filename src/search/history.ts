import type { Directory, DirectoryUser } from '../directory';

const mostTexts = 5;
const mostUsers = 10;

/** Recent searches, and users that were opened, copied or inserted from them. In memory only; removed with the connection. */
export class SearchHistory {
  /** Latest first. */
  readonly texts: string[] = [];
  readonly users: DirectoryUser[] = [];

  constructor(private readonly directory: Directory) {
    directory.on('change', this.onChange);
  }

  /** Adds a user, and the text by which the user was found; empty where no text was typed. */
  add(text: string, user: DirectoryUser): void {
    toFront(this.users, user, ({ path }) => path === user.path, mostUsers);
    if (text !== '') {
      toFront(this.texts, text, (known) => known === text, mostTexts);
    }
  }

  dispose(): void {
    this.directory.off('change', this.onChange);
  }

  /** Removes users of connections that ended, since a user keeps its whole list in memory; texts go with the last connection. */
  private readonly onChange = (): void => {
    const { directory, users, texts } = this;
    const here = users.filter(({ provider }) => directory.loadedProvider(provider.reference) === provider);
    users.splice(0, users.length, ...here);
    texts.splice(directory.accounts.length === 0 ? 0 : mostTexts);
  };
}

function toFront<T>(list: T[], entry: T, isSame: (other: T) => boolean, most: number): void {
  const others = list.filter((other) => !isSame(other));
  list.splice(0, list.length, ...[entry, ...others].slice(0, most));
}
