import { isDeepStrictEqual } from 'node:util';
import {
  type Directory,
  DirectoryAccount,
  DirectoryProvider,
  DirectoryResource,
  ResourceNotFoundError,
  type ScimList,
} from '../directory';
import type { ScimKind } from '../matching';

/** The folder *Groups* of an identity provider. One object for each provider. */
export class GroupsFolder {
  /** What a command works on that gets this row. */
  readonly kind = 'group';

  constructor(readonly provider: DirectoryProvider) {}

  refresh(): Promise<void> {
    return this.provider.refreshList('group');
  }

  retry(): Promise<void> {
    return this.provider.retry('group');
  }
}

/** Maximum rows of a list in the tree: VS Code's tree gets slow beyond that, and searching is faster. */
export const maxShown = 1000;

/** Maximum rows of the folder *Found*. */
const maxFound = 10;

/** The folder *Found* of an identity provider: users and groups that were revealed, and that no page of the tree has. */
export class FoundFolder {
  private revealed: readonly DirectoryResource[] = [];

  constructor(readonly provider: DirectoryProvider) {}

  /** Latest first. Those that a page of the tree has meanwhile are left out. */
  get resources(): readonly DirectoryResource[] {
    return this.revealed.filter((resource) => placeOf(resource) === undefined);
  }

  add(resource: DirectoryResource): void {
    const others = this.resources.filter(({ path }) => path !== resource.path);
    this.revealed = [resource, ...others.slice(0, maxFound - 1)];
  }

  has(row: DirectoryResource): boolean {
    return this.revealed.includes(row);
  }

  /** Reads its users and groups again. One that the identity provider no longer has is removed. Throws the first error of a request. */
  async refresh(directory: Directory, signal: AbortSignal): Promise<void> {
    const before = this.resources;
    const after = await Promise.all(before.map((resource) => readAgain(resource, directory, signal)));
    // Another one may have been revealed meanwhile.
    this.revealed = this.revealed.flatMap((resource) => {
      const i = before.indexOf(resource);
      return i === -1 ? resource : (after[i] ?? []);
    });
  }
}

/** A user or group as the server has it now: the same object if nothing changed, undefined if it no longer exists. */
async function readAgain(
  resource: DirectoryResource,
  directory: Directory,
  signal: AbortSignal,
): Promise<DirectoryResource | undefined> {
  const { provider, kind, reference } = resource;
  if (reference === undefined) {
    return resource;
  }
  try {
    const { data } = await directory.fetchResource(reference, signal);
    return isDeepStrictEqual(data, resource.data) ? resource : new DirectoryResource(provider, kind, data);
  } catch (error) {
    if (error instanceof ResourceNotFoundError) {
      return undefined;
    }
    if (signal.aborted) {
      return resource;
    }
    throw error;
  }
}

/** The position of a user or group in the pages of the tree; undefined if it is not in them. */
export function placeOf(resource: DirectoryResource): number | undefined {
  const { provider, kind, data } = resource;
  const { shown } = provider.list(kind);
  const i = data.id === undefined ? undefined : shown.indexOf(data.id);
  return i !== undefined && i < maxShown ? i : undefined;
}

/** A row with a list of users or groups below it. */
export type ListOwner = DirectoryProvider | GroupsFolder;

/** A row that can be read again as a whole. */
export type Owner = DirectoryAccount | ListOwner;

/** The list of users or groups below a row. */
export function listOf(owner: ListOwner): ScimList {
  return providerOf(owner).list(kindOf(owner));
}

export function kindOf(owner: ListOwner): ScimKind {
  return owner instanceof GroupsFolder ? 'group' : 'user';
}

export function providerOf(owner: ListOwner): DirectoryProvider {
  return owner instanceof GroupsFolder ? owner.provider : owner;
}

/** The last row of a list: *Load more…* or *Search all…*. One object for each list. */
export class ListEnd {
  constructor(readonly owner: ListOwner) {}
}

/** Why an account or a list could not be read. */
export function failureOf(owner: Owner): unknown {
  return owner instanceof DirectoryAccount ? owner.failure : listOf(owner).shown.failure?.error;
}

/** A row that shows a failure and offers *Retry*. One object for each owner. */
export class FailureRow {
  constructor(readonly owner: Owner) {}

  /** The error that it shows; undefined after a successful retry. */
  get error(): unknown {
    return failureOf(this.owner);
  }
}

/** A row that says that a list is empty, so that an empty list is not mistaken for a failure. */
export class EmptyRow {
  constructor(readonly owner: Owner) {}
}

/** The rows of the tree. Accounts, providers, users and groups are objects of the directory. */
export type Row =
  | DirectoryAccount
  | DirectoryProvider
  | DirectoryResource
  | GroupsFolder
  | FoundFolder
  | ListEnd
  | FailureRow
  | EmptyRow;

/** What is refreshed with a row; undefined for a value that is not a row. */
export function ownerOf(row: unknown): Owner | undefined {
  if (row instanceof DirectoryAccount || row instanceof DirectoryProvider || row instanceof GroupsFolder) {
    return row;
  }
  if (row instanceof DirectoryResource || row instanceof FoundFolder) {
    return row.provider;
  }
  return row instanceof FailureRow || row instanceof EmptyRow || row instanceof ListEnd ? row.owner : undefined;
}
