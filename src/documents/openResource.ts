import vscode = require('vscode');
import type { ScimResource } from '../cloudflare';
import { type Directory, type FoundResource, resourceName, scimKindOf, type ScimReference } from '../directory';
import {
  documentTitle,
  idOf,
  knownResource,
  scimUri,
  registerCommand,
  resourceTargets,
  type Selection,
  targetReference,
} from '../ui';
import type { ResourceDocuments } from './resourceDocuments';

/** Shows the document of a user or group in a tab with its name as the title. The URI contains ids only. */
export async function showResource(
  documents: ResourceDocuments,
  reference: ScimReference,
  data: ScimResource | undefined,
  rawText?: string,
): Promise<void> {
  const name = (data && resourceName(data)) ?? idOf(reference) ?? '';
  await documents.open(scimUri(reference), documentTitle(name), rawText);
}

/** *Open User* and *Open Group*. */
export function registerOpenResource(
  directory: Directory,
  documents: ResourceDocuments,
  selection: Selection,
): vscode.Disposable {
  /** Loads a user or group for the tab's title. An error is shown in the document. */
  const fetch = async (reference: ScimReference): Promise<Partial<FoundResource>> => {
    try {
      return await directory.fetchResource(reference);
    } catch {
      return {};
    }
  };
  const open = async (...args: unknown[]) => {
    for (const target of resourceTargets(args, selection)) {
      const reference = targetReference(target);
      const known = knownResource(target, directory);
      const title =
        scimKindOf(reference) === 'group' ? vscode.l10n.t('Loading group…') : vscode.l10n.t('Loading user…');
      const progress = { location: vscode.ProgressLocation.Window, title };
      const { data, rawText } = known
        ? { data: known }
        : await vscode.window.withProgress(progress, () => fetch(reference));
      await showResource(documents, reference, data, rawText);
    }
  };
  return vscode.Disposable.from(
    registerCommand('scimExplorer.openUser', open),
    registerCommand('scimExplorer.openGroup', open),
  );
}
