import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { FoundActions } from '../../../src/search/prompt';
import { plain } from './session';
import { until } from '../until.mts';

/** The search as VS Code shows it; `prompt` is younger than the typings. */
export type SearchPick = vscode.QuickPick<vscode.QuickPickItem> & { readonly prompt?: string };

/** Actions that only note in `done` what they were asked for, and for whom; *Load All* is the real one. */
export function notedActions(done: string[]): FoundActions {
  const note =
    (what: string): FoundActions['open'] =>
    (resource) =>
      Promise.resolve(void done.push(`${what} ${resource.data.displayName ?? ''}`));
  return {
    open: note('open'),
    copyId: note('copy'),
    insertId: note('insert'),
    reveal: note('reveal'),
    loadAll: async (providers, kind) => {
      assert.equal(kind, 'user');
      await vscode.commands.executeCommand('scimExplorer.loadAll', providers[0], providers);
    },
  };
}

/** Types a text; when this is done the search has had it, and the rows of what was loaded are there. */
export async function type(pick: SearchPick, text: string): Promise<void> {
  const typed = new Promise<void>((resolve) => pick.onDidChangeValue((value) => value === text && resolve()));
  pick.value = text;
  await typed;
}

/** The rows, each as `label | description | detail`. */
export function seen(pick: SearchPick): string[] {
  return pick.items.map(({ label, description, detail }) => plain(`${label} | ${description ?? ''} | ${detail ?? ''}`));
}

/** What the box says of how much is loaded: in its prompt, or in its title where VS Code is older than prompts. */
export function coverage(pick: SearchPick): string {
  return plain('prompt' in pick ? pick.prompt : pick.title);
}

/** The rows that are users or groups. */
export function users(pick: SearchPick): vscode.QuickPickItem[] {
  return pick.items.filter((item) => 'resource' in item);
}

export function names(pick: SearchPick): string[] {
  return users(pick).map(({ label }) => plain(label));
}

export function row(pick: SearchPick, text: RegExp): Promise<string> {
  return until(`a row ${String(text)}`, () => seen(pick).find((line) => text.test(line)));
}

export function idle(pick: SearchPick): Promise<boolean> {
  return until('the end of the search', () => !pick.busy);
}

/**
 * Milliseconds that the window has to answer one of its commands before the command is sent again. A slow window needs seconds, and would
 * do a command twice that is sent again too early.
 */
const answerMs = 10_000;

/**
 * Lights a row up, as the arrow keys do once the window shows the rows. By the window's own commands, one step at a time: what the host
 * sets can cross with what the window says of the rows before.
 */
export async function light(pick: SearchPick, i: number): Promise<vscode.QuickPickItem> {
  return until('the lit row', async () => {
    const [active] = pick.activeItems;
    const at = active ? pick.items.indexOf(active) : -1;
    if (at === i) return active;
    if (at === -1) return undefined;
    assert.ok(i < pick.items.length, `row ${i}`);
    const name = at < i ? 'Next' : 'Previous';
    await vscode.commands.executeCommand(`workbench.action.quickOpenSelect${name}`);
    const asked = performance.now();
    await until('an answer', () => pick.activeItems[0] !== active || performance.now() - asked > answerMs);
    return undefined;
  });
}
