/** How each type of identity provider is called and drawn. New types come: those show as the API names them. */
interface ProviderType {
  readonly label: string;
  /** A codicon. */
  readonly icon: string;
}

const providerTypes: Readonly<Record<string, ProviderType>> = {
  azureAD: { label: 'Entra ID', icon: 'azure' },
  okta: { label: 'Okta', icon: 'verified' },
  saml: { label: 'SAML', icon: 'shield' },
  oidc: { label: 'OpenID Connect', icon: 'key' },
  onetimepin: { label: 'One-time PIN', icon: 'mail' },
  github: { label: 'GitHub', icon: 'github' },
  google: { label: 'Google', icon: 'globe' },
  'google-apps': { label: 'Google Workspace', icon: 'globe' },
  onelogin: { label: 'OneLogin', icon: 'lock' },
  pingone: { label: 'PingOne', icon: 'lock' },
  centrify: { label: 'Centrify', icon: 'lock' },
  facebook: { label: 'Facebook', icon: 'person' },
  linkedin: { label: 'LinkedIn', icon: 'person' },
  yandex: { label: 'Yandex', icon: 'person' },
  cloudflare: { label: 'Cloudflare', icon: 'cloud' },
};

export function providerType(type: string): ProviderType {
  return Object.hasOwn(providerTypes, type) ? (providerTypes[type] ?? unknownType(type)) : unknownType(type);
}

function unknownType(type: string): ProviderType {
  return { label: type, icon: 'organization' };
}
