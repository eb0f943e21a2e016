import { posix } from 'node:path';
import vscode = require('vscode');
import { type Directory, type DirectoryProvider, isWholeList } from '../directory';
import type { Entry, FormatName } from '../formats';
import type { ScimKind } from '../matching';
import { modal, notification, shownName } from '../text';
import {
  chosenProviders,
  countWords,
  ExplainedError,
  kindOfAll,
  resourceText,
  selectedResources,
  type Selection,
  targetReference,
} from '../ui';
import { proposedPlace, repositoryOf } from './place';
import { entriesOf, textsOf } from './texts';
import { isStreamed, writeWhole } from './write';

export interface ExportOptions {
  readonly directory: Directory;
  readonly selection: Selection;
  /** Loads all users, or all groups, of identity providers, with progress. */
  readonly loadAll: (providers: readonly DirectoryProvider[], kind: ScimKind) => Promise<void>;
}

/** What is written. */
interface Content {
  readonly kind: ScimKind;
  readonly count: number;
  readonly entries: Iterable<Entry>;
  /** Part of the suggested file name. */
  readonly name: string;
}

/** *Export…* of users and groups that are selected, or of all users or groups of identity providers. */
export async function exportResources(options: ExportOptions, args: readonly unknown[]): Promise<void> {
  const content = (await selectedContent(options, args)) ?? (await listContent(options, args));
  const format = content && (await chooseFormat(content));
  const target = format && (await choosePlace(content, format));
  if (target) {
    await write(content, format, target);
  }
}

/** The rows that the command was called on. From the palette, one selected row is more likely an older selection than what is meant. */
async function selectedContent(
  { directory, selection }: ExportOptions,
  args: readonly unknown[],
): Promise<Content | undefined> {
  const targets = selectedResources(args, selection);
  if (targets.length < (args[0] === undefined ? 2 : 1)) {
    return undefined;
  }
  const entries = await Promise.all(
    targets.map(async (target): Promise<Entry> => {
      const provider = await directory.provider(targetReference(target));
      if (provider === undefined) {
        throw new ExplainedError(vscode.l10n.t('This identity provider is no longer there. Refresh the view.'));
      }
      return { provider, ...(await resourceText(target, directory)) };
    }),
  );
  return {
    kind: kindOfAll(targets),
    count: entries.length,
    entries,
    name: 'selection',
  };
}

async function listContent(
  { directory, selection, loadAll }: ExportOptions,
  args: readonly unknown[],
): Promise<Content | undefined> {
  // The folder Groups of the view.
  const kind = (args[0] as { readonly kind?: unknown } | undefined)?.kind === 'group' ? 'group' : 'user';
  const question = vscode.l10n.t('Select the identity provider whose users to export');
  const references = await chosenProviders(args, selection, directory, question, true);
  const found = await Promise.all(references.map((reference) => directory.provider(reference)));
  const providers = found.flatMap((provider) => (provider?.identityProvider.scimEnabled ? [provider] : []));
  if (providers.length === 0 && references.length > 0) {
    throw new ExplainedError(
      vscode.l10n.t('This identity provider has no SCIM, so it has nothing to export. Select one with SCIM.'),
    );
  }
  const isWanted = providers.length > 0 && (await isLoadedAsWanted(providers, kind, loadAll));
  const lists = providers.map((provider) => ({ provider, list: provider.list(kind) }));
  const count = lists.reduce((sum, { list }) => sum + list.coverage.count, 0);
  const [only] = providers;
  return isWanted
    ? {
        kind,
        count,
        entries: entriesOf(providers, kind),
        name: only && providers.length === 1 ? only.name : 'identity-providers',
      }
    : undefined;
}

/** Says how much is loaded and offers to load all. False if the user wants neither, or if loading all did not succeed. */
async function isLoadedAsWanted(
  providers: readonly DirectoryProvider[],
  kind: ScimKind,
  loadAll: ExportOptions['loadAll'],
): Promise<boolean> {
  const partial = () => providers.filter((provider) => !isWholeList(provider.list(kind).coverage));
  if (partial().length === 0) {
    return true;
  }
  const coverages = providers.map((provider) => provider.list(kind).coverage);
  const count = coverages.reduce((sum, coverage) => sum + coverage.count, 0);
  const total = coverages.every((coverage) => coverage.total !== undefined)
    ? countWords(
        kind,
        coverages.reduce((sum, coverage) => sum + (coverage.total ?? 0), 0),
      )
    : undefined;
  const all = {
    label: vscode.l10n.t('Load All, Then Export'),
    description: total,
    detail: vscode.l10n.t('Reads the rest from Cloudflare first, 100 a request.'),
  };
  const loaded = { label: vscode.l10n.t('Export What Is Loaded'), description: countWords(kind, count) };
  const placeHolder =
    total === undefined
      ? vscode.l10n.t('{0} are loaded', countWords(kind, count))
      : vscode.l10n.t('{0} of {1} are loaded', count.toLocaleString('en'), total);
  const chosen = await vscode.window.showQuickPick([all, ...(count > 0 ? [loaded] : [])], { placeHolder });
  if (chosen === all) {
    await loadAll(partial(), kind);
    const rest = partial();
    // A list that changes while it is read can only be exported as it is.
    const isReadToTheEnd = rest.every((provider) => provider.list(kind).coverage.state === 'uncertain');
    return rest.length === 0 || (isReadToTheEnd && isLoadedAsWanted(providers, kind, loadAll));
  }
  return chosen === loaded;
}

async function chooseFormat({ count, kind }: Content): Promise<FormatName | undefined> {
  const items: readonly (vscode.QuickPickItem & { readonly format: FormatName })[] = [
    { format: 'csv', label: 'CSV', detail: vscode.l10n.t('For spreadsheets: names, emails, IDs and states') },
    { format: 'json', label: 'JSON', detail: vscode.l10n.t('An array with everything that Cloudflare sent') },
    { format: 'ndjson', label: 'NDJSON', detail: vscode.l10n.t('For scripts: the same, one object a line') },
  ];
  const placeHolder = vscode.l10n.t('Select the format of {0}', countWords(kind, count));
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.format;
}

async function choosePlace({ kind, count, name }: Content, format: FormatName): Promise<vscode.Uri | undefined> {
  const list = kind === 'user' ? 'users' : 'groups';
  const target = await vscode.window.showSaveDialog({
    defaultUri: proposedPlace(`${fileNameOf(name)}-${list}-${new Date().toISOString().slice(0, 10)}.${format}`),
    filters: { [format.toUpperCase()]: [format] },
    title: vscode.l10n.t('Export {0}', countWords(kind, count)),
  });
  const repository = target && (await repositoryOf(target));
  if (repository === undefined) {
    return target;
  }
  const anyway = vscode.l10n.t('Export Anyway');
  const words = vscode.l10n.t(
    'This file would be in the Git repository {0}.',
    shownName(posix.basename(repository.path)),
  );
  const detail = vscode.l10n.t('It has personal data of {0}. A commit would publish it.', countWords(kind, count));
  const chosen = await vscode.window.showWarningMessage(modal(words), { modal: true, detail }, anyway);
  return chosen === anyway ? target : undefined;
}

/** A name for a file, without characters that file systems refuse. */
function fileNameOf(name: string): string {
  const words = name.toLowerCase().match(/[a-z0-9]+/g) ?? ['scim'];
  return words.join('-').slice(0, 40);
}

async function write(content: Content, format: FormatName, target: vscode.Uri): Promise<void> {
  const { kind, count } = content;
  const words = countWords(kind, count);
  const title = isStreamed(target)
    ? vscode.l10n.t('Exporting {0}', words)
    : vscode.l10n.t('Exporting {0}. The file is kept in memory until it is complete', words);
  let changed = 0;
  const isDone = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, cancellable: true, title: notification(title) },
    async (progress, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      const texts = textsOf(content.entries, format, (part) => {
        changed += part.changed;
        progress.report({ increment: (part.count / Math.max(1, count)) * 100 });
      });
      try {
        await writeWhole(target, texts, abort.signal);
        return true;
      } catch (error) {
        if (abort.signal.aborted) {
          return false;
        }
        throw new ExplainedError(vscode.l10n.t('Nothing was exported. {0}', reasonOf(error)));
      }
    },
  );
  if (isDone) {
    const done = vscode.l10n.t('Exported {0} to {1}.', words, shownName(posix.basename(target.path)));
    void vscode.window.showInformationMessage(notification([done, changedWords(changed)].filter(Boolean).join(' ')));
  }
}

function changedWords(changed: number): string {
  if (changed === 0) {
    return '';
  }
  return changed === 1
    ? vscode.l10n.t('1 cell that a spreadsheet would take for a formula has an apostrophe before it.')
    : vscode.l10n.t(
        '{0} cells that a spreadsheet would take for formulas have an apostrophe before them.',
        changed.toLocaleString('en'),
      );
}

function reasonOf(error: unknown): string {
  if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
    return vscode.l10n.t(
      'The file with the ending ".partial" exists: another export may be writing it. Delete it, or choose another name.',
    );
  }
  const { message } = error as { readonly message?: unknown };
  return vscode.l10n.t('The file could not be written: {0} Choose another place.', String(message ?? error));
}
