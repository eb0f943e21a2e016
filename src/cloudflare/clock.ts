/** The time that pauses and deadlines go by. Tests use one that they move themselves. */
export interface Clock {
  /** Milliseconds; never goes back and ignores changes of the system time. */
  now(): number;
  /** Calls back once, after some milliseconds. The returned function cancels that. */
  after(milliseconds: number, callback: () => void): () => void;
}

/** `setTimeout` fires at once for a longer delay. */
const longestTimeoutMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => performance.now(),
  after: (milliseconds, callback) => {
    const timer = setTimeout(callback, Math.min(milliseconds, longestTimeoutMs));
    return () => clearTimeout(timer);
  },
};

/** Resolves after some milliseconds. Rejects with the signal's reason as soon as it is aborted. */
export function sleep(clock: Clock, milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason as Error);
      return;
    }
    const onAbort = () => {
      cancel();
      reject(signal?.reason as Error);
    };
    const cancel = clock.after(milliseconds, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/**
 * Settles as the promise does. Rejects with the signal's reason as soon as it is aborted, even if the promise ignores the signal: VS Code's
 * `fetch`, for example, looks up the proxy before it looks at the signal.
 */
export async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) {
    return promise;
  }
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason as Error);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([aborted, promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
