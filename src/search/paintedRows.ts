import vscode = require('vscode');
import type { Clock } from '../cloudflare';
import type { Results } from './results';
import type { SearchItem } from './rows';

/** The key of the row that asks the server, which is selected where no user was found. */
export const askKey = 'ask';

/** Milliseconds after new rows were painted in which Enter and clicks are ignored: the user aimed at the old ones. */
const unsureMs = 150;

/**
 * The rows that the quick pick shows. VS Code paints the whole list each time and selects the first row by itself, so rows are painted
 * once for each turn of the event loop, and the selected row stays selected.
 */
export class PaintedRows {
  private results: Results | undefined;
  /** Every row of these results that VS Code was given, rows that were replaced included. */
  private readonly given = new Set<SearchItem>();
  /** When the first rows of these results were painted; undefined once the window shows them. */
  private newRowsAt: number | undefined;
  /** The row of new rows that is selected first, if it is not the first one. */
  private preselected: SearchItem | undefined;
  private hadUsers = false;
  /** The row that the window was told to select with new rows, and when. */
  private told: { readonly row: SearchItem; readonly at: number } | undefined;
  private scheduled: NodeJS.Immediate | undefined;

  constructor(
    private readonly pick: vscode.QuickPick<SearchItem>,
    private readonly clock: Clock,
    /** The rows below the users that were found. */
    private readonly rowsBelow: (results: Results) => readonly SearchItem[],
  ) {
    pick.onDidChangeActive(([active]) => {
      const { told } = this;
      if (told && active !== told.row && this.clock.now() - told.at <= unsureMs) {
        // The window sent this before it was told which row to select, and does not repeat that it selected it.
        pick.activeItems = [told.row];
        return;
      }
      // Of new rows the window selects the first one, or the one that it is told to. Any other row that it names was selected before.
      const first = pick.items.find(({ kind }) => kind !== vscode.QuickPickItemKind.Separator);
      if (active !== undefined && active === (this.preselected ?? first)) {
        this.newRowsAt = undefined;
      }
    });
  }

  /** Paints the rows of these results from now on. */
  follow(results: Results | undefined): void {
    this.results = results;
    this.given.clear();
    this.hadUsers = false;
  }

  /** Paints once this turn of the event loop is over. */
  paintSoon(): void {
    this.scheduled ??= setImmediate(() => this.paint());
  }

  paint(): void {
    this.cancel();
    const { results, pick, given } = this;
    if (results === undefined) {
      return;
    }
    const before = pick.items;
    const [active] = pick.activeItems;
    results.setBelow(this.rowsBelow(results));
    const { items } = results;
    // The first users that are found take the selection from the row that asked for them.
    const areFirstUsers =
      given.size > 0 && !this.hadUsers && results.resources.length > 0 && active?.resource === undefined;
    const isNew = given.size === 0 || areFirstUsers;
    const successor = !isNew && active && given.has(active) ? results.position(active, before) : undefined;
    // Painting the same rows again would take a click that is under way from them.
    if (before.length === items.length && items.every((item, i) => item === before[i])) {
      return;
    }
    this.hadUsers = results.resources.length > 0;
    if (isNew) {
      this.newRowsAt = this.clock.now();
      const asking = this.hadUsers || results.isHistory ? undefined : results.at({ key: askKey });
      this.preselected = areFirstUsers ? results.resources[0] : asking;
    }
    pick.items = items;
    const selected = isNew ? this.preselected : successor && results.at(successor);
    this.told = isNew && selected ? { row: selected, at: this.clock.now() } : undefined;
    if (selected) {
      pick.activeItems = [selected];
    }
    items.forEach((item) => given.add(item));
  }

  /** The selected row; undefined where it belongs to an older text, or where the user cannot have seen it yet. */
  get selected(): SearchItem | undefined {
    return this.ifSeen(this.pick.activeItems[0]);
  }

  /** The row on which the user pressed Enter: the window names it together with the key. The same as `selected` otherwise. */
  get accepted(): SearchItem | undefined {
    return this.ifSeen(this.pick.selectedItems[0] ?? this.pick.activeItems[0]);
  }

  private ifSeen(item: SearchItem | undefined): SearchItem | undefined {
    return item && this.isSeen(item) ? item : undefined;
  }

  /** Whether the user has seen a row. The window names rows by their position, so a message that it sent before names the wrong row. */
  isSeen(item: SearchItem): boolean {
    const { results, pick, given, newRowsAt } = this;
    return (
      results?.value === pick.value &&
      given.has(item) &&
      (newRowsAt === undefined || this.clock.now() - newRowsAt > unsureMs)
    );
  }

  dispose(): void {
    this.cancel();
  }

  private cancel(): void {
    clearImmediate(this.scheduled);
    this.scheduled = undefined;
  }
}
