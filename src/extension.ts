import vscode = require('vscode');
import { copyUserId, registerCopyCommands } from './clipboard/copy';
import { insertionPlace, insertUserId } from './clipboard/insert';
import { longLivedAgent } from './cloudflare/agent';
import { parseBaseUrl } from './cloudflare/baseUrl';
import { type Clock, systemClock } from './cloudflare/clock';
import { Gate } from './cloudflare/gate';
import { reservedPart } from './cloudflare/rateBudget';
import { type Fetch, Transport } from './cloudflare/transport';
import { userReference } from './commands/targets';
import { registerConnectionCommands } from './connection/commands';
import { ConnectedAccounts } from './connection/connectedAccounts';
import { ConnectionStore } from './connection/connectionStore';
import type { PromptWindow } from './connection/prompts';
import { loadSignIn } from './connection/loadSignIn';
import type { Environment } from './connection/credentialSteps';
import { Directory } from './directory/directory';
import { closeTabsOf } from './documents/closeTabs';
import { registerOpenUser, showUser } from './documents/openUser';
import { registerSymbols } from './documents/registerSymbols';
import { registerSaveAs } from './documents/saveAs';
import { UserDocuments } from './documents/userDocuments';
import { registerLoadAll } from './explorer/loadAllCommand';
import { ProvidersView } from './explorer/providersView';
import { RequestLog } from './log/requestLog';
import { RateLimitWait } from './messages/rateLimitWait';
import { registerSearchCommands, searchOpener } from './search/commands';
import { SearchHistory } from './search/history';
import type { UserActions } from './search/userSearch';

/** What tests in the extension host are given. */
export type Internals = Exclude<ReturnType<typeof activate>, undefined>;

/** Menus that make sense with several accounts only look at this key. */
function tellSeveral(count: number): void {
  void vscode.commands.executeCommand('setContext', 'scimExplorer.hasSeveralAccounts', count > 1);
}

/** Builds the objects and connects them; nothing is read, and nothing is sent, before a person asks for it. */
export function activate(context: vscode.ExtensionContext) {
  // Objects of their own, so that tests in the extension host can replace what they do.
  const clock: Clock = { ...systemClock };
  const chance = { random: Math.random };
  const setting = (name: string) => vscode.workspace.getConfiguration().get<unknown>(name);

  const transport = new Transport({
    // Looked up anew each time: the extension host may replace its `fetch` after activation.
    fetch: (...args: Parameters<Fetch>) => (globalThis.fetch as Fetch)(...args),
    dispatcher: longLivedAgent(() => setting('http.proxySupport') === 'on'),
  });
  const gate = new Gate(transport, () => parseBaseUrl(setting('scimExplorer.apiBaseUrl')), {
    reserve: () => reservedPart(setting('scimExplorer.rateLimitReserve')),
    clock,
    random: () => chance.random(),
  });
  const wait = new RateLimitWait(gate, clock);
  const store = new ConnectionStore(context.secrets, context.globalState);
  const directory = new Directory(new ConnectedAccounts(store, gate, tellSeveral));

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
    };
  };

  context.subscriptions.push(
    wait,
    history,
    documents,
    view,
    new RequestLog(gate),
    registerConnectionCommands({
      directory,
      store,
      window: vscode.window,
      loadSignIn: () => loadSignIn(vscode.window, gate, store, process.env),
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
    directory,
    gate,
    secrets: context.secrets,
    store,
    view,
    wait,
    signIn: (window: PromptWindow, keptIn = store, environment: Environment = {}) =>
      loadSignIn(window, gate, keptIn, environment),
    search,
    searchActions,
  };
}
