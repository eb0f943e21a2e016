import type vscode = require('vscode');
import type { Clock } from '../cloudflare';
import type { Directory, DirectoryProvider, DirectoryResource } from '../directory';
import type { Scope, SmallDirectories } from '../lookup';
import type { ScimKind } from '../matching';
import type { RateLimitWait } from '../ui';
import type { SearchHistory } from './history';

/** What can be done with a found user or group. */
export interface FoundActions {
  readonly open: (resource: DirectoryResource) => Promise<void>;
  readonly copyId: (resource: DirectoryResource) => Promise<void>;
  /** Undefined where no editor was active when the search opened. */
  readonly insertId: ((resource: DirectoryResource) => Promise<void>) | undefined;
  /** Shows the row in the tree. */
  readonly reveal: (resource: DirectoryResource) => Promise<void>;
  /** Loads all users, or all groups, of identity providers. */
  readonly loadAll: (providers: readonly DirectoryProvider[], kind: ScimKind) => Promise<void>;
}

export interface SearchPrompt {
  readonly title: string;
  readonly initialText: string;
  readonly scope?: Scope;
  readonly actions: FoundActions;
  /** What Enter does with the selected user or group. */
  readonly onEnter: (resource: DirectoryResource) => Promise<void>;
}

export interface SearchServices {
  readonly directory: Directory;
  readonly wait: Pick<RateLimitWait, 'words' | 'onDidChange'>;
  readonly history: SearchHistory;
  readonly small: SmallDirectories;
  readonly window: Pick<typeof vscode.window, 'createQuickPick'>;
  readonly clock: Clock;
}
