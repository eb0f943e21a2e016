// The extension under measurement, as it runs in this host.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Internals } from '../../src/extension';

export const extensionId = 'scim-explorer.cloudflare-scim-explorer';

/** The parts that the extension, already active, hands to tests. */
export function internals(): Internals {
  const parts = vscode.extensions.getExtension<Internals | undefined>(extensionId)?.exports;
  assert.ok(parts, 'the extension hands its parts to tests');
  return parts;
}
