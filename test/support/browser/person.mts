// A person in front of a window with the extension in it, and a simulated Cloudflare behind the extension.
import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import type { Locator, Page } from 'playwright-core';
import { patience } from '../../../tools/patience.mts';
import { again } from '../../../tools/vscode/again.mts';
import { openWorkbench, type Workbench, type WorkbenchOptions } from '../../../tools/vscode/workbench.mts';
import { type Simulator, startSimulator } from '../../simulator/simulator.mts';
import { until } from '../until.mts';

/** Milliseconds that a condition may take to come about. */
const conditionPatience = patience(60_000);

/** What is different from a plain start; the folder is the demo workspace unless another one is named. */
export type Circumstances = Partial<WorkbenchOptions>;

/** The parts of the page that are looked at inside the browser; the types of the DOM are no part of this project. */
interface RowElement {
  readonly textContent: string;
  getBoundingClientRect(): { readonly y: number };
  querySelectorAll(selector: string): Iterable<RowElement>;
}
interface BrowserWindow {
  readonly requestAnimationFrame: (done: () => void) => void;
  readonly navigator: {
    readonly clipboard: { readText(): Promise<string>; writeText(text: string): Promise<void> };
  };
}

/** Clicks, keys and eyes: nothing here reaches into the extension. */
export class Person {
  readonly simulator: Simulator;
  /** The simulator's, and not the window's: how far it is ahead. */
  readonly clock: { aheadMs: number };
  readonly window: Workbench;
  readonly page: Page;
  readonly pageErrors: string[] = [];

  static async start(circumstances: Circumstances = {}): Promise<Person> {
    const clock = { aheadMs: 0 };
    const simulator = await startSimulator({ now: () => Date.now() + clock.aheadMs });
    try {
      return new Person(simulator, await Person.openWindow(simulator, circumstances), clock);
    } catch (error) {
      await simulator.close();
      throw error;
    }
  }

  /** Another window with a VS Code of its own, in front of the same simulator. End it before the other one. */
  static async startBeside({ simulator, clock }: Person): Promise<Person> {
    return new Person(simulator, await Person.openWindow(simulator, {}), clock);
  }

  private static openWindow(simulator: Simulator, circumstances: Circumstances): Promise<Workbench> {
    return openWorkbench({
      folder: 'tools/demo-workspace',
      toasts: true,
      ...circumstances,
      settings: { 'scimExplorer.apiBaseUrl': simulator.baseUrl, ...circumstances.settings },
    });
  }

  private constructor(simulator: Simulator, window: Workbench, clock: { aheadMs: number }) {
    this.clock = clock;
    this.simulator = simulator;
    this.window = window;
    this.page = window.page;
    this.page.setDefaultTimeout(conditionPatience);
    this.page.on('pageerror', (error) => this.pageErrors.push(error.message));
  }

  async end(): Promise<void> {
    await this.window.close();
    await this.simulator.close();
  }

  /** Clicks through the connection of an account, from the welcome to its identity providers. */
  async connect(account = 'Northwind Engineering', token = this.simulator.issueToken()): Promise<void> {
    const { quickInput } = this.window;
    await this.window.activity('SCIM Explorer');
    await this.connectButton.click();
    await quickInput.title.filter({ hasText: '(1/2)' }).waitFor();
    await this.paste(token);
    await this.press('Enter');
    await quickInput.row(account).click();
    await this.status(`Connected to ${account}`);
    // Connecting ends by focusing the view, which would close a box that was opened before.
    await this.focusedRow.first().waitFor();
  }

  get connectButton(): Locator {
    return this.sideBar.getByRole('button', { name: 'Connect to a Cloudflare Account…' });
  }

  get sideBar(): Locator {
    return this.page.locator('.part.sidebar');
  }

  /** The row that the keyboard would act on. */
  get focusedRow(): Locator {
    return this.sideBar.locator('.monaco-list.focused .monaco-list-row.focused, .monaco-list:focus .focused');
  }

  get tabs(): Locator {
    return this.page.locator('.part.editor .tabs-container .tab');
  }

  get activeTab(): Locator {
    return this.page.locator('.part.editor .tabs-container .tab.active');
  }

  get hover(): Locator {
    return this.page.locator('.monaco-hover:visible');
  }

  /** A button of the view's or the editor's title, or inside a row; they show while the mouse is there. */
  async button(place: Locator, name: string): Promise<void> {
    // A row that is drawn again under the mouse shows its buttons only after the mouse has moved.
    await again(async (timeout) => {
      // In its corner: the hover of a row may cover its middle.
      await place.hover({ timeout, position: { x: 8, y: 8 } });
      await place.getByRole('button', { name, exact: true }).click({ timeout });
    });
  }

  /** Accepts the selected row of the search with Enter. The search ignores Enter for 150 ms after it replaced its rows: then presses it again. */
  async acceptRow(row: Locator): Promise<void> {
    const { quickInput } = this.window;
    await row.first().waitFor();
    await again(async (timeout) => {
      if (await quickInput.widget.isHidden()) return;
      await calm('the rows', async () => (await quickInput.rows().allInnerTexts()).join('\n'));
      await this.press('Enter');
      await quickInput.widget.waitFor({ state: 'hidden', timeout });
    });
  }

  async chooseFromContextMenu(row: Locator, entry: string): Promise<void> {
    const menu = this.page.locator('.monaco-menu');
    const item = this.page.getByRole('menuitem', { name: entry, exact: true });
    // A menu closes when the focus is taken from it, as it is for a while after connecting.
    await again(async (timeout) => {
      await row.click({ button: 'right' });
      // With the keyboard: a menu takes no click in its first tenth of a second.
      await item.hover({ timeout });
      await menu.locator('.action-item.focused').filter({ has: item }).waitFor({ timeout });
      await this.press('Enter');
    });
    await menu.waitFor({ state: 'hidden' });
  }

  /** Unfolds a row until another one is there. VS Code may be unfolding it by itself, as it was before a reload. */
  async unfold(row: Locator, below: Locator): Promise<void> {
    await row.waitFor();
    await until(`${String(below)} below ${String(row)}`, async () => {
      if ((await below.count()) > 0) return true;
      if ((await row.getAttribute('aria-expanded')) === 'false') await row.click();
      return false;
    });
    await below.waitFor();
  }

  /** Expands an identity provider. Its rows are drawn again with its counts: a click in that moment would be lost. */
  async expand(provider: string, user: string): Promise<void> {
    const row = this.window.row(provider).first();
    await this.unfold(row, this.window.row(user).first());
    await row.filter({ hasText: 'loaded' }).waitFor();
  }

  /** The lines of the editor, once they are all drawn: while they are, some are missing or stand in another's place. */
  async calmText(): Promise<string> {
    return calm('the text of the editor', () => this.window.editorText());
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** Types key by key, as fast as people do who are fast. */
  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text, { delay: 15 });
  }

  /** Puts a whole text in at once, over what is selected. */
  async paste(text: string): Promise<void> {
    await this.page.keyboard.insertText(text);
  }

  async clipboard(): Promise<string> {
    return this.page.evaluate(() => (globalThis as unknown as BrowserWindow).navigator.clipboard.readText());
  }

  async setClipboard(text: string): Promise<void> {
    await this.page.evaluate(
      (value) => (globalThis as unknown as BrowserWindow).navigator.clipboard.writeText(value),
      text,
    );
  }

  /** Waits until the status bar says it. */
  async status(text: string | RegExp): Promise<void> {
    await this.page.locator('.part.statusbar .statusbar-item').filter({ hasText: text }).first().waitFor();
  }

  /** Turns the wheel over the side bar until a row is in sight. */
  async scrollTo(row: Locator, direction: 'down' | 'up' = 'down'): Promise<void> {
    const tree = this.sideBar.locator('[role="tree"]');
    let [distance, before] = [direction === 'down' ? 300 : -300, ''];
    await until(`a row ${String(row)}`, async () => {
      if ((await row.count()) > 0 && (await row.first().isVisible())) return true;
      // The hover of a row may cover the tree and would take the wheel: leave it, so that it goes.
      await this.page.mouse.move(0, 0);
      await tree.hover();
      await this.page.mouse.wheel(0, distance);
      await this.drawn();
      const rows = (await this.rows()).join('\n');
      // At the end of the tree, turn back: a slow window may have scrolled past the row.
      distance = rows === before ? -distance : distance;
      before = rows;
      return false;
    });
  }

  /** Waits until the window has drawn what it was told before. */
  private async drawn(): Promise<void> {
    await this.page.evaluate(async () => {
      const { requestAnimationFrame } = globalThis as unknown as BrowserWindow;
      // The second frame begins after the first one was drawn.
      for (let frame = 0; frame < 2; frame++) await new Promise<void>((done) => requestAnimationFrame(done));
    });
  }

  /** The rows in sight, each as `label | description`, from top to bottom. */
  async rows(): Promise<string[]> {
    const rows = await this.sideBar.locator('[role="treeitem"]').evaluateAll((elements: RowElement[]) =>
      elements.map((element) => ({
        top: element.getBoundingClientRect().y,
        texts: [...element.querySelectorAll('.label-name, .label-description')].map(({ textContent }) => textContent),
      })),
    );
    return rows.sort((a, b) => a.top - b.top).map(({ texts }) => plain(texts.join(' | ')));
  }

  /** Opens a file of the workspace by its name. */
  async openFile(name: string): Promise<void> {
    const { quickInput } = this.window;
    await again(async (timeout) => {
      await this.press('Escape', 'Control+P');
      await quickInput.input.fill(name, { timeout });
      await quickInput.row(name).first().waitFor({ timeout });
    });
    await this.press('Enter');
    await this.activeTab.filter({ hasText: name }).waitFor();
    await this.page.locator('.editor-group-container.active .monaco-editor.focused').waitFor();
  }

  async closeEditors(): Promise<void> {
    await this.window.command('View: Close All Editors');
    await until('no tab', async () => (await this.tabs.count()) === 0);
  }

  /** Every notification so far, read in the notification centre, and cleared away. */
  async takeNotifications(): Promise<string[]> {
    const centre = this.page.locator('.notifications-center:visible');
    await again(async (timeout) => {
      await this.window.command('Notifications: Show Notifications');
      await centre.waitFor({ timeout });
    });
    const texts = await centre.locator('.notification-list-item-message').allInnerTexts();
    await again(async (timeout) => {
      await this.window.command('Notifications: Clear All Notifications');
      await this.page.locator('.notification-list-item').first().waitFor({ state: 'hidden', timeout });
    });
    return texts.map(plain);
  }

  /** Fails when something came up that nobody asked for. */
  async seesNothingElse(): Promise<void> {
    assert.equal(await this.window.dialog.count(), 0, 'a dialog');
    // VS Code's own words for a start that takes its time.
    const texts = (await this.takeNotifications()).filter((text) => text !== 'Activating Extensions...');
    assert.deepEqual(texts, []);
    assert.deepEqual(this.window.extensionConsole(), []);
    assert.deepEqual(this.pageErrors, []);
  }
}

/** Text without the isolates around names, which no eye sees. */
export function plain(text: string): string {
  return text.replaceAll(/[\u2068\u2069]/g, '').replaceAll('\u00a0', ' ');
}

/** How often in a row something must look the same to be calm. */
const calmLooks = 4;
/** Milliseconds before each look. */
const calmPauseMs = 50;

/** Waits until something looks the same for a while, and is not empty. */
export async function calm(what: string, look: () => Promise<string>): Promise<string> {
  let [before, same] = ['', 0];
  return until(`${what} to stay the same`, async () => {
    await setTimeout(calmPauseMs);
    const seen = await look();
    same = seen === before && seen !== '' ? same + 1 : 0;
    before = seen;
    return same >= calmLooks ? seen : undefined;
  });
}
