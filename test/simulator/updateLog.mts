import type { Behaviour } from './behaviour.mts';
import { hash32, saltOf } from './deterministic.mts';
import { failure, type Answer } from './envelope.mts';
import type { ScimGroup } from './groups.mts';
import type { SimulatedIdentityProvider } from './identityProviders.mts';
import { pageAnswer, pageRequest } from './pages.mts';
import type { ScimUser } from './users.mts';

/** An entry of the SCIM update log: one call of the identity provider, and how it ended. */
export interface ScimUpdate {
  cf_resource_id?: string | null | undefined;
  idp_resource_id?: string | null | undefined;
  idp_id: string;
  /** RFC 3339. */
  logged_at: string;
  request_method: string;
  /** JSON text. */
  request_body: string;
  resource_type: 'USER' | 'GROUP';
  resource_user_email?: string | undefined;
  resource_group_name?: string | undefined;
  status: 'SUCCESS' | 'FAILURE';
  error_description?: string;
}

/** How many entries the log of one provider holds at most. */
const maxEntries = 300;
const firstLoggedAt = Date.UTC(2025, 5, 2, 6, 0, 0);
const methods = ['POST', 'PATCH', 'PATCH', 'PUT', 'DELETE'] as const;

function entriesOf(provider: SimulatedIdentityProvider): ScimUpdate[] {
  const salt = saltOf(provider.id);
  const count = Math.min(maxEntries, provider.userCount * 2);
  return Array.from({ length: count }, (_, index) => entryAt(provider, salt, index));
}

function entryAt(provider: SimulatedIdentityProvider, salt: number, index: number): ScimUpdate {
  const isGroup = index % 8 === 7 && provider.groupCount > 0;
  const isFailure = hash32(salt, index, 1) % 12 === 0;
  const user = isGroup ? undefined : provider.user(hash32(salt, index, 2) % provider.userCount);
  const group = isGroup ? provider.group(hash32(salt, index, 2) % provider.groupCount) : undefined;
  const method = methods[hash32(salt, index, 3) % methods.length] ?? 'PATCH';

  return {
    cf_resource_id: (user ?? group)?.id,
    idp_resource_id: (user ?? group)?.externalId,
    idp_id: provider.id,
    logged_at: new Date(firstLoggedAt + index * 1_860_000).toISOString().replace('.000Z', 'Z'),
    request_method: method,
    request_body: JSON.stringify(
      method === 'PATCH' ? patchOf(user, group) : method === 'DELETE' ? {} : (user ?? group),
    ),
    resource_type: isGroup ? 'GROUP' : 'USER',
    resource_user_email: user?.emails?.[0]?.value,
    resource_group_name: group?.displayName,
    status: isFailure ? 'FAILURE' : 'SUCCESS',
    ...(isFailure ? { error_description: 'The resource was changed by another request.' } : {}),
  };
}

/** What a provider sends to change a user's state, or a group's name. */
function patchOf(user: ScimUser | undefined, group: ScimGroup | undefined): unknown {
  const operation = user
    ? { op: 'replace', path: 'active', value: user.active ?? true }
    : { op: 'replace', value: { displayName: group?.displayName } };
  return { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [operation] };
}

/** The filters that compare one member with the value, whole and with its case. */
const members = [
  'cf_resource_id',
  'idp_resource_id',
  'resource_user_email',
  'resource_group_name',
  'resource_type',
  'request_method',
  'status',
] as const;

/** Newest first unless `direction=asc`. `idp_id` is required and may be repeated. */
export function scimUpdates(
  providers: readonly SimulatedIdentityProvider[],
  query: URLSearchParams,
  behaviour: Behaviour,
): Answer {
  const page = pageRequest(query, Number(query.get('limit') ?? 20) || 20, behaviour.maxPerPage);
  if ('status' in page) {
    return page;
  }
  const ids = query.getAll('idp_id');
  if (ids.length === 0) {
    return failure(400, {
      code: 12130,
      message: "access.api.error.invalid_request: 'idp_id' is required",
      source: { pointer: 'idp_id' },
    });
  }

  const everyone = providers.filter(({ id }) => ids.includes(id)).flatMap(entriesOf);
  const since = Date.parse(query.get('since') ?? '');
  const until = Date.parse(query.get('until') ?? '');
  const sign = query.get('direction') === 'asc' ? 1 : -1;

  const matches = everyone
    .filter((entry) =>
      members.every((member) => !query.get(member) || query.getAll(member).includes(entry[member] ?? '')),
    )
    .filter(({ logged_at }) => !(Date.parse(logged_at) < since) && !(Date.parse(logged_at) > until))
    .sort((a, b) => sign * a.logged_at.localeCompare(b.logged_at));

  return pageAnswer(page, behaviour.totals, {
    everyone: everyone.length,
    matches: matches.length,
    texts: (start, end) => matches.slice(start, end).map((entry) => JSON.stringify(entry)),
  });
}
