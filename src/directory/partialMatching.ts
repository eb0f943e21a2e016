import { randomUUID } from 'node:crypto';
import { CloudflareError, type PartialFilter } from '../cloudflare';
import type { DirectoryProvider } from './provider';
import { primaryEmail } from './display';

export type PartialFilterName = 'search_contains' | 'search_starts_with';

/** Characters of the fragment that a probe sends: long enough to be rare, short enough to be a proper part. */
const fragmentLength = 6;

/** Milliseconds before probes without an answer are sent again. */
const pauseMs = 300_000;

interface Sought {
  readonly id: string;
  /** An email or display name of the user. */
  readonly text: string;
}

/**
 * Whether the server finds users by a part of a field, and by which filter. Two probes a connection find out: a random text must match no
 * user, and a fragment of a loaded user's text must match that user. No such filter is used before both probes have succeeded.
 */
export class PartialMatching {
  private working: PartialFilterName | undefined;
  private probing: Promise<void> | undefined;
  private failedAt: number | undefined;

  constructor(
    /** A monotonic clock, ms. */
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** The filter that finds users by a part of a field; undefined while none is known to work. */
  get filterName(): PartialFilterName | undefined {
    return this.working;
  }

  /** Sends the probes if that has not been done. Never rejects. Without a suitable loaded user a later call sends them. */
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
    const nobody = await provider.find('user', filterOf(name, randomUUID()));
    const found = nobody.length > 0 ? [] : await provider.find('user', filterOf(name, fragment));
    return found.some(({ data }) => data.id === id);
  } catch (error) {
    // A server that does not know the filter may refuse it.
    if (error instanceof CloudflareError && error.reason === 'refused') {
      return false;
    }
    throw error;
  }
}

/** A loaded user whose email or display name is longer than the fragment. */
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
