import { DirectoryAccount, DirectoryProvider, DirectoryUser } from '../directory';
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

/** The account or provider that a row belongs to; undefined for a value that is not a row. */
export function ownerOf(row: unknown): DirectoryAccount | DirectoryProvider | undefined {
  if (row instanceof DirectoryAccount || row instanceof DirectoryProvider) {
    return row;
  }
  if (row instanceof DirectoryUser || row instanceof ListEnd) {
    return row.provider;
  }
  return row instanceof FailureRow || row instanceof EmptyRow ? row.owner : undefined;
}
