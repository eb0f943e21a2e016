import vscode = require('vscode');
import type { Clock } from '../cloudflare';
import {
  askedFields,
  type Directory,
  type DirectoryProvider,
  type DirectoryUser,
  isWhole,
  type Scope,
  searchedProviders,
  searchLocally,
  searchOnServer,
  serverQuestions,
  type ServerUpdate,
} from '../directory';
import { parseQuery, type Query } from '../matching';
import { explain, notifyOfError, type RateLimitWait } from '../messages';
import { quickInputPrompt, quickInputTitle } from '../text';
import { activeOnlyButton, copyButton, insertButton, revealButton, scopeButton } from './buttons';
import { maxTextLength, wordsBelow } from './below';
import type { SearchHistory } from './history';
import { mostRows, Results } from './results';
import { isInScope, scopes } from './scopes';
import { Rows, type SearchItem, separator, type UserItem, type WordsItem } from './rows';

/** Milliseconds without a key before the server is asked. */
const serverDelayMs = 175;

/** Nobody sees rows and acts on them in less time, in ms: what comes earlier was meant for the rows before. */
const unsureMs = 150;

/** How often, in ms, the box looks how far a directory is loaded while one is. */
const coverageIntervalMs = 250;

/** What can be done with a found user. */
export interface UserActions {
  readonly open: (user: DirectoryUser) => Promise<void>;
  readonly copyId: (user: DirectoryUser) => Promise<void>;
  /** Undefined where no editor was active when the search opened. */
  readonly insertId: ((user: DirectoryUser) => Promise<void>) | undefined;
  /** Shows the row in the tree. */
  readonly reveal: (user: DirectoryUser) => Promise<void>;
  /** Whether the tree has the row. */
  readonly canReveal: (user: DirectoryUser) => boolean;
  /** Loads identity providers as a whole. */
  readonly loadAll: (providers: readonly DirectoryProvider[]) => Promise<void>;
}

export interface SearchPrompt {
  readonly title: string;
  readonly initialText: string;
  readonly scope?: Scope;
  readonly actions: UserActions;
  /** What Enter does with the lit row. */
  readonly onEnter: (user: DirectoryUser) => Promise<void>;
}

/** What the search needs of the rest. */
export interface SearchServices {
  readonly directory: Directory;
  readonly wait: Pick<RateLimitWait, 'words' | 'onDidChange'>;
  readonly history: SearchHistory;
  readonly window: Pick<typeof vscode.window, 'createQuickPick'>;
  readonly clock: Clock;
}

/** A part of VS Code's API that is younger than the oldest one that is supported. */
interface NewerQuickPick {
  /** Since 1.108. */
  prompt?: string | undefined;
  /** Not in the typings (microsoft/vscode#73904): rows stay in our order. Without it label hits come first. */
  sortByLabel?: boolean;
}

/**
 * The quick pick that searches as one types. Users that were read answer at once, the server beside them. Rows are only ever appended
 * below those that are there; the lit row stays lit; Enter takes the row that was lit and belongs to the text that is there, or nothing.
 */
export class UserSearch implements vscode.Disposable {
  private readonly pick: vscode.QuickPick<SearchItem> & NewerQuickPick;
  private readonly rows: Rows;
  private readonly closing: vscode.Disposable[] = [];
  private readonly closed = new Set<() => void>();
  private results: Results | undefined;
  /** The text for which Enter was pressed before its rows were there. */
  private enterWaitsFor: string | undefined;
  private flushing: NodeJS.Immediate | undefined;
  private where: Scope;
  private isActiveOnly = false;
  /** What the buttons were last made for: drawing them anew would take the focus from them. */
  private buttonsFor = '';
  /** When the first rows of a text were handed over, until the window says that it shows them. */
  private newRowsAt: number | undefined;
  private isClosed = false;
  /** The text to come back to, while one chooses where to search. */
  private textBesideScopes: string | undefined;

  constructor(
    private readonly services: SearchServices,
    private readonly prompt: SearchPrompt,
  ) {
    const { directory, wait, window } = services;
    const { canReveal, insertId } = prompt.actions;
    this.where = prompt.scope;
    this.rows = new Rows(
      ({ reference }) =>
        directory.accounts.length > 1 ? directory.accounts.find(({ id }) => id === reference.accountId) : undefined,
      { canInsert: insertId !== undefined, canReveal },
      explain,
    );
    const pick: vscode.QuickPick<SearchItem> & NewerQuickPick = window.createQuickPick<SearchItem>();
    this.pick = pick;
    pick.matchOnDescription = true;
    pick.matchOnDetail = true;
    pick.keepScrollPosition = true;
    if ('sortByLabel' in pick) {
      pick.sortByLabel = false;
    }
    this.tell();
    pick.onDidChangeValue((value) => this.onValue(value));
    pick.onDidChangeActive(([active]) => {
      // The window lights the first of new rows; anything else that it says was on its way before.
      const first = pick.items.find(({ kind }) => kind !== vscode.QuickPickItemKind.Separator);
      if (active !== undefined && active === first) {
        this.newRowsAt = undefined;
      }
    });
    pick.onDidAccept(() => this.accept());
    pick.onDidTriggerItemButton(({ item, button }) => this.press(item, button));
    pick.onDidTriggerButton((button) => this.pressTitle(button));
    pick.onDidHide(() => this.dispose());
    this.closing.push(wait.onDidChange(() => this.tell()));
  }

  /** Shows the box; resolves when it is closed. */
  async show(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.closed.add(resolve));
    this.pick.value = this.prompt.initialText;
    this.start(this.prompt.initialText, 0);
    this.pick.show();
    this.followLoading();
    void this.attempt(() => this.readProviders());
    await closed;
  }

  /** What is searched, and where one may search, is known once the identity providers were read. */
  private async readProviders(): Promise<void> {
    const accounts = await this.services.directory.ensureAccounts();
    await Promise.all(accounts.map((account) => account.ensureProviders()));
    if (this.isClosed) {
      return;
    }
    this.tell();
    if (this.textBesideScopes === undefined) {
      this.flush();
    } else {
      this.showScopes();
    }
  }

  dispose(): void {
    this.isClosed = true;
    this.results?.abort.abort();
    clearImmediate(this.flushing);
    vscode.Disposable.from(...this.closing).dispose();
    this.pick.dispose();
    this.closed.forEach((resolve) => resolve());
  }

  /** The lit row's buttons, for keys. */
  copyId(): void {
    this.pressLit(copyButton);
  }

  insertId(): void {
    this.pressLit(insertButton);
  }

  reveal(): void {
    this.pressLit(revealButton);
  }

  activeOnly(): void {
    if (this.textBesideScopes !== undefined) {
      return;
    }
    this.isActiveOnly = !this.isActiveOnly;
    this.again();
  }

  /** Shows where one may search in place of the rows; choosing, Back or the same key comes back to them. */
  scope(): void {
    if (this.textBesideScopes !== undefined) {
      this.leaveScopes();
      return;
    }
    this.results?.abort.abort();
    this.results = undefined;
    this.enterWaitsFor = undefined;
    this.textBesideScopes = this.pick.value;
    this.pick.busy = false;
    this.pick.value = '';
    this.showScopes();
    this.tell();
  }

  private showScopes(): void {
    const items = scopes(this.services.directory).map((scope) => {
      const choose = () => {
        this.where = scope;
        this.leaveScopes();
      };
      return { scope, item: this.rows.scope(scope, scope === this.where, choose) };
    });
    this.pick.items = items.map(({ item }) => item);
    this.pick.activeItems = items.flatMap(({ scope, item }) => (scope === this.where ? [item] : []));
  }

  /** Loads what is missing of the identity providers that are searched. */
  loadRest(): void {
    const missing = this.searched().filter(({ users }) => !users.coverage.isComplete);
    if (missing.length > 0) {
      void this.attempt(() => this.prompt.actions.loadAll(missing));
    }
  }

  private leaveScopes(): void {
    this.pick.value = this.textBesideScopes ?? '';
    this.textBesideScopes = undefined;
    this.again();
  }

  private onValue(value: string): void {
    if (this.textBesideScopes === undefined) {
      this.start(value, serverDelayMs);
    }
  }

  /** Searches for the same text anew. */
  private again(): void {
    const { value } = this.pick;
    this.enterWaitsFor = undefined;
    this.results?.abort.abort();
    this.results = undefined;
    this.tell();
    this.start(value, 0);
  }

  private start(value: string, delayMs: number): void {
    const before = this.results;
    if (before?.value === value) {
      return;
    }
    before?.abort.abort();
    if (this.enterWaitsFor !== value) {
      this.enterWaitsFor = undefined;
    }
    const query = this.query(value);
    const results = new Results(value, query, this.rows);
    this.results = results;
    if (value.trim() === '') {
      this.pick.busy = false;
      this.showHistory(results);
      return;
    }
    if (value.length > maxTextLength) {
      this.pick.busy = false;
      results.isDone = true;
      this.flush();
      return;
    }
    this.addLoaded(results);
    this.flush();
    // What is pasted as a whole is asked for at once; what is being typed may go on.
    const isPasted = isWhole(query) && Math.abs(value.length - (before?.value.length ?? 0)) !== 1;
    void this.collect(results, isPasted ? 0 : delayMs);
  }

  private query(value: string): Query {
    const query = parseQuery(value.slice(0, maxTextLength));
    return this.isActiveOnly ? { ...query, active: query.active ?? true } : query;
  }

  private searched(query = this.query(this.pick.value)): DirectoryProvider[] {
    return searchedProviders(this.services.directory, query, this.where);
  }

  /** What was read answers at once. */
  private addLoaded(results: Results): void {
    const { users, count } = searchLocally(this.searched(results.query), results.query, mostRows);
    users.forEach((user) => results.add('loaded', { user, matchedByUsername: false }));
    results.loadedCount = count;
  }

  /** Takes the server's answers until it has no more or a newer text replaces this one. */
  private async collect(results: Results, delayMs: number): Promise<void> {
    const { query, abort } = results;
    const { signal } = abort;
    this.pick.busy = serverQuestions(query).length > 0;
    try {
      const { directory, clock } = this.services;
      for await (const update of searchOnServer(directory, query, { scope: this.where, signal, delayMs, clock })) {
        if (signal.aborted) {
          return;
        }
        this.add(results, update);
      }
    } catch (error) {
      if (!signal.aborted) {
        notifyOfError(error);
      }
    }
    if (!signal.aborted) {
      this.finish(results);
    }
  }

  private add(results: Results, update: ServerUpdate): void {
    if ('error' in update) {
      results.found.push(this.rows.failure(update.account, update.provider, update.error, () => this.again()));
    } else {
      update.rows.forEach((row) => results.add('server', row));
    }
    // Rows that come in one turn are handed over together: VS Code paints the whole list each time.
    this.flushing ??= setImmediate(() => this.flush());
  }

  private finish(results: Results): void {
    results.isDone = true;
    this.pick.busy = false;
    this.flush();
    const wasWaitedFor = this.enterWaitsFor === results.value;
    this.enterWaitsFor = undefined;
    if (wasWaitedFor) {
      this.enterOnly(results);
    }
  }

  /** Takes the user that a finished search found, where it found one only. */
  private enterOnly({ users, hasFailed, isDone }: Results): void {
    const [only] = users;
    if (isDone && only && users.length === 1 && !hasFailed) {
      void this.enter(only);
    }
  }

  /** What is said below the rows of a text. */
  private wordsBelow(results: Results): WordsItem[] {
    const { directory } = this.services;
    const providers = this.searched(results.query);
    const searched = {
      providers,
      unread: directory.accounts.filter((account) => account.providers === undefined),
      asked: () => askedFields(directory, providers, results.query),
      isActiveOnly: this.isActiveOnly,
    };
    return wordsBelow(this.rows, results, searched, {
      again: () => this.again(),
      loadRest: () => this.loadRest(),
      loadAgain: () => void this.attempt(() => this.prompt.actions.loadAll(providers)),
    });
  }

  /** An empty box shows what this session searched for, and whom it found. */
  private showHistory(results: Results): void {
    const { history, directory } = this.services;
    const users = history.users.filter(
      ({ provider }) => directory.loadedProvider(provider.reference) === provider && isInScope(this.where, provider),
    );
    const texts = history.texts.map((text) =>
      this.rows.past(text, () => {
        this.pick.value = text;
        this.start(text, 0);
      }),
    );
    results.isDone = true;
    if (users.length > 0) {
      results.found.push(separator(vscode.l10n.t('users of this session')));
      users.forEach((user) => results.add('loaded', { user, matchedByUsername: false }));
    }
    if (texts.length > 0) {
      results.found.push(separator(vscode.l10n.t('searches of this session')), ...texts);
    }
    this.flush();
  }

  /** While a directory is being loaded, more and more of it is searched: what comes is added below. */
  private followLoading(): void {
    let before = this.coverageWords();
    const timer = setInterval(() => {
      const now = this.coverageWords();
      if (now !== before) {
        before = now;
        this.tell();
        this.addMoreLoaded();
      }
    }, coverageIntervalMs);
    this.closing.push(new vscode.Disposable(() => clearInterval(timer)));
  }

  private addMoreLoaded(): void {
    const { results } = this;
    if (results && results.value.trim() !== '') {
      this.addLoaded(results);
    }
    this.flush();
  }

  private coverageWords(): string {
    return this.rows.coverage(this.searched().filter(({ users }) => users.coverage.count > 0));
  }

  /** Says in the box what is searched, how much of it is here, and what is waited for. */
  private tell(): void {
    const { pick } = this;
    const isChoosing = this.textBesideScopes !== undefined;
    const where = this.rows.scopeName(this.where);
    const covered = isChoosing ? '' : this.coverageWords();
    const hasPrompt = 'prompt' in pick;
    const parts = [
      isChoosing ? vscode.l10n.t('Choose Where to Search') : this.prompt.title,
      where && !isChoosing ? vscode.l10n.t('only {0}', where) : undefined,
      this.isActiveOnly && !isChoosing ? vscode.l10n.t('active users only') : undefined,
      this.services.wait.words,
      hasPrompt ? undefined : covered,
    ];
    pick.title = quickInputTitle(parts.filter(Boolean).join(' · '));
    if (hasPrompt) {
      pick.prompt = covered === '' ? undefined : quickInputPrompt(vscode.l10n.t('Loaded: {0}', covered));
    }
    pick.placeholder = isChoosing
      ? vscode.l10n.t('Name of an account or identity provider')
      : vscode.l10n.t('Any part of a name, email, external ID or user ID; or a whole username');
    const state = `${isChoosing} ${this.isActiveOnly} ${this.where !== undefined}`;
    if (state !== this.buttonsFor) {
      this.buttonsFor = state;
      pick.buttons = isChoosing
        ? [vscode.QuickInputButtons.Back]
        : [activeOnlyButton(this.isActiveOnly), scopeButton(this.where !== undefined)];
    }
  }

  /** Hands the rows to VS Code, with the cursor where it was: it would jump to the first row by itself. */
  private flush(): void {
    clearImmediate(this.flushing);
    this.flushing = undefined;
    const { results, pick } = this;
    if (results === undefined) {
      return;
    }
    results.say(this.wordsBelow(results));
    const { items, handed } = results;
    // Older rows stay until there are newer ones: an emptied list flickers.
    if (items.length === 0 && !results.isDone) {
      return;
    }
    const [active] = pick.activeItems;
    const before = pick.items;
    // Drawing the same rows anew would take a click that is under way from them.
    if (before.length === items.length && items.every((item, i) => item === before[i])) {
      return;
    }
    if (handed.size === 0) {
      this.newRowsAt = this.services.clock.now();
    }
    pick.items = items;
    // The lit row stays lit, wherever it stands now, and under the same hand.
    const lit = active && results.successor(active, before);
    if (lit) {
      pick.activeItems = [lit];
    }
    items.forEach((item) => handed.add(item));
  }

  private accept(): void {
    const { results, pick } = this;
    const [item] = pick.activeItems;
    if (this.textBesideScopes !== undefined) {
      runOf(item)?.();
      return;
    }
    if (item === undefined || !this.isLit(item)) {
      // The lit row belongs to an older text. If the search finds one user only, that is who was meant.
      this.enterWaitsFor = pick.value;
      if (results?.value === pick.value) {
        this.enterOnly(results);
      }
      return;
    }
    if ('user' in item) {
      void this.enter(item);
    } else {
      this.enterWaitsFor = undefined;
      item.run?.();
    }
  }

  /**
   * Whether a row is what a person saw lit: it belongs to the text that is there, and the window has shown it. What it sends names rows by their
   * place, so that what was on its way when the rows became others names the wrong one.
   */
  private isLit(item: SearchItem): boolean {
    const { results, pick, newRowsAt } = this;
    return (
      results?.value === pick.value &&
      results.handed.has(item) &&
      (newRowsAt === undefined || this.services.clock.now() - newRowsAt > unsureMs)
    );
  }

  private async enter({ user }: UserItem): Promise<void> {
    this.enterWaitsFor = undefined;
    this.remember(user);
    this.pick.hide();
    await this.attempt(() => this.prompt.onEnter(user));
  }

  private pressLit(button: vscode.QuickInputButton): void {
    const [item] = this.pick.activeItems;
    if (item?.buttons?.includes(button)) {
      this.press(item, button);
    }
  }

  private press(item: SearchItem, button: vscode.QuickInputButton): void {
    this.enterWaitsFor = undefined;
    if (!('user' in item) || !this.isLit(item)) {
      return;
    }
    const { user } = item;
    const { copyId, insertId, reveal } = this.prompt.actions;
    this.remember(user);
    if (button === copyButton) {
      void this.attempt(() => copyId(user));
    } else if (button === insertButton && insertId) {
      this.pick.hide();
      void this.attempt(() => insertId(user));
    } else if (button === revealButton) {
      this.pick.hide();
      void this.attempt(() => reveal(user));
    }
  }

  private pressTitle(button: vscode.QuickInputButton): void {
    const [first] = this.pick.buttons;
    if (this.textBesideScopes !== undefined) {
      this.leaveScopes();
    } else if (button === first) {
      this.activeOnly();
    } else {
      this.scope();
    }
  }

  private remember(user: DirectoryUser): void {
    this.services.history.add(this.results?.value.trim() ?? '', user);
  }

  private async attempt(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      notifyOfError(error);
    }
  }
}

function runOf(item: SearchItem | undefined): (() => void) | undefined {
  return item && 'run' in item ? item.run : undefined;
}
