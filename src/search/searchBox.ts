import vscode = require('vscode');
import type { DirectoryResource } from '../directory';
import { notifyOfError } from '../ui';
import { rowsBelow } from './below';
import { BoxTitle } from './boxTitle';
import { type TitleButton, type RowButtonName } from './buttons';
import { partialOf } from './coverage';
import { keepOrder, type NewerQuickPick } from './newerQuickPick';
import { PaintedRows } from './paintedRows';
import { ReadingProgress } from './readingProgress';
import type { Results } from './results';
import type { SearchPrompt, SearchServices } from './prompt';
import { Rows, type SearchItem } from './rows';
import { ScopePicker } from './scopePicker';
import { UserSearch } from './userSearch';

/**
 * The quick pick that searches while the user types. Loaded users are found at once, and the server's users are appended below. Enter takes
 * the selected row if it belongs to the text in the box and the user has seen it; else nothing.
 */
export class SearchBox implements vscode.Disposable {
  private readonly pick: vscode.QuickPick<SearchItem> & NewerQuickPick;
  private readonly rows: Rows;
  private readonly search: UserSearch;
  private readonly painted: PaintedRows;
  private readonly title: BoxTitle;
  private readonly progress: ReadingProgress;
  private readonly waiting: vscode.Disposable;
  private readonly closed = Promise.withResolvers<undefined>();
  /** The text for which the user pressed Enter before its rows were there. */
  private enteredText: string | undefined;
  /** The text that the user had selected in the editor. It may be a secret: no part of it is sent before the user asks for it. */
  private unsent = '';
  private scopePicker: ScopePicker | undefined;
  /** Whether VS Code is about to hide this box because the scope picker opens. */
  private isHiddenByPicker = false;
  private isClosed = false;

  constructor(
    private readonly services: SearchServices,
    private readonly prompt: SearchPrompt,
  ) {
    const { directory, wait, window, clock } = services;
    const { copyId, insertId, reveal } = prompt.actions;
    const pick: vscode.QuickPick<SearchItem> & NewerQuickPick = window.createQuickPick<SearchItem>();
    this.pick = pick;
    this.rows = new Rows(() => directory.accounts.length > 1, {
      accept: (resource) => this.close(resource, prompt.onEnter),
      copyId: (resource) => {
        this.remember(resource);
        void this.attempt(() => copyId(resource));
      },
      insertId: insertId && ((resource) => this.close(resource, insertId)),
      reveal: (resource) => this.close(resource, reveal),
    });
    this.painted = new PaintedRows(pick, clock, (results) => this.rowsBelow(results));
    const events = {
      onRows: () => this.painted.paintSoon(),
      onDone: (results: Results) => this.onDone(results),
      searchAgain: () => this.searchAgain(),
      searchFor: (text: string) => this.repeat(text),
    };
    this.search = new UserSearch(services, this.rows, events, prompt.scope);
    this.title = new BoxTitle(pick, this.rows, this.search, wait, prompt.title, {
      toggleActiveOnly: () => this.toggleActiveOnly(),
      pickScope: () => void this.pickScope(),
    });
    this.progress = new ReadingProgress(directory, clock, () => {
      this.title.update();
      this.search.addLoaded();
      this.painted.paint();
    });
    this.waiting = wait.onDidChange(() => this.title.update());
    pick.matchOnDescription = true;
    pick.matchOnDetail = true;
    pick.keepScrollPosition = true;
    keepOrder(pick);
    this.title.update();
    pick.onDidChangeValue((value) => this.start(value));
    pick.onDidAccept(() => this.accept());
    pick.onDidTriggerItemButton(({ item, button }) => {
      this.enteredText = undefined;
      if (this.painted.isSeen(item)) {
        item.buttons?.find((own) => own === button)?.run();
      }
    });
    pick.onDidTriggerButton((button) => (button as TitleButton).run());
    pick.onDidHide(() => {
      if (this.isHiddenByPicker) {
        this.isHiddenByPicker = false;
      } else {
        this.dispose();
      }
    });
  }

  /** Shows the box; resolves when it is closed. */
  async show(): Promise<void> {
    this.pick.value = this.prompt.initialText;
    this.unsent = this.prompt.initialText;
    this.start(this.unsent);
    this.pick.show();
    void this.attempt(() => this.readProviders());
    await this.closed.promise;
  }

  dispose(): void {
    this.isClosed = true;
    this.search.stop();
    this.waiting.dispose();
    this.painted.dispose();
    this.progress.dispose();
    this.pick.dispose();
    this.closed.resolve(undefined);
  }

  /** Presses a button of the selected row. */
  press(name: RowButtonName): void {
    if (this.scopePicker === undefined) {
      this.enteredText = undefined;
      this.painted.selected?.buttons?.find((button) => button.name === name)?.run();
    }
  }

  toggleActiveOnly(): void {
    if (this.scopePicker === undefined) {
      this.search.isActiveOnly = !this.search.isActiveOnly;
      this.repeat();
    }
  }

  /** Opens the picker of identity providers, or goes back from it. */
  async pickScope(): Promise<void> {
    if (this.scopePicker) {
      this.scopePicker.back();
      return;
    }
    const { window, directory } = this.services;
    this.stop();
    this.isHiddenByPicker = true;
    this.scopePicker = new ScopePicker(window, directory, this.rows, this.search.scope);
    const answer = await this.scopePicker.ask();
    this.scopePicker = undefined;
    if (answer === 'closed') {
      this.dispose();
      return;
    }
    if (answer !== 'back') {
      this.search.scope = answer.scope;
    }
    this.pick.show();
    this.repeat();
  }

  /** Loads the users or groups that are not loaded yet of the identity providers that are searched. */
  loadRest(): void {
    const covered = this.search.covered(this.pick.value);
    const partial = partialOf(covered);
    if (partial.length > 0 && this.scopePicker === undefined) {
      void this.attempt(() => this.prompt.actions.loadAll(partial, covered.kind));
    }
  }

  private async readProviders(): Promise<void> {
    const accounts = await this.services.directory.ensureAccounts();
    await Promise.all(accounts.map((account) => account.ensureProviders()));
    if (!this.isClosed) {
      this.progress.follow();
      this.title.update();
      this.scopePicker?.update();
      this.painted.paint();
    }
  }

  /** Searches for another text, or for the same text again. */
  private repeat(text = this.pick.value): void {
    this.stop();
    this.title.update();
    this.pick.value = text;
    this.start(text);
  }

  private searchAgain(): void {
    this.repeat();
    this.request();
  }

  private request(): void {
    const { results } = this.search;
    this.unsent = '';
    if (results) {
      void this.search.request(results);
    }
  }

  private stop(): void {
    this.enteredText = undefined;
    this.search.stop();
    this.painted.follow(undefined);
  }

  private start(value: string): void {
    if (this.search.results?.value === value) {
      return;
    }
    if (this.enteredText !== value) {
      this.enteredText = undefined;
    }
    this.title.say(undefined);
    this.progress.follow();
    const isUnsent = this.unsent !== '' && (value.includes(this.unsent) || this.unsent.includes(value));
    const results = this.search.start(value, !isUnsent);
    this.title.follow(results.query.kind);
    this.painted.follow(results);
    this.painted.paint();
    if (this.enteredText === value) {
      this.enter(results);
    }
  }

  private onDone(results: Results): void {
    this.painted.paint();
    if (this.enteredText === results.value) {
      this.enteredText = undefined;
      this.acceptOnly(results);
    }
  }

  /** Accepts the row of a finished search that found one user or group. */
  private acceptOnly({ resources, hasFailed }: Results): void {
    const [only] = resources;
    if (resources.length === 1 && !hasFailed) {
      only?.accept?.();
    } else {
      this.title.say(vscode.l10n.t('the rows have just changed: press Enter again'));
    }
  }

  private rowsBelow(results: Results): SearchItem[] {
    const searched = this.search.searched(results);
    this.pick.busy = !results.isDone || searched.small.length > 0;
    return rowsBelow(this.rows, results, searched, {
      searchAgain: () => this.searchAgain(),
      ask: () => this.request(),
      loadRest: () => this.loadRest(),
      loadAgain: () => void this.attempt(() => this.prompt.actions.loadAll(searched.providers, searched.kind)),
    });
  }

  private accept(): void {
    const { results } = this.search;
    const item = this.painted.accepted;
    if (item?.accept || item?.resource || (item && results && results.resources.length > 0)) {
      this.enteredText = undefined;
      item.accept?.();
      return;
    }
    this.enteredText = this.pick.value;
    if (results?.value === this.pick.value) {
      this.enter(results);
    }
  }

  /** Enter before the user has seen the rows: if the search finds exactly one user, the user meant that one. */
  private enter(results: Results): void {
    if (results.isHistory) {
      return;
    }
    if (results.resources.length === 0 && !results.isRequested) {
      this.request();
    }
    results.hurry.abort();
    if (results.isDone) {
      this.onDone(results);
    } else {
      this.title.say(vscode.l10n.t('opens the result if exactly one is found'));
    }
  }

  /** Closes the box and does something with a user or group. */
  private close(resource: DirectoryResource, action: (resource: DirectoryResource) => Promise<void>): void {
    this.remember(resource);
    this.pick.hide();
    void this.attempt(() => action(resource));
  }

  private remember(resource: DirectoryResource): void {
    this.enteredText = undefined;
    this.services.history.add(this.search.results?.value.trim() ?? '', resource);
  }

  private async attempt(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      notifyOfError(error);
    }
  }
}
