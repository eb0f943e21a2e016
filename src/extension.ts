import vscode = require('vscode');
import { copyUserId, insertionPlace, insertUserId, registerCopyCommands } from './clipboard';
import { type Clock, CloudflareClient, type Fetch, parseBaseUrl, systemClock } from './cloudflare';
import {
  ConnectedAccounts,
  ConnectionStore,
  openSignIn,
  type Environment,
  type PromptWindow,
  registerConnectionCommands,
} from './connection';
import { Directory } from './directory';
import { closeTabsOf, registerOpenUser, registerSaveAs, registerSymbols, showUser, UserDocuments } from './documents';
import { loadAll, ProvidersView, registerLoadAll } from './explorer';
import { RequestLog } from './log';
import { registerSearchCommands, SearchHistory, searchOpener, type UserActions } from './search';
import { ContextKey, RateLimitWait, userReference } from './ui';

/** What tests in the extension host are given. */
export type Internals = Exclude<ReturnType<typeof activate>, undefined>;

/** Builds the objects and connects them; nothing is read, and nothing is sent, before a person asks for it. */
export function activate(context: vscode.ExtensionContext) {
  // Objects of their own, so that tests in the extension host can replace what they do.
  const clock: Clock = { ...systemClock };
  const chance = { random: Math.random };
  const setting = (name: string) => vscode.workspace.getConfiguration().get<unknown>(name);

  const client = new CloudflareClient({
    // Looked up for each request: the extension host may replace its `fetch` after activation.
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

  const documents = new UserDocuments(directory);
  const view = new ProvidersView(directory, wait, (uri) => documents.refresh(uri));
  const selection = () => view.selection;
  const history = new SearchHistory(directory);
  const search = searchOpener(directory, wait, history, clock);

  const searchActions = (): UserActions => {
    const place = insertionPlace();
    return {
      open: (user) => showUser(documents, userReference(user), user.user),
      copyId: (user) => copyUserId(user, directory),
      insertId: place && ((user) => insertUserId(place, user)),
      reveal: (user) => view.reveal(user),
      canReveal: (user) => view.canReveal(user),
      loadAll,
    };
  };

  context.subscriptions.push(
    wait,
    history,
    documents,
    view,
    new RequestLog(client),
    registerConnectionCommands({
      directory,
      store,
      window: vscode.window,
      signIn: () => openSignIn(vscode.window, client, store, process.env),
      focusView: () => view.focus(),
      closeTabsOf,
    }),
    registerOpenUser(directory, documents, selection),
    registerSaveAs(documents),
    registerSymbols(),
    registerSearchCommands(directory, search, searchActions),
    registerLoadAll(directory, selection),
    registerCopyCommands(directory, selection),
  );

  if (context.extensionMode !== vscode.ExtensionMode.Test) {
    return undefined;
  }
  // Tests in the extension host look at the tree and watch the prompts; nobody else is given anything.
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
    search,
    searchActions,
  };
}
