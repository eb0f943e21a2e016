import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { InvalidBaseUrlError } from '../../src/cloudflare/baseUrl';
import { CloudflareError } from '../../src/cloudflare/errors';
import { errorLine } from '../../src/log/errorLine';
import { ExplainedError } from '../../src/ui/explain';
import { notifyOfError } from '../../src/ui/notify';
import { extensionId, plain, Session } from '../support/host/session';
import { until } from '../support/until.mts';

describe('the details of an error, in the extension host', () => {
  const failure = {
    reason: 'server',
    endpoint: 'GET /accounts/{account_id}/access/identity_providers',
    status: 503,
    code: 7,
    ray: '8f0c2a-FRA',
    apiMessage: 'no answer for email=grace@example.com',
  } as const;

  it('name the endpoint, the reason, the status, the code and the ray, and say what a person is told', () => {
    const line = errorLine(new CloudflareError(failure));
    assert.match(line, /^GET \/accounts\/\{account_id\}\/access\/identity_providers: server \(status 503, code 7\), /);
    assert.match(line, /, cf-ray 8f0c2a-FRA: Cloudflare has a problem \(status 503\)\. Retry in a moment\./);
  });

  it("repeat no text of Cloudflare's answer, which may hold the value that was searched for", () => {
    assert.doesNotMatch(errorLine(new CloudflareError(failure)), /grace|no answer for/);
  });

  it('are one line, whatever came over the network', () => {
    const hostile = { ...failure, ray: 'ray\n2026-01-01 [info] forged', networkCode: 'E\nforged' };
    const line = errorLine(new CloudflareError(hostile));
    assert.doesNotMatch(line, /[\n\u2068\u2069]/);
    assert.doesNotMatch(line, /cf-ray ray/);
  });

  it('are the words for an error that no answer caused', () => {
    assert.match(errorLine(new InvalidBaseUrlError('notHttps', 'http://api.test')), /^Nothing was sent: .* https:\/\//);
    assert.match(errorLine(new Error('secret')), /^Something went wrong in SCIM Explorer itself\./);
  });

  it('are offered on every row that tells an error, and on no other', () => {
    const manifest = JSON.parse(
      readFileSync(join(vscode.extensions.getExtension(extensionId)?.extensionPath ?? '', 'package.json'), 'utf8'),
    ) as { contributes: { menus: Record<string, { command: string; when: string }[]> } };
    const entry = manifest.contributes.menus['view/item/context']?.find(
      ({ command }) => command === 'scimExplorer.showDetails',
    );
    const [, pattern = '-'] = /viewItem =~ \/(.+)\/$/.exec(entry?.when ?? '') ?? [];
    const kinds = ['failure.retry', 'failure.reconnect', 'account.rejected', 'account', 'scimUser.withId', 'empty'];
    assert.deepEqual(
      kinds.filter((kind) => new RegExp(pattern).test(kind)),
      ['failure.retry', 'failure.reconnect', 'account.rejected'],
    );
  });

  it('are offered by the notification of an error that Cloudflare caused, and of no other', async () => {
    const offered: (readonly string[])[] = [];
    const original = vscode.window.showErrorMessage;
    const stub = (_message: string, ...buttons: string[]) => {
      offered.push(buttons);
      return Promise.resolve(undefined);
    };
    vscode.window.showErrorMessage = stub as never;
    try {
      notifyOfError(new CloudflareError(failure));
      notifyOfError(new ExplainedError('Select a row.'));
      await until('both', () => offered.length === 2);
    } finally {
      vscode.window.showErrorMessage = original;
    }
    assert.deepEqual(offered, [['Show Details'], []]);
  });

  it('can be had from a row that holds the very error, which ends in a log that is open', async () => {
    const session = await Session.start();
    try {
      await session.connect();
      session.simulator.faults.add({ effect: { kind: 'htmlPage', status: 502 } });
      const [row] = await session.rows();
      assert.ok(row && 'error' in row.row);
      assert.equal((row.row.error as CloudflareError).failure.status, 502);
      assert.match(plain(row.label), /No answer from the API/);
      for (const argument of [row.row, undefined, null, 'a text', 7]) {
        await vscode.commands.executeCommand('scimExplorer.showDetails', argument);
      }
    } finally {
      await session.end();
    }
  });
});
