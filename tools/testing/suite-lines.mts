// The suite in the extension host can only speak through the console, where everything else speaks as well. It marks
// its lines, so that whoever runs it can tell them from the rest in either host.

const mark = '[suite] ';

export function markSuiteLine(line: string): string {
  return `${mark}${line}`;
}

/** @returns The line as the suite wrote it, or undefined when somebody else wrote it. */
export function suiteLine(text: string): string | undefined {
  return text.startsWith(mark) ? text.slice(mark.length) : undefined;
}
