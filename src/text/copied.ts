import { invisibleCharacters, mayHoldUnseen } from './visible';

/** Maximum UTF-16 code units that are checked, of one value and of all values that need the slow check, which takes microseconds a unit. */
const mostUnits = 10_000;

/** Invisible characters in values that are copied or inserted unchanged. */
export interface Unseen {
  /** `U+000A`, `U+00A0` …, each once. */
  readonly characters: readonly string[];
  readonly hasLineBreak: boolean;
  /** Whether a part of the values was not checked. */
  readonly isPartial: boolean;
}

const lineBreaks = ['U+000A', 'U+000D', 'U+2028', 'U+2029'];

/** Finds invisible characters, spaces at the start or end, and spaces other than U+0020, which look the same. */
export function unseenIn(values: readonly string[]): Unseen {
  const characters = new Set<string>();
  let isPartial = false;
  let left = mostUnits;
  for (const value of values) {
    const head = value.slice(0, mostUnits);
    isPartial ||= head.length < value.length;
    if (value.startsWith(' ') || value.endsWith(' ')) {
      characters.add('U+0020');
    }
    for (const [space] of head.matchAll(/[\p{Zs}--[ ]]/gv)) {
      characters.add(nameOf(space));
    }
    if (mayHoldUnseen(head)) {
      const looked = head.slice(0, left);
      isPartial ||= looked.length < head.length;
      left -= looked.length;
      invisibleCharacters(looked).forEach((name) => characters.add(name));
    }
  }
  return { characters: [...characters], hasLineBreak: lineBreaks.some((name) => characters.has(name)), isPartial };
}

function nameOf(space: string): string {
  return `U+${space.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}
