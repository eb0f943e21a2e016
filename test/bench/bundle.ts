// How large the file is that is loaded at activation.
import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { extensionId } from './ours';
import { peerExtensions } from './sample.mts';

/** Kilobytes (1,000 bytes) of the entry files. */
export function bundleKilobytes(): Promise<{ value: number; peerValue: number }> {
  return Promise.resolve({ value: kilobytes(extensionId), peerValue: kilobytes(peerExtensions.sdk) });
}

function kilobytes(id: string): number {
  const extension = vscode.extensions.getExtension(id);
  assert.ok(extension, `${id} is installed`);
  return statSync(join(extension.extensionPath, 'dist', 'extension.js')).size / 1_000;
}
