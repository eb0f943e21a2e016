import type { Memento } from 'vscode';

/** The entry of a connection in the index. */
export interface IndexEntry {
  readonly accountId: string;
  /** The account's name at Cloudflare; untrusted. */
  readonly accountName: string;
  /** The name that the user gave the account. */
  readonly label?: string | undefined;
}

const indexKey = 'scimExplorer.connections';

/**
 * The list of connections in `globalState`, in the order of their creation: `[{accountId, accountName, label?}]`. A malformed entry is
 * ignored and written back unchanged, since a newer version may have written it.
 */
export class ConnectionIndex {
  constructor(private readonly state: Pick<Memento, 'get' | 'update'>) {}

  /** The well-formed entries, one for each account. */
  entries(): IndexEntry[] {
    const entries = this.stored().flatMap((stored) => read(stored) ?? []);
    return [...new Map(entries.toReversed().map((entry) => [entry.accountId, entry])).values()].toReversed();
  }

  entry(accountId: string): IndexEntry | undefined {
    return this.entries().find((entry) => entry.accountId === accountId);
  }

  /** Replaces or removes an account's entry. Reads and writes in the same turn, since other calls change the index as well. */
  async put(accountId: string, entry: IndexEntry | undefined): Promise<void> {
    const stored = this.stored();
    const isOther = (other: unknown) => read(other)?.accountId !== accountId;
    const [at, others] = [stored.findIndex((other) => !isOther(other)), stored.filter(isOther)];
    const changed = entry ? others.toSpliced(at === -1 ? others.length : at, 0, entry) : others;
    await this.state.update(indexKey, changed.length > 0 ? changed : undefined);
  }

  /** A value that is no array counts as one malformed entry. */
  private stored(): unknown[] {
    const stored = this.state.get<unknown>(indexKey) ?? [];
    return Array.isArray(stored) ? stored : [stored];
  }
}

/** Checked by hand: a schema library would be loaded at activation for three fields. */
function read(stored: unknown): IndexEntry | undefined {
  const { accountId, accountName, label } = (stored ?? {}) as Partial<Record<keyof IndexEntry, unknown>>;
  if (typeof accountId !== 'string') {
    return undefined;
  }
  return {
    // Any other fields are from a newer version and are kept.
    ...(stored as object),
    accountId,
    accountName: typeof accountName === 'string' ? accountName : '',
    label: typeof label === 'string' ? label : undefined,
  };
}
