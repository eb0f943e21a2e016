/** Methods of strings that read or copy one part of a text, and how many UTF-16 code units a call takes. */
const methods = {
  charCodeAt: () => 1,
  codePointAt: () => 1,
  charAt: () => 1,
  at: () => 1,
  substring: (result: unknown) => String(result).length,
  substr: (result: unknown) => String(result).length,
  slice: (result: unknown) => String(result).length,
  repeat: (result: unknown) => String(result).length,
} as const;

/**
 * The UTF-16 code units that some work reads and copies by methods of strings: a measure of its cost that is the same on
 * every machine.
 */
export function unitsTouched(work: () => unknown): number {
  let units = 0;
  const prototype = String.prototype as unknown as Record<string, (...args: unknown[]) => unknown>;
  const originals = Object.entries(methods).map(([name, cost]) => {
    const original = prototype[name];
    if (original === undefined) {
      throw new Error(`String.prototype.${name} is missing`);
    }
    prototype[name] = function (this: unknown, ...args: unknown[]) {
      const result = original.apply(this, args);
      units += cost(result);
      return result;
    };
    return [name, original] as const;
  });
  try {
    work();
  } finally {
    for (const [name, original] of originals) prototype[name] = original;
  }
  return units;
}
