// The client keeps Cloudflare's documented limits by itself, whatever a server says. Where limits are off, it keeps none.
import assert from 'node:assert/strict';
import { internals } from './ours';

interface Waiting {
  waitMs: () => number;
  bulkWaitMs?: () => number;
}

/** What the gate keeps to itself. */
interface GateParts {
  readonly pacing: {
    readonly scheduler: { readonly rate: Waiting };
    readonly budgets: ReadonlyMap<string, Waiting>;
  };
}

/** For this host's extension, and the credentials with which something was asked for already. */
export function liftLimits(): void {
  const { scheduler, budgets } = (internals().gate as unknown as GateParts).pacing;
  assert.equal(typeof scheduler.rate.waitMs, 'function');
  assert.ok(budgets.size > 0, 'something was asked for');
  for (const limit of [scheduler.rate, ...budgets.values()]) {
    limit.waitMs = () => 0;
    limit.bulkWaitMs = () => 0;
  }
}
