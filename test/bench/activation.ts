// What it costs to activate the extension, by the extension host's own clock.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { extensionId } from './ours';
import { inTurn, peerExtensions } from './sample.mts';

/** Milliseconds of loading the code and calling `activate`: ours, and those of an extension that imports the SDK. */
export async function activation(): Promise<{ value: number; peerValue: number }> {
  const { sdk } = peerExtensions;
  const { ours, peer } = await withFineClock(() =>
    inTurn({
      // By the command of a person's first use.
      ours: () => activate(extensionId, 'scimExplorer.refresh'),
      peer: () => activate(sdk, `${sdk}.activate`),
    }),
  );
  return { value: ours, peerValue: peer };
}

async function activate(id: string, command: string): Promise<number> {
  assert.equal(vscode.extensions.getExtension(id)?.isActive, false, `${id} is there, and not active yet`);
  // The peer contributes a command to be activated by, and registers none.
  await vscode.commands.executeCommand(command).then(undefined, () => undefined);
  assert.equal(vscode.extensions.getExtension(id)?.isActive, true, `${command} activates ${id}`);
  return loading(id) + activating(id);
}

const loading = (id: string): number => between(`willLoadExtensionCode/${id}`, `didLoadExtensionCode/${id}`);
const activating = (id: string): number => between(`willActivateExtension/${id}`, `didActivateExtension/${id}`);

/** Where the host keeps its marks, by name and in milliseconds; a global, but of no published interface. */
interface MarkingHost {
  readonly MonacoPerformanceMarks?: { getMarks(): readonly { readonly name: string; readonly startTime: number }[] };
}

/** Milliseconds between two marks of the extension host. */
function between(start: string, end: string): number {
  const marks = (globalThis as MarkingHost).MonacoPerformanceMarks?.getMarks() ?? [];
  const [from, to] = [start, end].map((name) => marks.find((mark) => mark.name === `code/extHost/${name}`)?.startTime);
  assert.ok(from !== undefined && to !== undefined, `the extension host marks ${start} and ${end}`);
  return to - from;
}

/**
 * The host sets its marks where it takes the times that *Developer: Show Running Extensions* shows, both by `Date.now()`,
 * in whole milliseconds. Meanwhile that clock gives fractions as well.
 */
async function withFineClock<T>(work: () => Promise<T>): Promise<T> {
  const { now } = Date;
  Date.now = () => performance.timeOrigin + performance.now();
  return work().finally(() => (Date.now = now));
}
