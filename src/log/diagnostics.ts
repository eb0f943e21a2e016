import vscode = require('vscode');
import type { Directory } from '../directory';

/** What a report of a problem needs: versions, settings and counts, without any id, name or address. */
export function diagnostics(directory: Directory, version: unknown, failures: readonly string[]): string {
  const setting = (name: string) => vscode.workspace.getConfiguration().inspect<unknown>(name);
  const isSet = (name: string) => (setting(name)?.globalValue === undefined ? 'default' : 'set');
  const proxySupport = vscode.workspace.getConfiguration().get<string>('http.proxySupport') ?? 'unknown';
  const providers = directory.accounts.flatMap((account) => account.providers ?? []);
  const lists = providers
    .filter(({ identityProvider }) => identityProvider.scimEnabled)
    .map(({ users }) => users.coverage);
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0).toLocaleString('en');
  return [
    `SCIM Explorer ${typeof version === 'string' ? version : 'unknown'}, ${vscode.env.appName} ${vscode.version}, ${process.platform} ${process.arch}`,
    `Host: ${vscode.env.appHost}, remote: ${vscode.env.remoteName === undefined ? 'no' : 'yes'}, trusted: ${vscode.workspace.isTrusted ? 'yes' : 'no'}`,
    `Proxy: http.proxySupport=${proxySupport}, http.proxy ${isSet('http.proxy')}, http.noProxy ${isSet('http.noProxy')}`,
    `API address: ${isSet('scimExplorer.apiBaseUrl')}`,
    `Accounts: ${directory.accounts.length}, of which cannot be used: ${directory.accounts.filter(({ failure }) => failure !== undefined).length}`,
    `Identity providers: ${providers.length}, with SCIM: ${lists.length}`,
    `Users loaded: ${sum(lists.map(({ count }) => count))} of ${sum(lists.map(({ total = 0 }) => total))} known, lists loaded as a whole: ${lists.filter(({ state }) => state !== 'partial').length}`,
    failures.length === 0 ? 'No request has failed.' : 'The last requests that failed:',
    ...failures.map((line) => `  ${line}`),
    '',
  ].join('\n');
}
