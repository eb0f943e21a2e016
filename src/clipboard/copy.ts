import * as vscode from 'vscode';
import type { ScimUser } from '../cloudflare/schemas';
import { registerCommand } from '../commands/commands';
import { identityProviderTargets, type Selection, targetUser, userReference, userTargets } from '../commands/targets';
import type { Directory } from '../directory/directory';
import { primaryEmail } from '../directory/display';
import { ExplainedError } from '../messages/explain';
import { confirm } from '../messages/notify';
import { invisibleCharacters } from '../text/untrusted';

/** A kind of value that can be copied: how it is read off a user, and what it is called. */
interface Copyable {
  readonly command: string;
  readonly value: (user: ScimUser) => string | undefined;
  readonly copied: (count: number) => string;
  readonly missing: () => string;
}

const copyables: readonly Copyable[] = [
  {
    command: 'scimExplorer.copyEmail',
    value: primaryEmail,
    copied: (count) => (count === 1 ? vscode.l10n.t('Copied the email') : vscode.l10n.t('Copied {0} emails', count)),
    missing: () => vscode.l10n.t('This user has no email, so there is nothing to copy.'),
  },
  {
    command: 'scimExplorer.copyExternalId',
    value: (user) => user.externalId,
    copied: (count) =>
      count === 1
        ? vscode.l10n.t("Copied the external ID (the identity provider's, idp_resource_id)")
        : vscode.l10n.t("Copied {0} external IDs (the identity provider's, idp_resource_id)", count),
    missing: () => vscode.l10n.t('This user has no external ID, so there is nothing to copy.'),
  },
];

/** *Copy User ID*, *Copy Email*, *Copy External ID* and *Copy Identity Provider ID*: several rows, one value a line. */
export function registerCopyCommands(directory: Directory, selection: Selection): vscode.Disposable {
  return vscode.Disposable.from(
    registerCommand('scimExplorer.copyId', async (...args) => {
      await copyUserIds(userTargets(args, selection).map((target) => userReference(target).userId));
    }),
    registerCommand('scimExplorer.copyProviderId', async (...args) => {
      const ids = identityProviderTargets(args, selection).map(({ identityProviderId }) => identityProviderId);
      await copy(
        ids,
        ids.length === 1
          ? vscode.l10n.t('Copied the identity provider ID')
          : vscode.l10n.t('Copied {0} identity provider IDs', ids.length),
      );
    }),
    ...copyables.map(({ command, value, copied, missing }) =>
      registerCommand(command, async (...args) => {
        const users = await Promise.all(userTargets(args, selection).map((target) => targetUser(target, directory)));
        const values = users.flatMap((user) => value(user) ?? []);
        if (values.length === 0) {
          throw new ExplainedError(missing());
        }
        const without = users.length - values.length;
        await copy(
          values,
          without === 0
            ? copied(values.length)
            : vscode.l10n.t('{0}; {1} users have none', copied(values.length), without),
        );
      }),
    ),
  );
}

export async function copyUserIds(ids: readonly string[]): Promise<void> {
  await copy(
    ids,
    ids.length === 1
      ? vscode.l10n.t("Copied the user ID (Cloudflare's, cf_resource_id)")
      : vscode.l10n.t("Copied {0} user IDs (Cloudflare's, cf_resource_id)", ids.length),
  );
}

async function copy(values: readonly string[], words: string): Promise<void> {
  await vscode.env.clipboard.writeText(values.join('\n'));
  confirm(withWarning(words, values));
}

/** What an eye does not see in a value is told of: it was copied as it is. */
export function withWarning(words: string, values: readonly string[]): string {
  const invisible = [...new Set(values.flatMap(invisibleCharacters))];
  if (invisible.length === 0) {
    return words;
  }
  return values.some((value) => /[\r\n\u2028\u2029]/.test(value))
    ? vscode.l10n.t('{0}. Careful: it holds a line break ({1})', words, invisible.join(', '))
    : vscode.l10n.t('{0}. Careful: it holds invisible characters ({1})', words, invisible.join(', '));
}
