import * as vscode from 'vscode';
import type { DirectoryProvider } from '../directory/account';
import type { Directory } from '../directory/directory';
import { isLongEnough, search, type SearchUpdate } from '../directory/search';
import type { DirectoryUser } from '../directory/user';
import { notifyOfError } from '../messages/notify';
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
  readonly ids: Set<string>;
  readonly abort: AbortController;
  isDone: boolean;
}

/**
 * The quick pick that searches as one types. Rows are only ever appended below those that are there; the lit row stays lit;
 * Enter takes the row that was lit and belongs to the text that is there, or nothing.
 */
export class UserSearch implements vscode.Disposable {
  private readonly pick: vscode.QuickPick<SearchItem>;
  private readonly closed = new Set<() => void>();
  private results: Results | undefined;
  /** The text for which Enter was pressed before its rows were there. */
  private enterWaitsFor: string | undefined;
  private flushing: NodeJS.Immediate | undefined;

  constructor(
    private readonly directory: Directory,
    private readonly prompt: SearchPrompt,
    window: Pick<typeof vscode.window, 'createQuickPick'> = vscode.window,
  ) {
    const pick = window.createQuickPick<SearchItem>();
    this.pick = pick;
    pick.title = prompt.title;
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
    this.pick.dispose();
    this.closed.forEach((resolve) => resolve());
  }

  private start(value: string): void {
    if (this.results?.value === value) {
      return;
    }
    this.results?.abort.abort();
    const results: Results = { value, items: [], ids: new Set(), abort: new AbortController(), isDone: false };
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
        throw error;
      }
    }
    if (!signal.aborted) {
      this.finish(results, [...searched]);
    }
  }

  private add(results: Results, update: SearchUpdate): void {
    const { items, ids, value } = results;
    if ('error' in update) {
      items.push(failureItem(update.account, update.provider, update.error));
    } else {
      for (const row of update.rows) {
        const isNew = row.user.reference === undefined || !ids.has(row.user.path);
        if (isNew && items.length < maxRows) {
          ids.add(row.user.path);
          items.push(userItem(row, value.trim(), this.prompt.actions.insertId !== undefined));
        }
      }
    }
    // Rows that come in one turn are handed over together: VS Code paints the whole list each time.
    this.flushing ??= setImmediate(() => this.flush());
  }

  private finish(results: Results, searched: readonly DirectoryProvider[]): void {
    const { items, value } = results;
    const query = value.trim();
    results.isDone = true;
    if (query !== '' && !isLongEnough(query) && items.length === 0) {
      items.push(words(vscode.l10n.t('Type one more character to search on the server')));
    } else if (query !== '' && items.length === 0) {
      items.push(...noMatchItems(query, searched));
    }
    this.pick.busy = false;
    this.flush();
    const users = items.filter((item) => 'user' in item);
    if (this.enterWaitsFor === value && users.length === 1 && items.length === 1 && users[0]) {
      void this.enter(users[0]);
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
    const { items } = results;
    const [active] = this.pick.activeItems;
    this.pick.items = [...items];
    if (active && items.includes(active)) {
      this.pick.activeItems = [active];
    }
  }

  private accept(): void {
    const { results, pick } = this;
    const [item] = pick.activeItems;
    if (item === undefined || results?.value !== pick.value || !results.items.includes(item)) {
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
    this.pick.hide();
    await this.attempt(() => this.prompt.onEnter(user));
  }

  private press(item: SearchItem, button: vscode.QuickInputButton): void {
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
      await notifyOfError(error);
    }
  }
}
