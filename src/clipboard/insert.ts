import vscode = require('vscode');
import { type Directory, type DirectoryResource, documentScheme, resourceName } from '../directory';
import { shownName } from '../text';
import {
  confirm,
  ExplainedError,
  idOf,
  knownResource,
  registerCommand,
  type ResourceTarget,
  resourceTargets,
  type Selection,
  targetKind,
  targetReference,
} from '../ui';
import { withWarning } from './copy';

/**
 * The place for an inserted id: the document and the selections of the editor that was active when the search opened. Not the editor itself,
 * which may be closed by then.
 */
interface InsertionPlace {
  readonly uri: vscode.Uri;
  readonly viewColumn: vscode.ViewColumn | undefined;
  readonly selections: readonly vscode.Selection[];
}

/** The document and selections of the active editor; undefined if there is none that can be written to. */
function insertionPlace(): InsertionPlace | undefined {
  const editor = vscode.window.activeTextEditor;
  // A focused output panel counts as the active editor, and an edit of a read-only document of this extension would succeed.
  const isText = editor && ![documentScheme, 'output'].includes(editor.document.uri.scheme);
  return isText
    ? { uri: editor.document.uri, viewColumn: editor.viewColumn, selections: editor.selections }
    : undefined;
}

/** Replaces every selection by the id of a user or group, as plain text, in one undo step. */
async function insertIdAt(place: InsertionPlace, target: ResourceTarget, directory: Directory): Promise<void> {
  const id = idOf(targetReference(target)) ?? '';
  const { uri, viewColumn } = place;
  // The same file may be open in several columns with different selections.
  const visible = vscode.window.visibleTextEditors.find(
    (editor) => editor.document.uri.toString() === uri.toString() && editor.viewColumn === viewColumn,
  );
  const editor = visible ?? (await vscode.window.showTextDocument(uri, viewColumn === undefined ? {} : { viewColumn }));
  const selections = visible ? visible.selections : place.selections;
  const isDone = await editor.edit((edit) => selections.forEach((selection) => edit.replace(selection, id)));
  if (!isDone) {
    throw new ExplainedError(
      vscode.l10n.t(
        'The ID could not be inserted: the editor is read-only, or changed meanwhile. Copy the ID instead.',
      ),
    );
  }
  const resource = knownResource(target, directory);
  const whose = shownName((resource && resourceName(resource)) ?? id, 60);
  const inserted =
    targetKind(target) === 'group'
      ? vscode.l10n.t('Inserted SCIM group ID (cf_resource_id) of {0}', whose)
      : vscode.l10n.t('Inserted user ID (cf_resource_id) of {0}', whose);
  const words = selections.length === 1 ? inserted : vscode.l10n.t('{0} at {1} cursors', inserted, selections.length);
  confirm(withWarning(words, [id]));
}

/** Inserts an id at the selections of the active editor; undefined if there is none that can be written to. */
export function insertIdHere(directory: Directory): ((resource: DirectoryResource) => Promise<void>) | undefined {
  const place = insertionPlace();
  return place && ((resource) => insertIdAt(place, resource, directory));
}

/** *Insert ID at Cursor* of the row of a user or group. */
export function registerInsertAtCursor(directory: Directory, selection: Selection): vscode.Disposable {
  return registerCommand('scimExplorer.insertIdAtCursor', async (...args) => {
    const [target] = resourceTargets(args, selection);
    const place = insertionPlace();
    if (place === undefined) {
      throw new ExplainedError(vscode.l10n.t('Open a file that can be edited, then run the command again.'));
    }
    await (target && insertIdAt(place, target, directory));
  });
}
