import { type JSONVisitor, visit } from 'jsonc-parser';

/** Lines and characters count from 0; characters are UTF-16 code units. */
export interface Place {
  readonly line: number;
  readonly character: number;
}

export type ValueKind = 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null';

/** A property of an object, or an element of an array. */
export interface OutlineEntry {
  /** The property's name, or the element's index. Text from the network. */
  readonly name: string;
  readonly kind: ValueKind;
  /** A string's value, or the text of a number, boolean or null; empty for objects and arrays. Text from the network. */
  readonly detail: string;
  readonly start: Place;
  /** The end of the property's name, or of an array's element. */
  readonly nameEnd: Place;
  readonly end: Place;
  readonly children: readonly OutlineEntry[];
}

/** VS Code's default limit for JSON. */
export const maxOutlineEntries = 5000;

/** Maximum UTF-16 code units of a text that has an outline. */
export const maxOutlinedLength = 2_000_000;

type Building = Omit<OutlineEntry, 'end' | 'children'> & { end: Place; readonly children: Building[] };

interface Container {
  /** Undefined for the document's own value. */
  readonly entry: Building | undefined;
  readonly entries: Building[];
  /** The next index of an array; undefined for an object. */
  nextIndex: number | undefined;
}

/** The properties and elements of a JSON text, in its order. Takes time in proportion to the length of the text. */
export function outline(text: string): readonly OutlineEntry[] {
  if (text.length > maxOutlinedLength) {
    return [];
  }
  const top: Building[] = [];
  const open: Container[] = [];
  let key: Pick<Building, 'name' | 'start' | 'nameEnd'> | undefined;
  let count = 0;

  const add = (kind: ValueKind, detail: string, start: Place, end: Place): Building | undefined => {
    const container = open.at(-1);
    if (container === undefined || count >= maxOutlineEntries) {
      return undefined;
    }
    count++;
    const index = container.nextIndex;
    const named = index === undefined ? key : { name: String(index), start, nameEnd: end };
    container.nextIndex = index === undefined ? undefined : index + 1;
    const entry = { ...(named ?? { name: '', start, nameEnd: end }), kind, detail, end, children: [] };
    container.entries.push(entry);
    return entry;
  };

  const begin = (kind: 'object' | 'array') => (_: number, length: number, line: number, character: number) => {
    const entry = add(kind, '', { line, character }, { line, character: character + length });
    const isOutlined = entry !== undefined || open.length === 0;
    open.push({ entry, entries: entry?.children ?? top, nextIndex: kind === 'array' ? 0 : undefined });
    return isOutlined;
  };

  const end = (_: number, length: number, line: number, character: number) => {
    const { entry } = open.pop() ?? {};
    if (entry !== undefined) {
      entry.end = { line, character: character + length };
    }
  };

  const visitor: JSONVisitor = {
    onObjectBegin: begin('object'),
    onArrayBegin: begin('array'),
    onObjectEnd: end,
    onArrayEnd: end,
    onObjectProperty(name, _, length, line, character) {
      key = { name, start: { line, character }, nameEnd: { line, character: character + length } };
    },
    onLiteralValue(value: unknown, offset, length, line, character) {
      const detail = typeof value === 'string' ? value : text.slice(offset, offset + length);
      add(kindOf(value), detail, { line, character }, { line, character: character + length });
    },
  };
  visit(text, visitor);
  return top;
}

function kindOf(value: unknown): ValueKind {
  if (typeof value === 'string') {
    return 'string';
  }
  if (typeof value === 'number') {
    return 'number';
  }
  return typeof value === 'boolean' ? 'boolean' : 'null';
}
