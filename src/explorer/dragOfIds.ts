import vscode = require('vscode');
import { DirectoryAccount, DirectoryProvider, DirectoryResource } from '../directory';
import type { Row } from './rows';

/** Dragging rows into an editor inserts their ids as plain text, one a line. Nothing can be dropped on the tree. */
export const dragOfIds: vscode.TreeDragAndDropController<Row> = {
  dragMimeTypes: ['text/plain'],
  dropMimeTypes: [],
  handleDrag(rows, data) {
    const ids = rows.flatMap((row) => idOf(row) ?? []);
    if (ids.length > 0) {
      data.set('text/plain', new vscode.DataTransferItem(ids.join('\n')));
    }
  },
};

function idOf(row: Row): string | undefined {
  if (row instanceof DirectoryAccount) {
    return row.id;
  }
  if (row instanceof DirectoryProvider) {
    return row.identityProvider.id;
  }
  return row instanceof DirectoryResource ? row.data.id : undefined;
}
