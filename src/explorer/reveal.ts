import vscode = require('vscode');
import { type Directory, DirectoryResource } from '../directory';
import { ExplainedError, registerCommand, targetKind, targetReference, targetResource, toResourceTarget } from '../ui';

/** *Reveal*: selects the row of a user or group that its ids name. */
export function registerReveal(
  directory: Directory,
  reveal: (resource: DirectoryResource) => Promise<void>,
): vscode.Disposable {
  return registerCommand('scimExplorer.reveal', async (argument) => {
    const target = toResourceTarget(argument);
    if (target === undefined) {
      throw new ExplainedError(vscode.l10n.t('Reveal works on a SCIM user or group.'));
    }
    const data = await targetResource(target, directory);
    const provider = await directory.provider(targetReference(target));
    await (provider && reveal(new DirectoryResource(provider, targetKind(target), data)));
  });
}
