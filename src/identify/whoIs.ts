import vscode = require('vscode');
import { type Directory, DirectoryProvider } from '../directory';
import { wordAt } from '../ids';
import { type Asked, askFor, type Known, knownBy } from '../lookup';
import { notification, quickInputTitle, quickPickDetail, quickPickLabel, shownName } from '../text';
import { explainInOne, notifyOfError } from '../ui';
import { described } from './described';

/** Maximum UTF-16 units of a text that is asked for: an email has at most 254 bytes, an id 256 characters. */
const maxLength = 300;

/**
 * *Who Is This?*: the users, groups and identity providers that have the id or email at the cursor, the selected one, or the one that the user
 * types. Asks Cloudflare for what is not loaded.
 */
export async function whoIs(directory: Directory): Promise<void> {
  if ((await directory.ensureAccounts()).length === 0) {
    await vscode.commands.executeCommand('scimExplorer.connect');
    return;
  }
  const inEditor = textInEditor();
  // Another selected text may be a secret: it is sent only once the user has seen and confirmed it.
  const text = inEditor?.isId ? inEditor.text : await typedText(inEditor?.text ?? '');
  if (text === undefined) {
    return;
  }
  const shown = shownName(text);
  const answer = await asked(text, directory);
  if (answer === undefined) {
    return;
  }
  const { found, errors } = answer;
  const all = withoutDoubles([...knownBy(text, directory), ...found]);
  const [error] = errors;
  if (all.length === 0 && error !== undefined) {
    notifyOfError(error);
    return;
  }
  if (all.length === 0) {
    const words = vscode.l10n.t(
      'No SCIM user, group or identity provider of the connected accounts has {0}. Cloudflare lists a user after the first sync or sign-in, and no longer once it was deleted.',
      shown,
    );
    await vscode.window.showInformationMessage(notification(words));
    return;
  }
  const placeHolder = error === undefined ? vscode.l10n.t('Press Enter to open') : explainInOne(error);
  const title = quickInputTitle(vscode.l10n.t('Who Is {0}?', shown));
  const chosen = await vscode.window.showQuickPick(all.map(itemOf), {
    title,
    placeHolder: quickInputTitle(placeHolder),
  });
  await (chosen && open(chosen.known));
}

/** The id or email that is selected, else the one at the cursor; of another selection the text, which the user has to confirm. */
function textInEditor(): { readonly text: string; readonly isId: boolean } | undefined {
  const { document, selection } = vscode.window.activeTextEditor ?? {};
  if (!document || !selection) {
    return undefined;
  }
  const selected = document.getText(selection).trim();
  if (selected !== '') {
    return { text: selected.slice(0, maxLength), isId: wordAt(selected, 0)?.text === selected };
  }
  const word = wordAt(document.lineAt(selection.active.line).text, selection.active.character);
  return word && { text: word.text, isId: true };
}

async function typedText(value: string): Promise<string | undefined> {
  const typed = await vscode.window.showInputBox({
    title: vscode.l10n.t('Who Is This?'),
    prompt: vscode.l10n.t('An email, the ID of a SCIM user, group or identity provider, or an external ID'),
    value,
    ignoreFocusOut: true,
    validateInput: (text) =>
      text.length > maxLength ? vscode.l10n.t('An email or ID has at most {0} characters.', maxLength) : undefined,
  });
  const text = typed?.trim();
  return text === '' ? undefined : text;
}

/** Undefined if the user cancels. */
async function asked(text: string, directory: Directory): Promise<Asked | undefined> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t('Asking Cloudflare for {0}…', shownName(text)),
    cancellable: true,
  };
  return vscode.window.withProgress(options, async (_, cancellation) => {
    const abort = new AbortController();
    cancellation.onCancellationRequested(() => abort.abort());
    try {
      return await askFor(text, directory, abort.signal);
    } catch (error) {
      if (abort.signal.aborted) {
        return undefined;
      }
      throw error;
    }
  });
}

/** What is loaded comes first. */
function withoutDoubles(all: readonly Known[]): Known[] {
  const keyOf = (known: Known) => (known instanceof DirectoryProvider ? known : known.path);
  return [...new Map(all.toReversed().map((known) => [keyOf(known), known])).values()].reverse();
}

function itemOf(known: Known): vscode.QuickPickItem & { readonly known: Known } {
  const { name, kinds, details, account } = described(known);
  return {
    label: quickPickLabel(shownName(name)),
    description: quickPickDetail(kinds.join(' · ')),
    detail: quickPickDetail([...details, account].join(' · ')),
    known,
  };
}

async function open(known: Known): Promise<void> {
  if (known instanceof DirectoryProvider) {
    await vscode.commands.executeCommand('scimExplorer.openProvider', known.reference);
  } else if (known.reference) {
    await vscode.commands.executeCommand(
      known.kind === 'user' ? 'scimExplorer.openUser' : 'scimExplorer.openGroup',
      known,
    );
  }
}
