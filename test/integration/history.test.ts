import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { beforeEachConnected, type Session } from '../support/host/session';
import { until } from '../support/until.mts';

describe('the provisioning history, in the extension host', () => {
  let session: Session;

  beforeEachConnected((started) => (session = started));

  /** The entries that the simulator has of a provider, newest first. */
  async function entriesOf(provider: string, filter: Record<string, string> = {}) {
    const url = new URL(`${session.simulator.baseUrl}/accounts/${session.account().id}/access/logs/scim/updates`);
    url.search = new URLSearchParams({ idp_id: session.provider(provider).id, per_page: '100', ...filter }).toString();
    const response = await fetch(url, { headers: { Authorization: `Bearer ${session.simulator.issueToken()}` } });
    const { result } = (await response.json()) as {
      result: { logged_at: string; status: string; cf_resource_id: string; request_method: string }[];
    };
    session.simulator.requests.length = 0;
    return result;
  }

  async function shownText(isLoaded: (text: string) => boolean = (text) => text !== ''): Promise<string> {
    const text = () => vscode.window.activeTextEditor?.document.getText() ?? '';
    await until('the document', () => isLoaded(text()));
    return text();
  }

  const at = (time: string) => time.slice(0, 19).replace('T', ' ');

  it('shows what was sent about a user, newest first, where the log begins, and which updates failed', async () => {
    const [first] = await entriesOf('Okta');
    assert.ok(first);
    const about = await entriesOf('Okta', { cf_resource_id: first.cf_resource_id });
    const all = await entriesOf('Okta', { direction: 'asc' });
    const reference = {
      accountId: session.account().id,
      identityProviderId: session.provider('Okta').id,
      userId: first.cf_resource_id,
    };
    await vscode.commands.executeCommand('scimExplorer.showHistory', reference);
    const text = await shownText();
    const times = [...text.matchAll(/^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) /gm)].map(([, time]) => time);
    assert.deepEqual(
      times,
      about.map(({ logged_at }) => at(logged_at)),
    );
    assert.match(text, /^Provisioning history of .+ in Okta\n/);
    assert.ok(text.includes(`The log of this identity provider begins at ${at(all[0]?.logged_at ?? '')}.`), text);
    const failed = about.filter(({ status }) => status === 'FAILURE').length;
    assert.equal([...text.matchAll(/FAILED \(/g)].length, failed);
    const updates = session.simulator.requests.filter(({ path }) => path.includes('/logs/scim/updates'));
    assert.equal(updates.length, 4, 'the beginning of the log, two ids and an email');
    const { path, scheme } = vscode.window.activeTextEditor?.document.uri ?? vscode.Uri.parse('none:');
    assert.equal(scheme, 'scim-explorer');
    assert.equal(vscode.window.activeTextEditor?.document.languageId, 'scim-log');
    assert.ok(path.endsWith(`/users/${first.cf_resource_id}/provisioning_history.log`), path);
  });

  it('shows everything that an identity provider sent, failures with their error', async () => {
    const { row } = await session.row('Okta');
    await vscode.commands.executeCommand('scimExplorer.showHistory', row);
    const text = await shownText();
    assert.match(text, /^Provisioning history of Okta\n/);
    const failed = await entriesOf('Okta', { status: 'FAILURE' });
    assert.ok(text.includes(`300 updates, ${failed.length} FAILED.`), text.slice(0, 400));
    assert.doesNotMatch(text, /Older updates/);
    assert.match(
      text,
      / {2}FAILED \(\w+\) {2}\w+ {2}FAILURE {2}user .+\n {4}Error: The resource was changed by another request\./,
    );
    assert.match(text, / {2}deactivated {2}PATCH {2}SUCCESS {2}user .+\n {4}replace active: false/);
  });

  it('names the permission where the token may not read the log, and shows the history after a refresh', async () => {
    const { row } = await session.row('Okta');
    session.simulator.faults.add({
      when: { path: '/logs/scim/updates' },
      effect: { kind: 'unsuccessful', status: 403, code: 10000, message: 'Authentication error' },
    });
    await vscode.commands.executeCommand('scimExplorer.showHistory', row);
    const text = await shownText();
    assert.match(text, /This provisioning history could not be loaded\./);
    assert.match(text, /Access: SCIM Logs Read/);
    session.simulator.faults.clear();
    await vscode.commands.executeCommand('scimExplorer.refresh');
    assert.match(await shownText((now) => now.startsWith('Provisioning')), /^Provisioning history of Okta/);
  });

  it('writes no body, name or email of the log into the request log or a URI', async () => {
    const { row } = await session.row('Okta');
    await vscode.commands.executeCommand('scimExplorer.showHistory', row);
    await shownText();
    const uri = vscode.window.activeTextEditor?.document.uri.toString() ?? '';
    assert.doesNotMatch(uri, /@|%40|Okta/);
  });
});
