import type { IdentityProvider } from '../cloudflare';

/** Product names of the API's types. New types come; those are shown as the API names them. */
const productNames: Readonly<Record<string, string>> = {
  azureAD: 'Entra ID',
  okta: 'Okta',
  saml: 'SAML',
  oidc: 'OpenID Connect',
  onetimepin: 'One-time PIN',
  github: 'GitHub',
  google: 'Google',
  'google-apps': 'Google Workspace',
  onelogin: 'OneLogin',
  pingone: 'PingOne',
  centrify: 'Centrify',
  facebook: 'Facebook',
  linkedin: 'LinkedIn',
  yandex: 'Yandex',
  cloudflare: 'Cloudflare',
};

/** The product name of an identity provider's type: `Entra ID` for `azureAD`. Untrusted text where the type is unknown. */
export function productName(type: string): string {
  return Object.hasOwn(productNames, type) ? (productNames[type] ?? type) : type;
}

/** An identity provider's name, or its product's name where it has none. Untrusted text. */
export function providerName({ name, type }: IdentityProvider): string {
  return name || productName(type);
}
