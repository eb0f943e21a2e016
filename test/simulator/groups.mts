import { alphanumericOf, timeOf, uuidOf } from './deterministic.mts';
import type { UserTraits } from './users.mts';

/** A SCIM group as the API lists it; members are not listed. */
export interface ScimGroup {
  id?: string;
  displayName?: string;
  externalId?: string;
  meta?: { created?: string; lastModified?: string };
  schemas?: string[];
}

const teams = [
  ...['Everyone', 'Engineering', 'Platform', 'Security', 'Data Science', 'Product Design', 'Customer Care', 'Finance'],
  ...['Legal', 'People Operations', 'Workplace', 'Field Sales', 'Marketing', 'Quality Assurance', 'Contractors'],
];
const places = ['', 'Lisbon', 'Köln', 'Kraków', '大阪', 'Αθήνα', 'Toronto', 'Nairobi', 'Hà Nội', 'İzmir'];

/** The group at an index: every team, then every team in every place, then numbered ones. */
export function groupAt(traits: UserTraits, index: number): ScimGroup {
  const salt = traits.salt ^ 0x0067_7270;
  const team = teams[index % teams.length] ?? '';
  const place = places[Math.floor(index / teams.length) % places.length] ?? '';
  const repeat = Math.floor(index / (teams.length * places.length));

  const displayName = `${team}${place && ` – ${place}`}${repeat > 0 ? ` ${repeat + 1}` : ''}`;
  const externalIds = {
    okta: () => `00g${alphanumericOf(salt, index, 14)}5d7`,
    uuid: () => uuidOf(salt ^ 0x0e57_e4a1, index),
    login: () => displayName.toLowerCase().replaceAll(/[^\p{Letter}\d]+/gu, '_'),
  };

  return {
    id: uuidOf(salt, index),
    displayName,
    externalId: externalIds[traits.externalIds](),
    meta: { created: timeOf(salt, index, 0), lastModified: timeOf(salt, index, 1) },
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
  };
}
