import { valuesIn } from './expression';
import { scanHcl } from './hcl';
import { scanJson } from './json';
import { hole, type Literal, offsetOf, type Scope } from './literal';
import { type Effect, type IdKind, knownPlace } from './places';

/** A value in a file that names a user, a group, an identity provider or an Access group. */
export interface FileId {
  /** UTF-16 offsets in the text of the file, without quotes. */
  readonly start: number;
  readonly end: number;
  /** Decoded. */
  readonly value: string;
  readonly kind: IdKind;
  /** A rule of a policy, or a list of ids that stands somewhere else. */
  readonly within: 'rule' | 'list';
  readonly effect: Effect | undefined;
  /** The same object for all values of an object, such as a group and its identity provider. */
  readonly scope: Scope;
}

/** How the strings of a file are read. In a file of another language, only the word at a position is recognised. */
export interface IdSyntax {
  readonly syntax: 'hcl' | 'json';
  /** Whether the file is a list of Terraform's variables. */
  readonly isVariables: boolean;
}

/** How a file is read, by its name; undefined for one that is not read. */
export function idSyntaxOf(path: string): IdSyntax | undefined {
  const [ending, json] = /(?:\.tfvars)?\.(?:tf|tofu|tfvars|(jsonc?))$/i.exec(path) ?? [];
  return ending === undefined
    ? undefined
    : { syntax: json === undefined ? 'hcl' : 'json', isVariables: /tfvars/i.test(ending) };
}

/** The ids in the rules of a file, and in its lists. */
export function* idsIn(text: string, { syntax, isVariables }: IdSyntax): Generator<FileId> {
  for (const read of syntax === 'json' ? scanJson(text) : scanHcl(text)) {
    if (read.kind !== 'comment') {
      yield* idsOf(read, isVariables);
    }
  }
}

function* idsOf(literal: Literal, isVariables: boolean): Generator<FileId> {
  const { start, end, value, scope, role } = literal;
  const place = role === 'label' ? undefined : knownPlace(literal, isVariables);
  if (place?.belongs === 'expression') {
    for (const found of valuesIn(value)) {
      const [first, last] = [offsetOf(literal, found.start), offsetOf(literal, found.end)];
      yield* fitting({ ...found, start: first, end: last, within: 'rule', scope });
    }
  } else if (literal.kind === 'heredoc') {
    yield* idsOfJson(literal);
  } else if (place) {
    const { belongs, within, effect } = place;
    yield* fitting({ start, end, value, kind: belongs, within, effect, scope });
  }
}

/** The ids in a heredoc that holds JSON, as the body of a request. */
function* idsOfJson(heredoc: Literal): Generator<FileId> {
  if (heredoc.key === 'description' || !/^\s*[{[]/.test(heredoc.value)) {
    return;
  }
  for (const read of scanJson(heredoc.value)) {
    if (read.kind === 'string') {
      const [start, end] = [offsetOf(heredoc, read.start), offsetOf(heredoc, read.end)];
      const offsets = read.offsets.map((offset, i) => (i % 2 === 0 ? offset : offsetOf(heredoc, offset)));
      yield* idsOf({ ...read, start, end, offsets }, false);
    }
  }
}

function* fitting(id: FileId): Generator<FileId> {
  if (fits(id.value, id.kind)) {
    yield id;
  }
}

/** Whether a value has the form of a kind. */
function fits(value: string, kind: IdKind): boolean {
  switch (kind) {
    case 'email':
      return isWholeEmail(value);
    case 'groupName':
      return value.trim() !== '' && !value.includes(hole);
    case 'groupExternalId':
      return uuid.test(value) || /^00g[0-9A-Za-z]{17}$/.test(value);
    case 'userExternalId':
      return uuid.test(value) || /^00u[0-9A-Za-z]{17}$/.test(value);
    case 'identityProviderId':
    case 'accessGroupId':
    case 'scimUserId':
      return uuid.test(value) && !/^[0-]+$/.test(value);
  }
}

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** An address that is written out: templates such as `${name}@x.example` and `%s@%s` are not. */
function isWholeEmail(value: string): boolean {
  return /^[\p{L}\p{M}\p{N}.!#&'*+/=?^_`|~-]{1,64}@(?:[\p{L}\p{M}\p{N}-]{1,63}\.)+[\p{L}\p{N}-]{2,63}$/u.test(value);
}
