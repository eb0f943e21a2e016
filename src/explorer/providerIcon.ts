import vscode = require('vscode');

/** Codicons of the API's types of identity providers. */
const icons: Readonly<Record<string, string>> = {
  azureAD: 'azure',
  okta: 'verified',
  saml: 'shield',
  oidc: 'key',
  onetimepin: 'mail',
  github: 'github',
  google: 'globe',
  'google-apps': 'globe',
  onelogin: 'lock',
  pingone: 'lock',
  centrify: 'lock',
  facebook: 'person',
  linkedin: 'person',
  yandex: 'person',
  cloudflare: 'cloud',
};

export function providerIcon(type: string): vscode.ThemeIcon {
  return new vscode.ThemeIcon(Object.hasOwn(icons, type) ? (icons[type] ?? 'organization') : 'organization');
}
