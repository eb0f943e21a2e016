import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { UserActions } from '../../../src/search/userSearch';
import { plain } from './session';
import { until } from '../until.mts';

/** The search as VS Code shows it; `prompt` is younger than the typings. */
export type SearchPick = vscode.QuickPick<vscode.QuickPickItem> & { readonly prompt?: string };

/** Actions that only note in `done` what they were asked for, and for whom. */
export function notedActions(done: string[]): UserActions {
  const note =
    (what: string): UserActions['open'] =>
    (user) =>
      Promise.resolve(void done.push(`${what} ${user.user.displayName ?? ''}`));
  return {
    open: note('open'),
    copyId: note('copy'),
    insertId: note('insert'),
    reveal: note('reveal'),
    canReveal: ({ provider, user }) => provider.users.indexOf(user.id ?? '') !== undefined,
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

/** The rows that are users. */
export function users(pick: SearchPick): vscode.QuickPickItem[] {
  return pick.items.filter((item) => 'user' in item);
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

/** Lights a row up, as the arrow keys do once the window shows the rows. */
export async function light(pick: SearchPick, i: number): Promise<vscode.QuickPickItem> {
  const item = pick.items[i] ?? assert.fail(`no row ${i}`);
  await until(
    'rows in the window',
    () => pick.items.includes(pick.activeItems[0] ?? item) && pick.activeItems.length > 0,
  );
  // By the window's own command: what the host sets can cross with what the window says of the rows before.
  const steps = i - pick.items.indexOf(pick.activeItems[0] ?? item);
  const command = steps > 0 ? 'workbench.action.quickOpenSelectNext' : 'workbench.action.quickOpenSelectPrevious';
  for (let step = 0; step < Math.abs(steps); step++) {
    await vscode.commands.executeCommand(command);
  }
  await until('the lit row', () => pick.activeItems[0] === item);
  return item;
}
