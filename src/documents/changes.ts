/** What one update of the identity provider did. */
export type UpdateKind = 'created' | 'deactivated' | 'reactivated' | 'changed' | 'deleted' | 'other';

export interface Changes {
  readonly kind: UpdateKind;
  /** `active: false`, `add members: […]`; at most `mostLines`. Text from the network. */
  readonly lines: readonly string[];
  /** Lines that were left out. */
  readonly omitted: number;
}

/** Lines that one update may have. */
export const mostLines = 40;
/** Characters of a value. */
const longestValue = 300;
/** Levels of objects that are resolved to lines of their own. */
const mostLevels = 6;

/** Reads what an update changed from its method and its body, which is JSON text of a SCIM resource or of a SCIM PATCH. Never throws. */
export function changesOf(method: string | undefined, body: string | undefined): Changes {
  const content = parsed(body);
  const operations = isRecord(content) ? entryOf(content, 'operations') : undefined;
  const all = Array.isArray(operations)
    ? operations.flatMap(linesOfOperation)
    : linesOf(content, '').filter(({ path }) => !/^schemas(\.|$)/.test(path));
  // In a PATCH without a path, the names in its value stand for paths.
  const active = all.findLast(({ path }) => /(^|[ :])active$/i.test(path))?.value.toLowerCase();
  return {
    kind: kindOf(method?.toUpperCase(), active),
    lines: all.slice(0, mostLines).map(({ path, value }) => (path === '' ? value : `${path}: ${value}`)),
    omitted: Math.max(0, all.length - mostLines),
  };
}

function kindOf(method: string | undefined, active: string | undefined): UpdateKind {
  switch (method) {
    case 'POST':
      return 'created';
    case 'DELETE':
      return 'deleted';
    case 'PUT':
    case 'PATCH':
      // Entra ID sends booleans as text.
      return active === 'false' ? 'deactivated' : active === 'true' && method === 'PATCH' ? 'reactivated' : 'changed';
    default:
      return 'other';
  }
}

interface Line {
  readonly path: string;
  readonly value: string;
}

function linesOfOperation(operation: unknown): Line[] {
  if (!isRecord(operation)) {
    return linesOf(operation, '');
  }
  const op = textOf(entryOf(operation, 'op') ?? 'change').toLowerCase();
  const path = entryOf(operation, 'path');
  const value = entryOf(operation, 'value');
  const prefix = [op, ...(typeof path === 'string' ? [path] : [])].join(' ');
  if (value === undefined) {
    return [{ path: '', value: prefix }];
  }
  return isRecord(value) && path === undefined
    ? Object.entries(value).flatMap(([name, part]) => linesOf(part, `${prefix} ${name}`))
    : linesOf(value, prefix);
}

function linesOf(value: unknown, path: string, level = 0): Line[] {
  if (value === undefined) {
    return [];
  }
  if (typeof value !== 'object' || value === null || level >= mostLevels) {
    return [{ path, value: shortened(textOf(value)) }];
  }
  const entries = Object.entries(value);
  if (entries.length === 0) {
    return path === '' ? [] : [{ path, value: Array.isArray(value) ? '[]' : '{}' }];
  }
  return entries.flatMap(([name, part]) => linesOf(part, path === '' ? name : `${path}.${name}`, level + 1));
}

function parsed(body: string | undefined): unknown {
  try {
    return body?.trim() ? JSON.parse(body) : undefined;
  } catch {
    return body;
  }
}

/** SCIM attribute names have no case. */
function entryOf(record: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.entries(record).find(([key]) => key.toLowerCase() === name)?.[1];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function shortened(text: string): string {
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
}
