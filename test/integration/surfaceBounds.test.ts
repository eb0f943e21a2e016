import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { withWarning } from '../../src/clipboard/copy';
import { CloudflareError } from '../../src/cloudflare/errors';
import { documentTitle } from '../../src/ui/documentUri';
import { askPick, askText, type PromptWindow } from '../../src/connection/prompts';
import { DirectoryAccount } from '../../src/directory/account';
import { DirectoryProvider } from '../../src/directory/provider';
import { DirectoryResource } from '../../src/directory/provider';
import { loadAllOf } from '../../src/explorer/loadAll';
import { FailureRow } from '../../src/explorer/rows';
import { resourceTooltip } from '../../src/explorer/resourceItem';
import { treeItem } from '../../src/explorer/treeItems';
import { errorLine } from '../../src/log/errorLine';
import { serverPlan } from '../../src/lookup/serverPlan';
import { parseQuery } from '../../src/matching/query';
import { confirm, notifyOfError } from '../../src/ui/notify';
import { maxTextLength, rowsBelow } from '../../src/search/below';
import { Results } from '../../src/search/results';
import { Rows } from '../../src/search/rows';
import { errorResponse, FakeFetch, listResponse } from '../support/fakes';
import {} from '../support/host/session';
import { until } from '../support/until.mts';

/** Units of a field. */
const fieldLength = 5 << 20;
/** Units of a text that VS Code is handed; a tooltip has ten lines. */
const mostUnits = 20_000;
const mostTooltipUnits = 50_000;

const parts = ['x', 'é', '\u200D', '\u202E', '\u2068', '\u2069', '\u0301', '$(zap)', '[x](command:y)', 'a\n', '\uD83D'];
parts.push('👨\u200D👩\u200D👧\u200D👦', 'क्\u200D', '\uFDFA');

/** Every text in an object that VS Code is handed. Rows that are arguments of a command stay in the extension host. */
function texts(value: unknown, path = ''): [path: string, text: string][] {
  if (typeof value === 'string') {
    return [[path, value]];
  }
  if (value instanceof vscode.Uri) {
    return [[path, value.toString()]];
  }
  const isOurs = [DirectoryAccount, DirectoryProvider, DirectoryResource, FailureRow].some(
    (row) => value instanceof row,
  );
  return typeof value === 'object' && value !== null && !isOurs
    ? Object.entries(value).flatMap(([key, inner]) => texts(inner, `${path}.${key}`))
    : [];
}

/** Isolates that are closed are ours; nothing else may be left that is not seen. */
function assertBounded(value: unknown, what: string): void {
  const all = texts(value);
  assert.ok(all.length > 0, `${what} has no text`);
  for (const [path, text] of all) {
    const most = path.endsWith('tooltip') ? mostTooltipUnits : mostUnits;
    assert.ok(text.length <= most, `${what}${path} has ${text.length} units`);
    assert.doesNotMatch(text, /[\u202A-\u202E\u2066\u2067]|(?<!\p{M})\u200D\u200D/u, what + path);
  }
}

/** What VS Code is handed while `work` runs, by these functions of its window; each answers with nothing. */
async function handedToWindow(work: () => Promise<void>): Promise<unknown[]> {
  const handed: unknown[] = [];
  const note = (...args: unknown[]) => {
    handed.push(args);
    return Promise.resolve(undefined);
  };
  const withProgress: typeof vscode.window.withProgress = (options, task) => {
    handed.push(options);
    const token = new vscode.CancellationTokenSource().token;
    return task({ report: (value) => handed.push(value) }, token);
  };
  const { showErrorMessage, showInformationMessage, setStatusBarMessage } = vscode.window;
  const original = {
    showErrorMessage,
    showInformationMessage,
    setStatusBarMessage,
    withProgress: vscode.window.withProgress,
  };
  Object.assign(vscode.window, {
    showErrorMessage: note,
    showInformationMessage: note,
    setStatusBarMessage: note,
    withProgress,
  });
  try {
    await work();
  } finally {
    Object.assign(vscode.window, original);
  }
  return handed;
}

/** A box that nobody sees, and the events of it. */
function silentBoxes() {
  const events = {
    accept: new vscode.EventEmitter<void>(),
    hide: new vscode.EventEmitter<void>(),
    value: new vscode.EventEmitter<string>(),
    button: new vscode.EventEmitter<vscode.QuickInputButton>(),
  };
  const nothing = () => undefined;
  const box = {
    items: [] as readonly vscode.QuickPickItem[],
    activeItems: [] as readonly vscode.QuickPickItem[],
    buttons: [],
    value: '',
    validationMessage: undefined as string | undefined,
    onDidAccept: events.accept.event,
    onDidHide: events.hide.event,
    onDidChangeValue: events.value.event,
    onDidTriggerButton: events.button.event,
    show: nothing,
    dispose: nothing,
  };
  const window = { createInputBox: () => box, createQuickPick: () => box } as unknown as PromptWindow;
  return { box, events, window };
}

describe('5 MB in every field, in the extension host', () => {
  for (const part of parts) {
    describe(`of ${JSON.stringify(part)}`, () => {
      const long = part.repeat(fieldLength / part.length);
      const id = 'ü'.repeat(256);
      const identityProvider = { id, name: long, type: long, scimEnabled: true };
      const fake = new FakeFetch(() => errorResponse(500, 7, long));
      const account = new DirectoryAccount(id, long, fake.api(), long);
      const provider = new DirectoryProvider({ id, name: long }, fake.api(), identityProvider);
      const user = new DirectoryResource(provider, 'user', {
        id,
        externalId: long,
        displayName: long,
        active: false,
        emails: [
          { value: long, type: long, primary: true },
          ...Array.from({ length: 99 }, () => ({ value: `${long}x`, type: long })),
        ],
        meta: { created: long, lastModified: long },
        schemas: Array<string>(100).fill(long),
      });
      const failure = new CloudflareError({
        reason: 'refused',
        endpoint: 'GET /x',
        status: 400,
        ray: long,
        apiMessage: long,
        documentationUrl: long,
        networkCode: long,
      });

      it('is bounded in rows of the tree, their tooltips, their titles and what a screen reader says', async () => {
        assertBounded(treeItem(account), 'the account');
        assertBounded(treeItem(provider), 'the identity provider');
        assertBounded(
          treeItem(new DirectoryProvider({ id, name: long }, fake.api(), { ...identityProvider, name: '' })),
          'the type',
        );
        assertBounded(treeItem(user), 'the user');
        const nameless = { ...user.data, id: undefined, displayName: undefined };
        assertBounded(
          treeItem(new DirectoryResource(provider, 'user', nameless, { page: 1, row: 1 })),
          'the user without an ID',
        );
        assertBounded({ tooltip: resourceTooltip(user) }, 'the user');
        await account.loadProviders();
        assert.ok(account.error instanceof CloudflareError);
        assertBounded(treeItem(new FailureRow(account)), 'the failure');
      });

      it('is bounded in rows of the search', () => {
        const nothing = () => undefined;
        const actions = { accept: nothing, copyId: nothing, insertId: nothing, reveal: nothing };
        const rows = new Rows(() => true, actions);
        const query = { ...parseQuery('x'), terms: [{ text: long, folded: 'x', field: undefined }] };
        assertBounded(
          { ...rows.found({ resource: user, matchedByUsername: true }, query), resource: undefined },
          'the user',
        );
        assertBounded(rows.failure(account, provider, failure, ['email', 'username'], nothing), 'the failure');
        assertBounded(rows.failure(account, undefined, failure, [], nothing), 'the failure of the account');
        assertBounded({ scope: rows.scopeName(provider) }, 'the identity provider to search');
        assertBounded({ scope: rows.scopeName(account) }, 'the account to search');
        assertBounded(rows.recentSearch(long, nothing), 'a recent search');
        const results = new Results(long.slice(0, maxTextLength), serverPlan(query), rows);
        const providers = Array<DirectoryProvider>(500).fill(provider);
        const unasked = [{ account, provider, field: 'email', text: long, occasion: 'request' }] as const;
        const searched = {
          kind: 'user',
          providers,
          unread: [],
          unasked,
          small: providers,
          isActiveOnly: true,
        } as const;
        const steps = { ask: nothing, searchAgain: nothing, loadRest: nothing, loadAgain: nothing };
        const below = rowsBelow(rows, results, searched, steps);
        assert.ok(below.length > 3, `${below.length} rows`);
        assertBounded(below, 'the rows below');
      });

      it('is bounded in notifications, dialogs, the status bar, titles and the log', async () => {
        const list = new FakeFetch(() => listResponse([]));
        const empty = new DirectoryProvider({ id, name: long }, list.api(), identityProvider);
        const handed = await handedToWindow(async () => {
          notifyOfError(failure);
          notifyOfError(new CloudflareError({ ...failure.failure, reason: 'network' }));
          confirm(withWarning(long, [long, long]));
          await loadAllOf([provider, empty], 'user');
        });
        assert.ok(handed.length >= 5, `${handed.length} texts`);
        handed.forEach((args) => assertBounded(args, 'the window'));
        assertBounded(documentTitle(long), 'the title');
        assertBounded(errorLine(failure), 'the line of the log');
        assertBounded(errorLine(new CloudflareError({ ...failure.failure, reason: 'network' })), 'the line of the log');
      });

      it('is bounded in what the boxes of the sign-in say', async () => {
        const { box, events, window } = silentBoxes();
        const problem = { what: long, next: long };
        const step = { title: 'Connect', step: 1, totalSteps: 1, placeholder: '' } as const;
        const submit = () => Promise.resolve({ problem });

        const typed = askText(window, { ...step, prompt: () => '', check: () => problem, submit });
        events.value.fire('x');
        assertBounded({ validation: box.validationMessage }, 'the input box');
        events.hide.fire();
        await typed;

        const items = [{ label: 'x' }];
        box.activeItems = items;
        const picked = askPick(window, { ...step, items, submit });
        events.accept.fire();
        await until('the problem above the rows', () => box.items.length > 1);
        assertBounded(box.items, 'the quick pick');
        events.hide.fire();
        await picked;
      });
    });
  }
});
