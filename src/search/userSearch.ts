import vscode = require('vscode');
import type { DirectoryProvider } from '../directory/account';
import type { Directory } from '../directory/directory';
import { type FoundRow, isLongEnough, search, type SearchUpdate } from '../directory/search';
import type { DirectoryUser } from '../directory/user';
import { notifyOfError } from '../messages/notify';
import type { RateLimitWait } from '../messages/rateLimitWait';
import {
  copyButton,
  failureItem,
  insertButton,
  noMatchItems,
  type SearchItem,
  userItem,
  type UserItem,
  words,
} from './rows';

/** Milliseconds without a key before the server is asked. */
const serverDelayMs = 175;

/** Rows in the box: painting more takes longer than typing (measured: 71 ms with 100 rows, 93 with 300). */
const maxRows = 100;

/** What can be done with a found user. */
export interface UserActions {
  readonly open: (user: DirectoryUser) => Promise<void>;
  readonly copyId: (user: DirectoryUser) => Promise<void>;
  /** Undefined where no editor was active when the search opened. */
  readonly insertId: ((user: DirectoryUser) => Promise<void>) | undefined;
}

export interface SearchPrompt {
  readonly title: string;
  readonly initialText: string;
  readonly actions: UserActions;
  /** What Enter does with the lit row. */
  readonly onEnter: (user: DirectoryUser) => Promise<void>;
}

/** The rows that belong to one text. */
interface Results {
  readonly value: string;
  readonly items: SearchItem[];
  /** Where each user's row stands, by path. */
  readonly places: Map<string, number>;
  /** Every row of this text that VS Code was handed, those that were replaced included. */
  readonly handed: Set<SearchItem>;
  readonly abort: AbortController;
  isFull: boolean;
  isDone: boolean;
}

/**
 * The quick pick that searches as one types. Rows are only ever appended below those that are there; the lit row stays lit;
 * Enter takes the row that was lit and belongs to the text that is there, or nothing.
 */
export class UserSearch implements vscode.Disposable {
  private readonly pick: vscode.QuickPick<SearchItem>;
  private readonly waiting: vscode.Disposable;
  private readonly closed = new Set<() => void>();
  private results: Results | undefined;
  /** The text for which Enter was pressed before its rows were there. */
  private enterWaitsFor: string | undefined;
  private flushing: NodeJS.Immediate | undefined;

  constructor(
    private readonly directory: Directory,
    wait: RateLimitWait,
    private readonly prompt: SearchPrompt,
    window: Pick<typeof vscode.window, 'createQuickPick'> = vscode.window,
  ) {
    const pick = window.createQuickPick<SearchItem>();
    this.pick = pick;
    const tell = (words: string | undefined) => {
      pick.title = words === undefined ? prompt.title : `${prompt.title} · ${words}`;
    };
    tell(wait.words);
    this.waiting = wait.onDidChange(tell);
    pick.placeholder = vscode.l10n.t('Email, username, name, external ID or user ID');
    pick.matchOnDescription = true;
    pick.matchOnDetail = true;
    pick.keepScrollPosition = true;
    // Not in the typings (microsoft/vscode#73904): rows stay in our order. Without it label hits come first.
    if ('sortByLabel' in pick) {
      pick.sortByLabel = false;
    }
    pick.onDidChangeValue((value) => this.start(value));
    pick.onDidAccept(() => this.accept());
    pick.onDidTriggerItemButton(({ item, button }) => this.press(item, button));
    pick.onDidHide(() => this.dispose());
  }

  /** Shows the box; resolves when it is closed. */
  async show(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.closed.add(resolve));
    this.pick.value = this.prompt.initialText;
    this.start(this.prompt.initialText);
    this.pick.show();
    await closed;
  }

  dispose(): void {
    this.results?.abort.abort();
    clearImmediate(this.flushing);
    this.waiting.dispose();
    this.pick.dispose();
    this.closed.forEach((resolve) => resolve());
  }

  private start(value: string): void {
    if (this.results?.value === value) {
      return;
    }
    this.results?.abort.abort();
    if (this.enterWaitsFor !== value) {
      this.enterWaitsFor = undefined;
    }
    const results: Results = {
      value,
      items: [],
      places: new Map(),
      handed: new Set(),
      abort: new AbortController(),
      isFull: false,
      isDone: false,
    };
    this.results = results;
    void this.collect(results);
  }

  /** Takes the updates of one search until it ends or a newer text replaces it. */
  private async collect(results: Results): Promise<void> {
    const { signal } = results.abort;
    const searched = new Set<DirectoryProvider>();
    this.pick.busy = isLongEnough(results.value);
    try {
      for await (const update of search(this.directory, results.value, { signal, serverDelayMs })) {
        if (signal.aborted) {
          return;
        }
        this.add(results, update);
        if (update.source === 'server' && update.provider) {
          searched.add(update.provider);
        }
      }
    } catch (error) {
      if (!signal.aborted) {
        notifyOfError(error);
      }
    }
    if (!signal.aborted) {
      this.finish(results, [...searched]);
    }
  }

  private add(results: Results, update: SearchUpdate): void {
    if ('error' in update) {
      results.items.push(failureItem(update.account, update.provider, update.error));
    } else {
      update.rows.forEach((row) => this.addRow(results, row));
    }
    // Rows that come in one turn are handed over together: VS Code paints the whole list each time.
    this.flushing ??= setImmediate(() => this.flush());
  }

  private addRow(results: Results, row: FoundRow): void {
    const { items, places, value } = results;
    const item = userItem(row, value.trim(), this.prompt.actions.insertId !== undefined);
    const { path, reference } = row.user;
    const place = reference && places.get(path);
    if (place !== undefined) {
      // The server's answer is newer than what was loaded, and takes its place.
      items[place] = item;
    } else if (items.length < maxRows) {
      places.set(path, items.length);
      items.push(item);
    } else {
      results.isFull = true;
    }
  }

  private finish(results: Results, searched: readonly DirectoryProvider[]): void {
    const { items, value } = results;
    const query = value.trim();
    results.isDone = true;
    const users = items.filter((item) => 'user' in item);
    const hasFailed = items.length > users.length;
    if (results.isFull) {
      items.push(words(vscode.l10n.t('More users match: type more to narrow it down')));
    }
    if (query !== '' && !isLongEnough(query) && users.length === 0) {
      items.push(words(vscode.l10n.t('Type one more character to search on the server')));
    } else if (query !== '' && users.length === 0 && (searched.length > 0 || !hasFailed)) {
      items.push(...noMatchItems(query, searched));
    }
    this.pick.busy = false;
    this.flush();
    const [only] = users;
    if (this.enterWaitsFor === value && users.length === 1 && !hasFailed && only) {
      void this.enter(only);
    }
  }

  /** Hands the rows to VS Code, with the cursor where it was: it would jump to the first row by itself. */
  private flush(): void {
    clearImmediate(this.flushing);
    this.flushing = undefined;
    const { results } = this;
    // Older rows stay until there are newer ones: an emptied list flickers.
    if (results === undefined || (results.items.length === 0 && !results.isDone)) {
      return;
    }
    const { items, handed } = results;
    const [active] = this.pick.activeItems;
    const before = this.pick.items;
    // Drawing the same rows anew would take a click that is under way from them.
    if (before.length === items.length && items.every((item, i) => item === before[i])) {
      return;
    }
    this.pick.items = [...items];
    // Rows are only appended, or replaced where they stand: the lit one stays in its place.
    const lit = active && handed.has(active) ? items[before.indexOf(active)] : undefined;
    if (lit) {
      this.pick.activeItems = [lit];
    }
    items.forEach((item) => handed.add(item));
  }

  private accept(): void {
    const { results, pick } = this;
    const [item] = pick.activeItems;
    if (item === undefined || results?.value !== pick.value || !results.handed.has(item)) {
      // The lit row belongs to an older text. If the search finds one user only, that is who was meant.
      this.enterWaitsFor = pick.value;
      return;
    }
    if ('user' in item) {
      void this.enter(item);
    } else if (item.isRetry) {
      const { value } = results;
      this.results = undefined;
      this.start(value);
    }
  }

  private async enter({ user }: UserItem): Promise<void> {
    this.enterWaitsFor = undefined;
    this.pick.hide();
    await this.attempt(() => this.prompt.onEnter(user));
  }

  private press(item: SearchItem, button: vscode.QuickInputButton): void {
    this.enterWaitsFor = undefined;
    if (!('user' in item)) {
      return;
    }
    const { copyId, insertId } = this.prompt.actions;
    if (button === copyButton) {
      void this.attempt(() => copyId(item.user));
    } else if (button === insertButton && insertId) {
      this.pick.hide();
      void this.attempt(() => insertId(item.user));
    }
  }

  private async attempt(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      notifyOfError(error);
    }
  }
}
