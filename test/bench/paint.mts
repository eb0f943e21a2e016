// In a browser: from a key to our rows on the screen, beside the quick pick of an extension that does nothing but set 100 rows.
import { join } from 'node:path';
import { temporaryFolder } from '../../tools/children.mts';
import { stateFolder } from '../../tools/project.mts';
import { Person } from '../support/browser/person.mts';
import { type Context, latencyMs, repeated, type Subject } from './context.mts';
import { providerName } from './directory.mts';
import { writeRowsPeer } from './peers.mts';
import { inTurn, peerExtensions } from './sample.mts';
import { median } from './statistics.mts';

/** Each alone matches more users than there are rows, and the rows of no two are the same. */
const keys = Array.from('abcdefghijklmnoprstuvwyz');
const warmUpKeys = 4;
/** Milliseconds between two keys, as fast as people type who are fast. */
const betweenKeysMs = 100;

export const paintSubject: Subject = {
  name: 'painting, in a browser',
  metrics: ['keystroke_paint_ms'],
  async measure({ runs }: Context) {
    const temporary = await temporaryFolder(join(stateFolder, 'bench-paint-'));
    const profile = join(temporary.path, 'profile');
    await writeRowsPeer(join(profile, 'extensions'));
    const person = await Person.start({ profile });
    try {
      person.simulator.latencyMs = latencyMs;
      await person.connect();
      await loadAllUsers(person);
      const ours = () => measuring(person, 'SCIM Explorer: Search Users…');
      const peer = () => measuring(person, `${peerExtensions.rows}.activate`);
      return await repeated(this.name, runs, async (round) => {
        const times = await inTurn({ ours, peer }, round);
        return [{ metric: 'keystroke_paint_ms', value: times.ours, peerValue: times.peer }];
      });
    } finally {
      await person.end();
      temporary.remove();
    }
  },
};

async function loadAllUsers(person: Person): Promise<void> {
  await person.chooseFromContextMenu(person.window.row(providerName).first(), 'Load All Users');
  await person.page
    .locator('.part.statusbar .statusbar-item')
    .filter({ hasText: /Loaded all/ })
    .first()
    .waitFor({ timeout: 60_000 });
}

/** Opens a quick pick by its command and presses every key in place of the one before. @returns The median in milliseconds. */
async function measuring(person: Person, command: string): Promise<number> {
  const { page, window } = person;
  await window.command(command);
  // The palette closes, then the quick pick opens.
  await page.waitForFunction(() => !(document.querySelector('.quick-input-box input')?.value ?? '>').startsWith('>'));

  const times: number[] = [];
  for (const key of [...keys.slice(0, warmUpKeys), ...keys]) {
    await person.press('Control+A');
    await page.evaluate(watchNextKey);
    await person.press(key);
    times.push(await page.evaluate(painted));
    await page.waitForTimeout(betweenKeysMs);
  }
  await person.press('Escape');
  await window.quickInput.widget.waitFor({ state: 'hidden' });
  return median(times.slice(warmUpKeys));
}

/** The parts of the page that are looked at inside the browser; the types of the DOM are no part of this project. */
interface Row {
  readonly textContent: string;
}
interface BrowserDocument {
  querySelectorAll(selector: string): Iterable<Row>;
  querySelector(selector: string): { readonly value?: string } | null;
}
interface BrowserChannel {
  readonly port1: { onmessage: () => void };
  readonly port2: { postMessage(message: unknown): void };
}
declare const document: BrowserDocument;
declare const requestAnimationFrame: (callback: () => void) => void;
declare const addEventListener: (
  type: 'keydown',
  listener: (event: { readonly timeStamp: number }) => void,
  options: { readonly once: true; readonly capture: true },
) => void;

/** What one evaluation in the page leaves for the next. */
interface Watching {
  painted?: Promise<number>;
}

/** Runs in the page, and is there before the next key: how many milliseconds from it to the end of the frame in which the rows are others. */
function watchNextKey(): void {
  const rows = () =>
    Array.from(document.querySelectorAll('.quick-input-list .monaco-list-row'), (row) => row.textContent).join('\n');
  const before = rows();
  (globalThis as Watching).painted = new Promise((resolve) => {
    addEventListener(
      'keydown',
      ({ timeStamp }) => {
        const look = () => {
          const now = rows();
          if (now === '' || now === before) {
            requestAnimationFrame(look);
            return;
          }
          // This runs before the frame is painted, a message behind it after that.
          const { port1, port2 } = new MessageChannel() as unknown as BrowserChannel;
          port1.onmessage = () => resolve(performance.now() - timeStamp);
          port2.postMessage(undefined);
        };
        requestAnimationFrame(look);
      },
      { once: true, capture: true },
    );
  });
}

function painted(): Promise<number> {
  return (globalThis as Watching).painted ?? Promise.reject(new Error('Nobody watches.'));
}
