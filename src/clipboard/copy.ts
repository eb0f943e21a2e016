import vscode = require('vscode');
import { type Directory, DirectoryUser, primaryEmail, userName } from '../directory';
import { shownName, unseenIn } from '../text';
import {
  chosenProviders,
  confirm,
  ExplainedError,
  knownUser,
  registerCommand,
  type Selection,
  targetUser,
  type UserTarget,
  userTargets,
} from '../ui';

/** A kind of value that can be copied: how it is read from a user, and its name. */
interface Copyable {
  readonly command: string;
  readonly value: (target: UserTarget, directory: Directory) => Promise<string | undefined>;
  /** The status message; `whose` is a user's name or a number of users. */
  readonly copied: (whose: string) => string;
  readonly missing: () => string;
}

const userId: Copyable = {
  command: 'scimExplorer.copyId',
  value: (target) => Promise.resolve(target instanceof DirectoryUser ? target.user.id : target.userId),
  copied: (whose) => vscode.l10n.t('Copied user ID (cf_resource_id) of {0}', whose),
  missing: () => vscode.l10n.t('Cloudflare lists this user without an ID, so there is nothing to copy.'),
};

const copyables: readonly Copyable[] = [
  userId,
  {
    command: 'scimExplorer.copyEmail',
    value: async (target, directory) => primaryEmail(await targetUser(target, directory)),
    copied: (whose) => vscode.l10n.t('Copied email of {0}', whose),
    missing: () =>
      vscode.l10n.t(
        'No email of this user can be read, so there is nothing to copy. Open the user to see what Cloudflare sent.',
      ),
  },
  {
    command: 'scimExplorer.copyExternalId',
    value: async (target, directory) => (await targetUser(target, directory)).externalId,
    copied: (whose) => vscode.l10n.t('Copied external ID (idp_resource_id) of {0}', whose),
    missing: () =>
      vscode.l10n.t(
        'No external ID of this user can be read, so there is nothing to copy. Open the user to see what Cloudflare sent.',
      ),
  },
];

/** *Copy User ID*, *Copy Email*, *Copy External ID* and *Copy Identity Provider ID*: one value a line for several rows. */
export function registerCopy(directory: Directory, selection: Selection): vscode.Disposable {
  return vscode.Disposable.from(
    ...copyables.map((copyable) =>
      registerCommand(copyable.command, (...args) => copyOf(copyable, userTargets(args, selection), directory)),
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

/** Copies the id of one user. */
export function copyUserId(user: DirectoryUser, directory: Directory): Promise<void> {
  return copyOf(userId, [user], directory);
}

async function copyOf(copyable: Copyable, targets: readonly UserTarget[], directory: Directory): Promise<void> {
  const found = await Promise.all(targets.map((target) => copyable.value(target, directory)));
  const values = found.flatMap((value) => value ?? []);
  if (values.length === 0) {
    throw new ExplainedError(copyable.missing());
  }
  const [only] = targets;
  const user = only && targets.length === 1 ? knownUser(only, directory) : undefined;
  const name = user && userName(user);
  let whose = vscode.l10n.t('{0} users', values.length);
  if (targets.length === 1) {
    whose = name === undefined ? vscode.l10n.t('a user') : shownName(name, 60);
  }
  let words = copyable.copied(whose);
  if (values.length < targets.length) {
    words = vscode.l10n.t('{0} ({1} users had none)', words, targets.length - values.length);
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
