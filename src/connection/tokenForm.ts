/** The dashboard's form for a new user-owned API token, with the two permissions selected [docs: token templates]. */
export function tokenFormUrl(): string {
  const permissions = [
    { key: 'access_acct', type: 'read' },
    { key: 'account_settings', type: 'read' },
  ];
  const url = new URL('https://dash.cloudflare.com/profile/api-tokens');
  url.search = new URLSearchParams({
    permissionGroupKeys: JSON.stringify(permissions),
    accountId: '*',
    zoneId: 'all',
    name: 'SCIM Explorer (read only)',
  })
    .toString()
    .replaceAll('+', '%20');
  return url.href;
}
