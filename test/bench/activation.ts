// What it costs to activate the extension, by the extension host's own clock.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { extensionId } from './ours';
import { peerExtensions, variables } from './sample.mts';

/** Each extension with the command that activates it, as a person's first use would. */
const activatingCommands: readonly (readonly [id: string, command: string])[] = [
  [extensionId, 'scimExplorer.refresh'],
  ...[peerExtensions.empty, peerExtensions.sdk].map((id) => [id, `${id}.activate`] as const),
];

let measured: Promise<ReadonlyMap<string, number>> | undefined;

/** Milliseconds of loading the code and calling `activate`: ours, and a peer's in the same host. */
export async function activation(peer: string): Promise<{ value: number; peerValue: number }> {
  measured ??= activateAll();
  const times = await measured;
  return { value: times.get(extensionId) ?? NaN, peerValue: times.get(peer) ?? NaN };
}

/** Activates the extensions, each round another one first. @returns Milliseconds by extension. */
async function activateAll(): Promise<ReadonlyMap<string, number>> {
  const first = Number(process.env[variables.round]) % activatingCommands.length;
  const inTurn = [...activatingCommands.slice(first), ...activatingCommands.slice(0, first)];
  await withFineClock(async () => {
    for (const [id, command] of inTurn) await activate(id, command);
  });
  return new Map(inTurn.map(([id]) => [id, loading(id) + activating(id)]));
}

async function activate(id: string, command: string): Promise<void> {
  assert.equal(vscode.extensions.getExtension(id)?.isActive, false, `${id} is there, and not active yet`);
  // The peers contribute a command to be activated by, and register none.
  await vscode.commands.executeCommand(command).then(undefined, () => undefined);
  assert.equal(vscode.extensions.getExtension(id)?.isActive, true, `${command} activates ${id}`);
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
 * in whole milliseconds; an empty extension takes none. Meanwhile that clock gives fractions as well.
 */
async function withFineClock(work: () => Promise<void>): Promise<void> {
  const { now } = Date;
  Date.now = () => performance.timeOrigin + performance.now();
  await work().finally(() => (Date.now = now));
}
