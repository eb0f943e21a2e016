import { randomUUID } from 'node:crypto';
import { CloudflareError, type PartialFilter } from '../cloudflare';
import type { DirectoryProvider } from './provider';
import { primaryEmail } from './display';

export type PartialFilterName = 'search_contains' | 'search_starts_with';

/** Characters of a fragment, enough to be rare and few enough to be a part. */
const fragmentLength = 6;

/** Before probes that got no answer are sent again, ms. */
const pauseMs = 300_000;

interface Sought {
  readonly id: string;
  /** What the server knows of the user. */
  readonly text: string;
}

/**
 * Whether the server finds users by a part of a field, and by which filter: found out once a connection by two probes. A random text must
 * match nobody, and a fragment of a user that was read must bring that user. Until both have answered so, no such filter is used.
 */
export class PartialMatching {
  private working: PartialFilterName | undefined;
  private probing: Promise<void> | undefined;
  private failedAt: number | undefined;

  constructor(
    /** A clock that only goes forward, ms. */
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** The filter for a part of a field; undefined while none is known to work. */
  get filterName(): PartialFilterName | undefined {
    return this.working;
  }

  /** Finds out, where that has not been done; never rejects. Without a user to look for it waits for a later call. */
  probe(provider: DirectoryProvider): Promise<void> {
    const isDue = this.probing === undefined && this.now() - (this.failedAt ?? -Infinity) >= pauseMs;
    const sought = isDue ? someoneToFind(provider) : undefined;
    if (sought !== undefined) {
      this.failedAt = undefined;
      this.probing = this.findOut(provider, sought).catch(() => {
        // The server gave no answer. A later search probes again.
        this.probing = undefined;
        this.failedAt = this.now();
      });
    }
    return this.probing ?? Promise.resolve();
  }

  private async findOut(provider: DirectoryProvider, sought: Sought): Promise<void> {
    for (const name of ['search_contains', 'search_starts_with'] as const) {
      if (await isHonoured(provider, name, sought)) {
        this.working = name;
        return;
      }
    }
  }
}

async function isHonoured(
  provider: DirectoryProvider,
  name: PartialFilterName,
  { id, text }: Sought,
): Promise<boolean> {
  const start = name === 'search_contains' ? 1 : 0;
  const fragment = text.slice(start, start + fragmentLength);
  try {
    const nobody = await provider.find(filterOf(name, randomUUID()));
    const found = nobody.length > 0 ? [] : await provider.find(filterOf(name, fragment));
    return found.some(({ user }) => user.id === id);
  } catch (error) {
    // A server that does not know the filter may refuse it.
    if (error instanceof CloudflareError && error.reason === 'refused') {
      return false;
    }
    throw error;
  }
}

/** A user that was read and has a text that is long enough to take a part of it. */
function someoneToFind({ users }: DirectoryProvider): Sought | undefined {
  for (let i = 0; i < users.shown.count; i++) {
    const user = users.shown.item(i);
    const text = primaryEmail(user) ?? user.displayName ?? '';
    if (user.id !== undefined && text.length > fragmentLength) {
      return { id: user.id, text };
    }
  }
  return undefined;
}

function filterOf(name: PartialFilterName, text: string): PartialFilter {
  return name === 'search_contains' ? { search_contains: text } : { search_starts_with: text };
}
