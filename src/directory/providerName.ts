import type { IdentityProvider } from '../cloudflare';

/** Product names of the API's types. New types come. */
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
  jumpcloud: 'JumpCloud',
};

/**
 * The product name of an identity provider's type: `Entra ID` for `azureAD`. A type that is unknown is made readable: `Acme Sso` for
 * `acme-sso`. Untrusted text then.
 */
export function productName(type: string): string {
  if (Object.hasOwn(productNames, type)) {
    return productNames[type] ?? type;
  }
  return type.replaceAll(/[-_]+/g, ' ').replaceAll(/(?<=^| )\p{Ll}/gu, (letter) => letter.toUpperCase());
}

/** An identity provider's name, or its product's name where it has none. Untrusted text. */
export function providerName({ name, type }: IdentityProvider): string {
  return name || productName(type);
}
