import vscode = require('vscode');
import { copyResourceId, insertIdHere, registerClipboard } from './clipboard';
import { type Clock, CloudflareClient, type Fetch, parseBaseUrl, systemClock } from './cloudflare';
import {
  ConnectedAccounts,
  ConnectionStore,
  type Environment,
  openSignIn,
  type PromptWindow,
  registerConnection,
} from './connection';
import { Directory } from './directory';
import { registerDocuments } from './documents';
import { registerExport } from './export';
import { loadAll, registerExplorer, registerOpenSettings, registerReveal } from './explorer';
import { registerIdentify } from './identify';
import { registerLog } from './log';
import { registerSearch, type FoundActions } from './search';
import { ContextKey, RateLimitWait, type Selection } from './ui';

/** What `activate` returns to tests in the extension host. */
export type Internals = Exclude<ReturnType<typeof activate>, undefined>;

/** Builds the core and registers the capabilities. Nothing is read and no request is sent before the user asks for it. */
export function activate(context: vscode.ExtensionContext) {
  // Separate objects, so that tests can replace their functions.
  const clock: Clock = { ...systemClock };
  const chance = { random: Math.random };
  const setting = (name: string) => vscode.workspace.getConfiguration().get<unknown>(name);

  const client = new CloudflareClient({
    // Look up `fetch` for each request: the extension host may replace it after activation.
    fetch: (...args: Parameters<Fetch>) => (globalThis.fetch as Fetch)(...args),
    isAgentLeftOut: () => setting('http.proxySupport') === 'on',
    baseUrl: () => parseBaseUrl(setting('scimExplorer.apiBaseUrl')),
    reservedPercent: () => setting('scimExplorer.rateLimitReserve'),
    clock,
    random: () => chance.random(),
  });
  const hasSeveralAccounts = new ContextKey('scimExplorer.hasSeveralAccounts');
  const wait = new RateLimitWait(client, clock);
  const store = new ConnectionStore(context.secrets, context.globalState);
  const directory = new Directory(
    new ConnectedAccounts(store, client, (count) => void hasSeveralAccounts.set(count > 1)),
  );

  const selection: Selection = () => view.selection;
  const documents = registerDocuments(directory, selection);
  const view = registerExplorer(directory, wait, documents.refresh);
  const actions = (): FoundActions => ({
    open: documents.show,
    copyId: (resource) => copyResourceId(resource, directory),
    insertId: insertIdHere(directory),
    reveal: (resource) => view.reveal(resource),
    loadAll,
  });
  const loadsSmallDirectories = () => setting('scimExplorer.search.loadSmallDirectories') !== false;
  const search = registerSearch({ directory, wait, clock, loadsSmallDirectories, actions });
  context.subscriptions.push(
    wait,
    documents,
    view,
    search,
    registerLog(client, directory, (context.extension.packageJSON as { version?: unknown }).version),
    registerOpenSettings(context),
    registerReveal(directory, (resource) => view.reveal(resource)),
    registerIdentify(directory),
    registerConnection({
      directory,
      store,
      window: vscode.window,
      signIn: () => openSignIn(vscode.window, client, store, process.env),
      focusView: (account) => view.focus(account),
      closeTabsOf: documents.closeTabsOf,
    }),
    registerClipboard(directory, selection),
    registerExport({ directory, selection, loadAll }),
  );

  if (context.extensionMode !== vscode.ExtensionMode.Test) {
    return undefined;
  }
  // Only tests in the extension host get anything; other extensions get undefined.
  return {
    clock,
    chance,
    client,
    directory,
    secrets: context.secrets,
    store,
    view,
    wait,
    signIn: (window: PromptWindow, keptIn = store, environment: Environment = {}) =>
      openSignIn(window, client, keptIn, environment),
    search: search.open,
    searchActions: actions,
  };
}
