import { hole } from './literal';
import type { Effect, IdKind } from './places';

/** A value in a Gateway expression: indexes in its text. */
export interface ExpressionValue {
  readonly start: number;
  readonly end: number;
  readonly value: string;
  readonly kind: IdKind;
  /** `exclude` inside `not(…)`. */
  readonly effect: Effect;
}

/** What the fields of an expression are compared with; `identity.groups[*].id` and `identity.groups.id[*]` are the same. */
const fields: Readonly<Record<string, IdKind>> = {
  'identity.email': 'email',
  'identity.groups.id': 'groupExternalId',
  'identity.groups.name': 'groupName',
  'identity.saml_attributes': 'groupName',
};

/** Groups: bracket, field, operator of a pattern, content of a string. */
const token =
  /\b(not\s*\()|([()])|\b(identity\.[\w.[\]*]+)|\b(?:matches|contains)\b|"((?:[^"\\]|\\[^])*)"|\b(?:and|or)\b/g;

/** The values that a Gateway expression compares the identity with: `identity.email in {"ada@x.example"}`. Patterns are left out. */
export function* valuesIn(expression: string): Generator<ExpressionValue> {
  let kind: IdKind | undefined;
  let isOfGroups = false;
  /** Of each open bracket whether it is that of a `not`. */
  const brackets: boolean[] = [];
  let negations = 0;
  for (const { 0: whole, 1: not, 2: bracket, 3: field, 4: text, index } of expression.matchAll(token)) {
    if (field !== undefined) {
      const name = field.replaceAll('[*]', '');
      kind = fields[name];
      isOfGroups = name === 'identity.saml_attributes';
    } else if (not !== undefined || bracket === '(') {
      brackets.push(not !== undefined);
      negations += not === undefined ? 0 : 1;
    } else if (bracket === ')') {
      negations -= brackets.pop() === true ? 1 : 0;
    } else if (text === undefined) {
      kind = undefined;
    } else if (kind !== undefined && !text.includes(hole) && !text.includes('\\')) {
      // `"groups=engineering"` is a name of an attribute and its value.
      const skipped = isOfGroups ? (/^groups=/.exec(text)?.[0].length ?? text.length) : 0;
      const start = index + 1 + skipped;
      const end = index + whole.length - 1;
      yield { start, end, value: text.slice(skipped), kind, effect: negations > 0 ? 'exclude' : 'include' };
    }
  }
}
