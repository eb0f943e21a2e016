import { inspect } from 'node:util';

/** Where a secret stands in anything that can be made of some values as text; empty where it stands nowhere. */
export function leaks(secret: string, values: Readonly<Record<string, unknown>>): string[] {
  // A part of it is a leak, too, and so is what a spoiled one was made from.
  const needle = /[A-Za-z0-9_]{30,}/.exec(secret)?.[0].slice(0, 30) ?? secret;
  return Object.entries(values).flatMap(([name, value]) =>
    Object.entries(texts(value)).flatMap(([way, text]) => (text.includes(needle) ? [`${way} of ${name}`] : [])),
  );
}

function texts(value: unknown): Record<string, string> {
  const isError = value instanceof Error;
  return {
    inspection: inspect(value, { depth: 20, showHidden: isError, maxArrayLength: 1000, maxStringLength: null }),
    ...(isError && { message: value.message, stack: value.stack ?? '', text: String(value) }),
    ...((isError || Array.isArray(value)) && { JSON: JSON.stringify(value) }),
  };
}

/** What `work` writes to the console, the two outputs and as warnings of the process. */
export async function written(work: () => Promise<void>): Promise<{ output: string; warnings: string[] }> {
  let output = '';
  const warnings: string[] = [];
  const note = (warning: Error) => warnings.push(String(warning));
  const streams = [process.stdout, process.stderr];
  // An own property that hides the stream's method, for as long as it is there.
  const write = (chunk: unknown) => {
    output += String(chunk);
    return true;
  };
  streams.forEach((stream) => Object.defineProperty(stream, 'write', { value: write, configurable: true }));
  process.on('warning', note);
  try {
    await work();
  } finally {
    process.off('warning', note);
    streams.forEach((stream) => Reflect.deleteProperty(stream, 'write'));
  }
  return { output, warnings };
}
