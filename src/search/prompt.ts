import type vscode = require('vscode');
import type { Clock } from '../cloudflare';
import type { Directory, DirectoryProvider, DirectoryUser } from '../directory';
import type { Scope, SmallDirectories } from '../lookup';
import type { RateLimitWait } from '../ui';
import type { SearchHistory } from './history';

/** What can be done with a found user. */
export interface UserActions {
  readonly open: (user: DirectoryUser) => Promise<void>;
  readonly copyId: (user: DirectoryUser) => Promise<void>;
  /** Undefined where no editor was active when the search opened. */
  readonly insertId: ((user: DirectoryUser) => Promise<void>) | undefined;
  /** Shows the row in the tree. */
  readonly reveal: (user: DirectoryUser) => Promise<void>;
  /** Whether the tree has the row. */
  readonly canReveal: (user: DirectoryUser) => boolean;
  /** Loads identity providers as a whole. */
  readonly loadAll: (providers: readonly DirectoryProvider[]) => Promise<void>;
}

export interface SearchPrompt {
  readonly title: string;
  readonly initialText: string;
  readonly scope?: Scope;
  readonly actions: UserActions;
  /** What Enter does with the selected user. */
  readonly onEnter: (user: DirectoryUser) => Promise<void>;
}

export interface SearchServices {
  readonly directory: Directory;
  readonly wait: Pick<RateLimitWait, 'words' | 'onDidChange'>;
  readonly history: SearchHistory;
  readonly small: SmallDirectories;
  readonly window: Pick<typeof vscode.window, 'createQuickPick'>;
  readonly clock: Clock;
}
