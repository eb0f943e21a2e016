import * as v from 'valibot';
import type { Memento } from 'vscode';

/** What is kept of a connection beside its secret. */
const indexEntry = v.object({
  accountId: v.string(),
  accountName: v.fallback(v.string(), ''),
  /** The name that a person gave the account. */
  label: v.fallback(v.optional(v.string()), undefined),
});
export type IndexEntry = v.InferOutput<typeof indexEntry>;

const indexKey = 'scimExplorer.connections';

/**
 * The list of connections in `globalState`, in the order they were made: `[{accountId, accountName, label?}]`. An entry that cannot be
 * read is passed over and written back as it was, since a newer version may have made it.
 */
export class ConnectionIndex {
  constructor(private readonly state: Pick<Memento, 'get' | 'update'>) {}

  /** The entries that can be read, one an account. */
  entries(): IndexEntry[] {
    const entries = this.stored().flatMap((stored) => read(stored) ?? []);
    return [...new Map(entries.toReversed().map((entry) => [entry.accountId, entry])).values()].toReversed();
  }

  entry(accountId: string): IndexEntry | undefined {
    return this.entries().find((entry) => entry.accountId === accountId);
  }

  /** Puts an account's entry in its place, or takes it out. Nothing is awaited before: others change the index meanwhile. */
  async put(accountId: string, entry: IndexEntry | undefined): Promise<void> {
    const stored = this.stored();
    const isOther = (other: unknown) => read(other)?.accountId !== accountId;
    const [at, others] = [stored.findIndex((other) => !isOther(other)), stored.filter(isOther)];
    const changed = entry ? others.toSpliced(at === -1 ? others.length : at, 0, entry) : others;
    await this.state.update(indexKey, changed.length > 0 ? changed : undefined);
  }

  /** A value that is no array counts as one entry that cannot be read. */
  private stored(): unknown[] {
    const stored = this.state.get<unknown>(indexKey) ?? [];
    return Array.isArray(stored) ? stored : [stored];
  }
}

function read(stored: unknown): IndexEntry | undefined {
  const parsed = v.safeParse(indexEntry, stored);
  // What else is in an entry is another version's, and stays in it.
  return parsed.success ? { ...(stored as object), ...parsed.output } : undefined;
}
