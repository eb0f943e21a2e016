import type { DirectoryAccount, DirectoryProvider, DirectoryUser } from '../directory';
import { failureOf } from '../ui';

/** The last row of a provider: *Load more…* or *Search all…*. One object for each provider. */
export class ListEnd {
  constructor(readonly provider: DirectoryProvider) {}
}

/** A row that shows a failure and offers *Retry*. One object for each owner. */
export class FailureRow {
  constructor(readonly owner: DirectoryAccount | DirectoryProvider) {}

  /** The error that it shows; undefined after a successful retry. */
  get error(): unknown {
    return failureOf(this.owner);
  }
}

/** A row that says that a list is empty, so that an empty list is not mistaken for a failure. */
export class EmptyRow {
  constructor(readonly owner: DirectoryAccount | DirectoryProvider) {}
}

/** The rows of the tree. Accounts, providers and users are objects of the directory. */
export type Row = DirectoryAccount | DirectoryProvider | DirectoryUser | ListEnd | FailureRow | EmptyRow;
