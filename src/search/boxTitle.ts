import vscode = require('vscode');
import type { ScimKind } from '../matching';
import { quickInputPrompt, quickInputTitle } from '../text';
import { activeOnlyButton, scopeButton } from './buttons';
import { coverageWords } from './coverage';
import type { NewerQuickPick } from './newerQuickPick';
import type { SearchServices } from './prompt';
import type { Rows, SearchItem } from './rows';
import type { UserSearch } from './userSearch';

/** The actions of the title's buttons. */
interface TitleActions {
  readonly toggleActiveOnly: () => void;
  readonly pickScope: () => void;
}

/** Title, prompt and buttons of the search box: scope, filter, how much is loaded, and the wait for Cloudflare's rate limit. */
export class BoxTitle {
  /** The state for which the buttons were made: new ones would take the focus from them. */
  private buttonsFor = '';
  private notice: string | undefined;
  private kind: ScimKind = 'user';

  constructor(
    private readonly pick: vscode.QuickPick<SearchItem> & NewerQuickPick,
    private readonly rows: Rows,
    private readonly search: UserSearch,
    private readonly wait: SearchServices['wait'],
    private readonly title: string,
    private readonly actions: TitleActions,
  ) {}

  /** Says how much is loaded of what is searched now. */
  follow(kind: ScimKind): void {
    if (kind !== this.kind) {
      this.update();
    }
  }

  /** Explains why Enter did nothing, or what it does later; undefined ends that. */
  say(notice: string | undefined): void {
    if (notice !== this.notice) {
      this.notice = notice;
      this.update();
    }
  }

  update(): void {
    const { pick, search } = this;
    const scope = this.rows.scopeName(search.scope);
    const { kind, providers } = search.covered(pick.value);
    this.kind = kind;
    const loaded = providers.filter((provider) => provider.list(kind).coverage.count > 0);
    const covered = coverageWords(this.rows, { kind, providers: loaded });
    const hasPrompt = 'prompt' in pick;
    const parts = [
      this.title,
      kind === 'group' ? vscode.l10n.t('groups') : undefined,
      scope && vscode.l10n.t('only {0}', scope),
      search.isActiveOnly ? vscode.l10n.t('active users only') : undefined,
      this.wait.words,
      this.notice,
      hasPrompt ? undefined : covered,
    ];
    pick.title = quickInputTitle(parts.filter(Boolean).join(' · '));
    if (hasPrompt) {
      pick.prompt = covered === '' ? undefined : quickInputPrompt(vscode.l10n.t('Loaded: {0}', covered));
    }
    pick.placeholder = vscode.l10n.t('Any part of a name, email, external ID or user ID; or a whole username');
    const state = `${search.isActiveOnly} ${scope !== undefined}`;
    if (state !== this.buttonsFor) {
      this.buttonsFor = state;
      pick.buttons = [
        activeOnlyButton(search.isActiveOnly, this.actions.toggleActiveOnly),
        scopeButton(scope !== undefined, this.actions.pickScope),
      ];
    }
  }
}
