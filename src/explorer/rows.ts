import type { DirectoryAccount, DirectoryProvider, DirectoryUser } from '../directory';
import { failureOf } from '../ui';

/** The last row below a provider's users: *Load more…* or *Search all…*. One object for each provider. */
export class ListEnd {
  constructor(readonly provider: DirectoryProvider) {}
}

/** A row in the place of something that could not be read, with *Retry*. One object an owner. */
export class FailureRow {
  constructor(readonly owner: DirectoryAccount | DirectoryProvider) {}

  /** What it stands for; undefined once that was made up for. */
  get error(): unknown {
    return failureOf(this.owner);
  }
}

/** A row that says that there is nothing, so that nothing is never mistaken for a failure. */
export class EmptyRow {
  constructor(readonly owner: DirectoryAccount | DirectoryProvider) {}
}

/** What the tree consists of. Accounts, providers and users are the directory's own objects. */
export type Row = DirectoryAccount | DirectoryProvider | DirectoryUser | ListEnd | FailureRow | EmptyRow;
