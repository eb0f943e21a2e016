// What a person does with the window, and what they see in it.
import type { Locator, Page } from 'playwright-core';
import { patience } from '../patience.mts';
import { again } from './again.mts';

export interface WorkbenchActions {
  /** Opens the command palette, types the title and takes the command. */
  command(title: string): Promise<void>;
  /** Shows the view container with this title. */
  activity(title: string): Promise<void>;
  /** The rows of the tree in the side bar that have this text. Only rows in sight are there. */
  row(text: string | RegExp): Locator;
  readonly quickInput: QuickInput;
  /** A modal dialog. */
  readonly dialog: Locator;
  /** The toasts with this text; only where toasts are shown. */
  toast(text: string | RegExp): Locator;
  /** The texts of the notifications, newest first. */
  notifications(): Promise<string[]>;
  /** Waits until a notification has this text. */
  notification(text: string | RegExp): Promise<void>;
  /** The texts of the status bar's entries, from left to right. */
  statusBar(): Promise<string[]>;
  /** The lines in sight of the active editor. */
  editorText(): Promise<string>;
  /** Writes a PNG of the window. */
  screenshot(file: string): Promise<void>;
}

/** The quick pick or the input box that is open. */
export interface QuickInput {
  readonly widget: Locator;
  readonly input: Locator;
  readonly title: Locator;
  /** The prompt or the validation message below the input. */
  readonly message: Locator;
  /** Rows in sight. */
  rows(): Locator;
  row(text: string | RegExp): Locator;
  /** A button in the title bar or inside the input. */
  button(name: string | RegExp): Locator;
}

/** Milliseconds. */
const notificationPatience = patience(60_000);

export function personAt(page: Page, { toasts }: { toasts: boolean }): WorkbenchActions {
  const quickInput = quickInputOf(page);

  const command = async (title: string): Promise<void> => {
    const found = quickInput.row(title).first();
    // Whatever takes the focus closes the palette.
    await again(async (timeout) => {
      await page.keyboard.press('F1');
      await quickInput.input.fill(`>${title}`, { timeout });
      await found.waitFor({ timeout });
    });
    // The palette sorts commands used before to the top; a person looks at the row before pressing Enter.
    const isFirst = (await found.getAttribute('class'))?.split(' ').includes('focused') ?? false;
    await (isFirst ? page.keyboard.press('Enter') : found.click());
  };

  const notifications = async (): Promise<string[]> => {
    if (toasts) return page.locator('.notifications-toasts .notification-list-item-message').allInnerTexts();
    await command('Notifications: Show Notifications');
    const centre = page.locator('.notifications-center');
    await centre.waitFor();
    const texts = await centre.locator('.notification-list-item-message').allInnerTexts();
    await page.keyboard.press('Escape');
    await centre.waitFor({ state: 'hidden' });
    return texts;
  };

  return {
    command,
    async activity(title) {
      const tab = page.locator('.part.activitybar [role="tab"]').and(page.getByRole('tab', { name: title }));
      // A second click would fold the side bar away.
      if ((await tab.getAttribute('aria-selected')) !== 'true') await tab.click();
    },
    row: (text) => page.locator('.part.sidebar [role="treeitem"]').filter({ hasText: text }),
    quickInput,
    dialog: page.locator('.monaco-dialog-box'),
    toast: (text) => page.locator('.notifications-toasts .notification-toast').filter({ hasText: text }),
    notifications,
    async notification(text) {
      // The bell shows them where toasts are hidden; it takes a moment to open, so look again rather than wait in it.
      const deadline = Date.now() + notificationPatience;
      let texts: string[] = [];
      while (Date.now() < deadline) {
        texts = await notifications();
        if (texts.some((shown) => (typeof text === 'string' ? shown.includes(text) : text.test(shown)))) return;
        await page.waitForTimeout(200);
      }
      throw new Error(`No notification says ${String(text)}, only: ${texts.join(' | ') || 'nothing'}`);
    },
    async statusBar() {
      const texts = await page.locator('.part.statusbar .statusbar-item:visible').allInnerTexts();
      return texts.map((text) => text.trim()).filter((text) => text !== '');
    },
    editorText: () => visibleLines(page.locator('.editor-group-container.active .monaco-editor .view-lines').first()),
    async screenshot(file) {
      await page.screenshot({ path: file, animations: 'disabled', caret: 'hide' });
    },
  };
}

function quickInputOf(page: Page): QuickInput {
  const widget = page.locator('.quick-input-widget:visible');
  const rows = (): Locator => widget.locator('.quick-input-list .monaco-list-row');
  return {
    widget,
    input: widget.locator('.quick-input-box input'),
    title: widget.locator('.quick-input-title'),
    message: widget.locator('.quick-input-message'),
    rows,
    row: (text) => rows().filter({ hasText: text }),
    button: (name) => widget.getByRole('button', { name }),
  };
}

/** The part of a line's element that is looked at. */
interface LineElement {
  readonly textContent: string;
  getBoundingClientRect(): { readonly top: number };
}

/** The editor's lines stand in the page in any order; they are read all at once, since lines come and go. */
async function visibleLines(editor: Locator): Promise<string> {
  const lines = await editor
    .locator('.view-line')
    .evaluateAll((elements: LineElement[]) =>
      elements.map((element) => ({ top: element.getBoundingClientRect().top, text: element.textContent })),
    );
  return lines
    .sort((a, b) => a.top - b.top)
    .map(({ text }) => text.replaceAll('\u00a0', ' '))
    .join('\n');
}
