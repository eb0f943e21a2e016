import { hexIdOf, saltOf } from './deterministic.mts';
import { SimulatedIdentityProvider, type IdentityProviderSeed } from './identityProviders.mts';

export interface SimulatedAccount {
  /** 32 hex digits. */
  readonly id: string;
  readonly name: string;
  readonly identityProviders: SimulatedIdentityProvider[];
}

const seeds: Readonly<Record<string, readonly IdentityProviderSeed[]>> = {
  'Northwind Engineering': [
    { name: 'Okta', type: 'okta', scim: { enabled: true }, users: 2000, groups: 36, externalIds: 'okta' },
    {
      name: 'Entra ID',
      type: 'azureAD',
      scim: { enabled: true },
      users: 100_000,
      groups: 240,
      externalIds: 'uuid',
      nameOffset: 58,
    },
    {
      name: 'Workshop SAML',
      type: 'saml',
      scim: { enabled: true },
      users: 37,
      groups: 6,
      nameOffset: 20,
      hasSpecialUsers: true,
    },
    { name: 'Partner OpenID', type: 'oidc', scim: { enabled: true } },
    { name: 'One-time PIN', type: 'onetimepin' },
    { name: 'Legacy SAML', type: 'saml', scim: { enabled: false } },
  ],
  'Harbour Lane Clinics': [
    {
      name: 'Clinic sign-in',
      type: 'oidc',
      scim: { enabled: true },
      users: 250,
      groups: 9,
      externalIds: 'uuid',
      domain: 'example.org',
      nameOffset: 31,
    },
    {
      name: 'Okta',
      type: 'okta',
      scim: { enabled: true },
      users: 100,
      groups: 4,
      externalIds: 'okta',
      domain: 'example.org',
      nameOffset: 77,
    },
    {
      name: 'Device directory',
      type: 'jumpcloud',
      scim: { enabled: true },
      users: 12,
      groups: 2,
      domain: 'example.net',
      nameOffset: 11,
    },
    { name: 'Google Workspace', type: 'google-apps' },
    { name: 'GitHub', type: 'github' },
  ],
  'Quiet Meadow Studio': [],
};

/** The accounts, in the order of the list. Each call gives new ones, so that a change in one simulator stays there. */
export function simulatedAccounts(): SimulatedAccount[] {
  return Object.entries(seeds).map(([name, providers]) => ({
    id: hexIdOf(saltOf(name)),
    name,
    identityProviders: providers.map((seed) => new SimulatedIdentityProvider(name, seed)),
  }));
}
