import type { DirectoryUser } from '../directory/user';

const mostTexts = 5;
const mostUsers = 10;

/** What was searched for, and whom it led to, in this session. In memory only. */
export class SearchHistory {
  /** The last one first. */
  readonly texts: string[] = [];
  readonly users: DirectoryUser[] = [];

  /** Something was done with a user that a text found; the text is empty where it was not typed. */
  add(text: string, user: DirectoryUser): void {
    toFront(this.users, user, ({ path }) => path === user.path, mostUsers);
    if (text !== '') {
      toFront(this.texts, text, (known) => known === text, mostTexts);
    }
  }
}

function toFront<T>(list: T[], entry: T, isSame: (other: T) => boolean, most: number): void {
  const others = list.filter((other) => !isSame(other));
  list.splice(0, list.length, ...[entry, ...others].slice(0, most));
}
