/** The values of several iterables, each as soon as it is there. */
export async function* merge<T>(sources: readonly AsyncGenerator<T>[]): AsyncGenerator<T> {
  const next = (source: AsyncGenerator<T>) => {
    const step = source.next().then((result) => ({ source, result }));
    // It may fail after its consumer has left. This handler keeps the rejection from being unhandled; `next` still rejects.
    step.catch(() => undefined);
    return step;
  };
  const waiting = new Map(sources.map((source) => [source, next(source)]));
  while (waiting.size > 0) {
    const { source, result } = await Promise.race(waiting.values());
    if (result.done) {
      waiting.delete(source);
    } else {
      waiting.set(source, next(source));
      yield result.value;
    }
  }
}
