// The directory that is measured: the simulator's large identity provider, with as many users as a metric asks for. Whatever the number,
// the first users are the same.
import { defaultBehaviour } from '../simulator/behaviour.mts';
import { SimulatedIdentityProvider, userText } from '../simulator/identityProviders.mts';
import { scimUsers } from '../simulator/scimLists.mts';

export const accountName = 'Northwind Engineering';
export const providerName = 'Entra ID';
export const pageSize = 100;

export function directoryOf(users: number): SimulatedIdentityProvider {
  return new SimulatedIdentityProvider(accountName, {
    name: providerName,
    type: 'azureAD',
    scim: { enabled: true },
    users,
    externalIds: 'uuid',
    nameOffset: 58,
  });
}

/** The text that the simulator answers with to a page's request, envelope included. */
export function pageText(directory: SimulatedIdentityProvider, page: number): string {
  const query = new URLSearchParams({ page: String(page), per_page: String(pageSize) });
  const { body } = scimUsers(directory, query, defaultBehaviour);
  return typeof body === 'string' ? body : Buffer.from(body).toString();
}

/** The server's own text of the user at a place, counted from 0. */
export function rawText(directory: SimulatedIdentityProvider, place: number): string {
  const record = directory.users.at(place);
  if (record === undefined) throw new RangeError(`There is no user ${place}.`);
  return userText(record);
}
