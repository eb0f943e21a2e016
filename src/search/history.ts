import type { Directory, DirectoryUser } from '../directory';

const mostTexts = 5;
const mostUsers = 10;

/** What was searched for, and whom it led to, in this session. In memory only, and gone with the connection. */
export class SearchHistory {
  /** The last one first. */
  readonly texts: string[] = [];
  readonly users: DirectoryUser[] = [];

  constructor(private readonly directory: Directory) {
    directory.on('change', this.onChange);
  }

  /** Something was done with a user that a text found; the text is empty where it was not typed. */
  add(text: string, user: DirectoryUser): void {
    toFront(this.users, user, ({ path }) => path === user.path, mostUsers);
    if (text !== '') {
      toFront(this.texts, text, (known) => known === text, mostTexts);
    }
  }

  dispose(): void {
    this.directory.off('change', this.onChange);
  }

  /** Forgets who belongs to a connection that is gone, and with the last one everything: a user keeps its whole list alive. */
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
