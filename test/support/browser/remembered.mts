// What VS Code keeps in the browser's databases. It writes every few seconds, and never when a window goes: a test that
// reloads the window waits until what it is about has been written, as a person has who did not do it within a blink.
import type { Page } from 'playwright-core';
import { until } from '../until.mts';

/** Waits until everything in `present`, and nothing in `absent`, is kept. */
export async function untilRemembered(page: Page, present: string[], absent: string[] = []): Promise<void> {
  await until(`VS Code to write down ${present.join(', ')} and to forget ${absent.join(', ')}`, async () => {
    const kept = await page.evaluate<string>(keptText);
    return present.every((text) => kept.includes(text)) && !absent.some((text) => kept.includes(text));
  });
}

/** Runs in the page: every value of every database of the workbench's state, one after the other. */
const keptText = `(async () => {
  const asked = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const names = (await indexedDB.databases()).map(({ name }) => name).filter((name) => name.startsWith('vscode-web-state-db'));
  const texts = await Promise.all(names.map(async (name) => {
    const database = await asked(indexedDB.open(name));
    try {
      return (await asked(database.transaction('ItemTable').objectStore('ItemTable').getAll())).join();
    } finally {
      database.close();
    }
  }));
  return texts.join();
})()`;
