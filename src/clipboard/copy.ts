import vscode = require('vscode');
import { type Directory, type DirectoryResource, primaryEmail, resourceName } from '../directory';
import { shownName, unseenIn } from '../text';
import {
  chosenProviders,
  confirm,
  countWords,
  ExplainedError,
  groupTargets,
  idOf,
  kindOfAll,
  knownResource,
  registerCommand,
  type ResourceTarget,
  resourceTargets,
  type Selection,
  targetResource,
  userTargets,
} from '../ui';

/** A kind of value that can be copied: how it is read from a user or group, and its name. */
interface Copyable {
  readonly command: string;
  readonly targets: (args: readonly unknown[], selection: Selection) => readonly ResourceTarget[];
  readonly value: (target: ResourceTarget, directory: Directory) => Promise<string | undefined>;
  /** The status message; `whose` is a name, or a number of users or groups. */
  readonly copied: (whose: string) => string;
  readonly missing: () => string;
}

const userId: Copyable = {
  command: 'scimExplorer.copyId',
  targets: userTargets,
  value: (target) => Promise.resolve(idOf(target)),
  copied: (whose) => vscode.l10n.t('Copied user ID (cf_resource_id) of {0}', whose),
  missing: () => vscode.l10n.t('Cloudflare lists this user without an ID, so there is nothing to copy.'),
};

const groupId: Copyable = {
  command: 'scimExplorer.copyGroupId',
  targets: groupTargets,
  value: (target) => Promise.resolve(idOf(target)),
  copied: (whose) => vscode.l10n.t('Copied SCIM group ID (cf_resource_id) of {0}', whose),
  missing: () => vscode.l10n.t('Cloudflare lists this group without an ID, so there is nothing to copy.'),
};

const copyables: readonly Copyable[] = [
  userId,
  groupId,
  {
    command: 'scimExplorer.copyEmail',
    targets: userTargets,
    value: async (target, directory) => primaryEmail(await targetResource(target, directory)),
    copied: (whose) => vscode.l10n.t('Copied email of {0}', whose),
    missing: () =>
      vscode.l10n.t(
        'No email of this user can be read, so there is nothing to copy. Open the user to see what Cloudflare sent.',
      ),
  },
  {
    command: 'scimExplorer.copyGroupName',
    targets: groupTargets,
    value: async (target, directory) => (await targetResource(target, directory)).displayName,
    copied: (whose) => vscode.l10n.t('Copied name of {0}', whose),
    missing: () =>
      vscode.l10n.t(
        'No name of this group can be read, so there is nothing to copy. Open the group to see what Cloudflare sent.',
      ),
  },
  {
    command: 'scimExplorer.copyExternalId',
    targets: resourceTargets,
    value: async (target, directory) => (await targetResource(target, directory)).externalId,
    copied: (whose) => vscode.l10n.t('Copied external ID (idp_resource_id) of {0}', whose),
    missing: () =>
      vscode.l10n.t(
        'No external ID can be read, so there is nothing to copy. Open the JSON to see what Cloudflare sent.',
      ),
  },
];

/** The commands that copy one value of users, groups or identity providers: one value a line for several rows. */
export function registerCopy(directory: Directory, selection: Selection): vscode.Disposable {
  return vscode.Disposable.from(
    ...copyables.map((copyable) =>
      registerCommand(copyable.command, (...args) => copyOf(copyable, copyable.targets(args, selection), directory)),
    ),
    registerCommand('scimExplorer.copyProviderId', async (...args) => {
      const question = vscode.l10n.t('Select the identity provider whose ID to copy');
      const references = await chosenProviders(args, selection, directory, question, false);
      const ids = references.map(({ identityProviderId }) => identityProviderId);
      if (ids.length === 0) {
        return;
      }
      await copy(
        ids,
        ids.length === 1
          ? vscode.l10n.t('Copied the identity provider ID')
          : vscode.l10n.t('Copied {0} identity provider IDs', ids.length),
      );
    }),
  );
}

/** Copies the id of one user or group. */
export function copyResourceId(resource: DirectoryResource, directory: Directory): Promise<void> {
  return copyOf(resource.kind === 'group' ? groupId : userId, [resource], directory);
}

async function copyOf(copyable: Copyable, targets: readonly ResourceTarget[], directory: Directory): Promise<void> {
  const found = await Promise.all(targets.map((target) => copyable.value(target, directory)));
  const values = found.flatMap((value) => value ?? []);
  if (values.length === 0) {
    throw new ExplainedError(copyable.missing());
  }
  const [only] = targets;
  const kind = kindOfAll(targets);
  let whose = countWords(kind, values.length);
  if (only && targets.length === 1) {
    const resource = knownResource(only, directory);
    const name = resource && resourceName(resource);
    const unnamed = kind === 'group' ? vscode.l10n.t('a group') : vscode.l10n.t('a user');
    whose = name === undefined ? unnamed : shownName(name, 60);
  }
  let words = copyable.copied(whose);
  if (values.length < targets.length) {
    words = vscode.l10n.t('{0} ({1} had none)', words, targets.length - values.length);
  }
  await copy(values, words);
}

async function copy(values: readonly string[], words: string): Promise<void> {
  await vscode.env.clipboard.writeText(values.join('\n'));
  confirm(withWarning(words, values));
}

/** Maximum number of characters that a warning names. */
const mostNamed = 10;

/** Warns about invisible characters in a copied value. The value itself is copied unchanged. */
export function withWarning(words: string, values: readonly string[]): string {
  const { characters, hasLineBreak, isPartial } = unseenIn(values);
  const named = [...characters.slice(0, mostNamed), ...(characters.length > mostNamed ? ['…'] : [])].join(', ');
  if (characters.length > 0) {
    return hasLineBreak
      ? vscode.l10n.t('{0}. Warning: it contains a line break ({1})', words, named)
      : vscode.l10n.t('{0}. Warning: it contains invisible characters ({1})', words, named);
  }
  return isPartial
    ? vscode.l10n.t('{0}. Warning: it is long, and only its beginning was searched for invisible characters', words)
    : words;
}
