import { type Literal, type Scope } from './literal';

/** What is written at a place, in the API's terms. */
export type IdKind =
  | 'email'
  /** The external id of a SCIM group: the object id in Entra ID, `00g…` in Okta. */
  | 'groupExternalId'
  | 'groupName'
  | 'identityProviderId'
  | 'accessGroupId'
  | 'scimUserId'
  | 'userExternalId';

/** What is written at a place: an id, or a Gateway expression that has ids in it. */
export type Belongs = IdKind | 'expression';

/** In which part of a policy a rule stands: where all have to match, one, or none. */
export type Effect = 'include' | 'exclude' | 'require';

interface PlaceRule {
  /** Of the keys from the outside to the inside, joined by dots, in lower case and without `_` and `-`. */
  readonly keys: RegExp;
  readonly belongs: Belongs;
}

/** The places inside a rule of Access or Gateway, in Terraform (v4 and v5) and in the API's JSON. */
const inRules: readonly PlaceRule[] = [
  { keys: /\.email\.email$|\.(?:include|exclude|require)s?\.email$/, belongs: 'email' },
  { keys: /\.approvalgroups?\.emailaddresses$/, belongs: 'email' },
  { keys: /\.azure(?:ad)?\.id$/, belongs: 'groupExternalId' },
  { keys: /\.okta\.name$|\.saml\.attributevalue$/, belongs: 'groupName' },
  { keys: /\.identityproviderid$|\.loginmethod(?:\.id)?$/, belongs: 'identityProviderId' },
  { keys: /\.group(?:\.id)?$/, belongs: 'accessGroupId' },
];

/** The places that are known by their last key alone. */
const anywhere: readonly PlaceRule[] = [
  { keys: /\.allowedidps$/, belongs: 'identityProviderId' },
  { keys: /\.identity$/, belongs: 'expression' },
];

/** The places in lists outside of rules: variables, locals, arguments of modules, lists of Gateway. */
const inLists: readonly PlaceRule[] = [
  { keys: /(?:identityprovider|idp)(?:ids?|s)?(?:\.[^.]*)?$/, belongs: 'identityProviderId' },
  { keys: /accessgroup/, belongs: 'accessGroupId' },
  { keys: /group/, belongs: 'groupExternalId' },
  { keys: /scimuser|cfresource/, belongs: 'scimUserId' },
  { keys: /user.*objectid|user.*id|idpresource/, belongs: 'userExternalId' },
];

/** Keys of addresses that are no people in a rule. */
const notPeople =
  /description|notif|maintainer|contact|owner|smtp|mailbox|sender|from$|root|alert|abuse|support|cloudflareemail|domain/;

const rule = /\.(include|exclude|require)s?\./;
const ruleResource = /\.(?:resource|data)\.cloudflare(?:zerotrust)?(?:access|gateway|teamsrule)[a-z]*\./;
const list = /^\.(?:locals|variable|module)\.|\.(?:resource)\.cloudflare(?:zerotrust|teams)list\./;

/** Maximum number of keys that are compared, and maximum UTF-16 units of each. */
const maxKeys = 64;
const maxKeyLength = 100;

export interface KnownPlace {
  readonly belongs: Belongs;
  readonly within: 'rule' | 'list';
  readonly effect: Effect | undefined;
}

/** What is written at a place; undefined where nothing is known about it. @param isVariables Whether the file is a list of Terraform's variables. */
export function knownPlace(
  { scope, key }: Pick<Literal, 'scope' | 'key'>,
  isVariables: boolean,
): KnownPlace | undefined {
  const keys = `${keysOf(scope)}${key === undefined ? '' : dotted(key)}`;
  const [, effect] = (rule.exec(keys) ?? []) as [string?, Effect?];
  const isInRule = effect !== undefined || ruleResource.test(keys);
  const belongs = (isInRule ? find(inRules, keys) : undefined) ?? find(anywhere, keys);
  if (belongs !== undefined) {
    return { belongs, within: 'rule', effect };
  }
  const isInList = isVariables || list.test(keys);
  if (!isInList || isInRule) {
    return undefined;
  }
  const inList = find(inLists, keys) ?? (notPeople.test(keys) ? undefined : 'email');
  return inList && { belongs: inList, within: 'list', effect };
}

function find(rules: readonly PlaceRule[], keys: string): Belongs | undefined {
  return rules.find((candidate) => candidate.keys.test(keys))?.belongs;
}

/** The keys above a scope, and its own, each after a dot: of a block of Terraform its type, and the type of a resource. */
function keysOf(scope: Scope): string {
  const keys: string[] = [];
  for (let at: Scope | undefined = scope; at && keys.length < maxKeys; at = at.parent) {
    const { key, labels } = at;
    // `dynamic "include" { content { … } }` is written for several `include { … }`.
    if (key === 'dynamic') {
      keys.push(dotted(labels[0] ?? ''));
    } else if (key !== undefined && key !== 'content') {
      keys.push(dotted(key) + (labels[0] === undefined ? '' : dotted(labels[0])));
    }
  }
  return keys.reverse().join('');
}

function dotted(key: string): string {
  return `.${key.slice(0, maxKeyLength).toLowerCase().replaceAll(/[_-]/g, '')}`;
}
